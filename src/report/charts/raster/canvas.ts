/** A white picture in memory, on which closed shapes are laid with smooth edges. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Row-major: a byte that is 0, then three bytes a pixel, as PNG has its rows. */
  readonly rows: Uint8Array;
  /** Adds one edge of the shape to come, in pixels. A shape's edges go once around it; parts that overlap must go around the same way. */
  edge(x0: number, y0: number, x1: number, y1: number): void;
  /** Fills the shape of the edges added since the last one: `color` is 0xrrggbb, `opacity` 0 to 1. */
  fill(color: number, opacity: number): void;
  /** Fills an upright rectangle: what `edge` and `fill` would do, in a fraction of the time. */
  rectangle(left: number, top: number, right: number, bottom: number, color: number, opacity: number): void;
  /** Fills what a mask covers, its first pixel at (left, top): row-major shares from 0 to 255. */
  stamp(mask: { readonly width: number; readonly height: number; readonly coverage: Uint8Array }, left: number, top: number, color: number): void;
}

/** Memory of canvases that are drawn one after the other: a new one takes over that of the last, with its picture. */
export interface CanvasMemory {
  rows: Uint8Array;
  /** All 0 between two shapes. */
  areas: Float32Array;
}

/**
 * Signed areas per pixel, added up along the rows: exact coverage of polygons without sorting edges, as the font-rs rasteriser
 * does it. Only additions, multiplications and divisions, so that every machine gives the same bytes.
 */
export function openCanvas(width: number, height: number, memory: CanvasMemory = { rows: new Uint8Array(0), areas: new Float32Array(0) }): Canvas {
  const rowBytes = 3 * width + 1;
  const stride = width + 2;
  if (memory.rows.length < rowBytes * height) memory.rows = new Uint8Array(rowBytes * height);
  if (memory.areas.length < stride * height) memory.areas = new Float32Array(stride * height);
  const rgb = memory.rows.subarray(0, rowBytes * height).fill(255);
  for (let row = 0; row < height; row++) rgb[row * rowBytes] = 0;
  const { areas } = memory;
  // Pixels of each row that the shape has touched.
  const from = new Int32Array(height).fill(stride);
  const to = new Int32Array(height).fill(-1);
  let top = height;
  let bottom = -1;
  return {
    width, height, rows: rgb,
    edge(x0, y0, x1, y1) {
      if (y0 === y1) return;
      const down = y0 < y1;
      const direction = down ? 1 : -1;
      const yEnd = Math.min(down ? y1 : y0, height);
      let y = down ? y0 : y1;
      let x = down ? x0 : x1;
      if (yEnd <= 0 || y >= height) return;
      const slope = (x1 - x0) / (y1 - y0);
      if (y < 0) {
        x -= y * slope;
        y = 0;
      }
      let row = Math.floor(y);
      if (row < top) top = row;
      for (; row < yEnd; row++) {
        const next = Math.min(row + 1, yEnd);
        const d = (next - y) * direction;
        const xNext = x + slope * (next - y);
        let left = x < xNext ? x : xNext;
        let right = x < xNext ? xNext : x;
        x = xNext;
        y = next;
        left = left < 0 ? 0 : left > width ? width : left;
        right = right < 0 ? 0 : right > width ? width : right;
        const first = Math.floor(left);
        const last = Math.ceil(right);
        const at = row * stride + first;
        if (first < from[row]!) from[row] = first;
        if (last <= first + 1) {
          const share = d * (0.5 * (left + right) - first);
          areas[at]! += d - share;
          areas[at + 1]! += share;
          if (first + 1 > to[row]!) to[row] = first + 1;
          continue;
        }
        if (last > to[row]!) to[row] = last;
        const s = 1 / (right - left);
        const inFirst = 1 - (left - first);
        const inLast = right - last + 1;
        const a0 = 0.5 * s * inFirst * inFirst;
        const am = 0.5 * s * inLast * inLast;
        const n = last - first;
        areas[at]! += d * a0;
        if (n === 2) areas[at + 1]! += d * (1 - a0 - am);
        else {
          const a1 = s * (0.5 + inFirst);
          areas[at + 1]! += d * (a1 - a0);
          for (let k = 2; k < n - 1; k++) areas[at + k]! += d * s;
          areas[at + n - 1]! += d * (1 - a1 - (n - 3) * s - am);
        }
        areas[at + n]! += d * am;
      }
      if (row - 1 > bottom) bottom = row - 1;
    },
    fill(color, opacity) {
      const [red, green, blue] = [color >> 16, (color >> 8) & 255, color & 255];
      for (let row = top; row <= bottom; row++) {
        const last = to[row]!;
        let sum = 0;
        const end = row * stride + Math.min(last, width - 1);
        let pixel = row * rowBytes + 1 + 3 * from[row]!;
        for (let at = row * stride + from[row]!; at <= end; at++, pixel += 3) {
          sum += areas[at]!;
          areas[at] = 0;
          const size = sum < 0 ? -sum : sum;
          if (size < least) continue;
          if (size > 1 - least && opacity === 1) {
            rgb[pixel] = red;
            rgb[pixel + 1] = green;
            rgb[pixel + 2] = blue;
          } else blend(rgb, pixel, red, green, blue, (size > 1 ? 1 : size) * opacity);
        }
        areas.fill(0, end + 1, row * stride + last + 1);
        from[row] = stride;
        to[row] = -1;
      }
      top = height;
      bottom = -1;
    },
    rectangle(left, upper, right, lower, color, opacity) {
      const [red, green, blue] = [color >> 16, (color >> 8) & 255, color & 255];
      // Pixels that lie in it as a whole are copied from row to row; those at its sides are blended.
      const [inner, outer] = [Math.max(0, Math.ceil(left)), Math.min(width, Math.floor(right))];
      let whole = -1;
      for (let row = Math.max(0, Math.floor(upper)); row < Math.min(height, lower); row++) {
        const high = (Math.min(row + 1, lower) - Math.max(row, upper)) * opacity;
        const at = row * rowBytes + 1;
        const isWhole = high === 1 && inner < outer;
        if (isWhole && whole >= 0) rgb.copyWithin(at + 3 * inner, whole + 3 * inner, whole + 3 * outer);
        for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, right); x++) {
          if (isWhole && whole >= 0 && x === inner) x = outer;
          const wide = Math.min(x + 1, right) - Math.max(x, left);
          if (wide > 0 && x < width) blend(rgb, at + 3 * x, red, green, blue, high * wide);
        }
        if (isWhole) whole = at;
      }
    },
    stamp(mask, left, upper, color) {
      const [red, green, blue] = [color >> 16, (color >> 8) & 255, color & 255];
      for (let y = Math.max(0, -upper); y < Math.min(mask.height, height - upper); y++) {
        for (let x = Math.max(0, -left); x < Math.min(mask.width, width - left); x++) {
          const share = mask.coverage[y * mask.width + x]!;
          if (share > 0) blend(rgb, (upper + y) * rowBytes + 1 + 3 * (left + x), red, green, blue, share / 255);
        }
      }
    },
  };
}

/** Coverage below it is none, and that much less than one is all: sums of areas are not exact. */
const least = 0.002;

function blend(rgb: Uint8Array, pixel: number, red: number, green: number, blue: number, a: number): void {
  rgb[pixel] = rgb[pixel]! + (red - rgb[pixel]!) * a + 0.5;
  rgb[pixel + 1] = rgb[pixel + 1]! + (green - rgb[pixel + 1]!) * a + 0.5;
  rgb[pixel + 2] = rgb[pixel + 2]! + (blue - rgb[pixel + 2]!) * a + 0.5;
}
