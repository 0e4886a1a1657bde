import type { Canvas } from './canvas.js';

export interface Stroke {
  /** Pixels. */
  readonly width: number;
  readonly round: boolean;
  /** Lengths of dashes and gaps in turn, in pixels. */
  readonly dash?: readonly number[] | undefined;
  /** Called when some pieces more are there, to be filled. */
  readonly piece?: (() => void) | undefined;
}

/** Points of a line, x and y in turn, in pixels. */
export interface Polyline {
  readonly points: number[];
  readonly closed: boolean;
}

/** The edges of a line of some width: along its one side and back along the other, bevelled where it turns. */
export function strokeEdges(canvas: Canvas, line: Polyline, stroke: Stroke): void {
  if (stroke.dash && stroke.dash.some((length) => length > 0)) {
    for (const points of dashes(closing(line), stroke.dash)) pieces(canvas, { points, closed: false }, { ...stroke, round: false });
  } else pieces(canvas, line, stroke);
}

function closing({ points, closed }: Polyline): readonly number[] {
  return closed ? [...points, points[0]!, points[1]!] : points;
}

/** So many points make a piece. */
const piecePoints = 16;

function pieces(canvas: Canvas, line: Polyline, { width, round, piece }: Stroke): void {
  const points = closing(line);
  const half = width / 2;
  const n = points.length / 2;
  // Half the width, across the last part that was drawn; while its end is open, the next part can go on from its two corners.
  let [lastX, lastY] = [0, 0];
  let open = false;
  for (let i = 0; i < n; i++) {
    const [x0, y0] = [points[2 * i]!, points[2 * i + 1]!];
    const isEnd = !line.closed && (i === 0 || i === n - 1);
    const [x1, y1] = i === n - 1 ? [x0, y0] : [points[2 * i + 2]!, points[2 * i + 3]!];
    const length = Math.sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2);
    const [nx, ny] = length === 0 ? [0, 0] : [(-(y1 - y0) / length) * half, ((x1 - x0) / length) * half];
    // Around a part that is shorter than half the width, the outline would turn inside out.
    if (open && length >= half) {
      canvas.edge(x0 - lastX, y0 - lastY, x0 - nx, y0 - ny);
      canvas.edge(x0 + nx, y0 + ny, x0 + lastX, y0 + lastY);
    } else {
      if (open) canvas.edge(x0 - lastX, y0 - lastY, x0 + lastX, y0 + lastY);
      if (round || !isEnd) joint(canvas, x0, y0, half);
      if (length > 0) canvas.edge(x0 + nx, y0 + ny, x0 - nx, y0 - ny);
    }
    open = false;
    if (length === 0) continue;
    canvas.edge(x0 - nx, y0 - ny, x1 - nx, y1 - ny);
    canvas.edge(x1 + nx, y1 + ny, x0 + nx, y0 + ny);
    const pieceEnds = i % piecePoints === piecePoints - 1;
    if (length >= half && !pieceEnds) {
      [lastX, lastY] = [nx, ny];
      open = true;
    } else canvas.edge(x1 - nx, y1 - ny, x1 + nx, y1 + ny);
    if (pieceEnds) piece?.();
  }
}

/** Four corners, which do for lines of a few pixels. It goes around as the rectangles do. */
function joint(canvas: Canvas, x: number, y: number, radius: number): void {
  canvas.edge(x + radius, y, x, y + radius);
  canvas.edge(x, y + radius, x - radius, y);
  canvas.edge(x - radius, y, x, y - radius);
  canvas.edge(x, y - radius, x + radius, y);
}

function dashes(points: readonly number[], pattern: readonly number[]): number[][] {
  const found: number[][] = [];
  let n = 0;
  let left = pattern[0]!;
  let drawn: number[] | undefined = [points[0]!, points[1]!];
  for (let i = 2; i < points.length; i += 2) {
    let [x, y] = [points[i - 2]!, points[i - 1]!];
    const [toX, toY] = [points[i]!, points[i + 1]!];
    for (let rest = Math.sqrt((toX - x) ** 2 + (toY - y) ** 2); rest > 0;) {
      const step = Math.min(rest, left);
      x += ((toX - x) * step) / rest;
      y += ((toY - y) * step) / rest;
      rest -= step;
      left -= step;
      drawn?.push(x, y);
      if (left > 0) continue;
      if (drawn) found.push(drawn);
      left = pattern[++n % pattern.length]!;
      drawn = n % 2 === 0 ? [x, y] : undefined;
    }
  }
  if (drawn && drawn.length > 2) found.push(drawn);
  return found;
}
