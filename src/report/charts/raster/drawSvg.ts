import { openCanvas, type Canvas, type CanvasMemory } from './canvas.js';
import { glyphMask } from './glyphMasks.js';
import { pathLines } from './pathLines.js';
import { strokeEdges, type Polyline } from './stroke.js';
import type { Font } from './trueType.js';

export interface Fonts {
  readonly regular: Font;
  readonly bold: Font;
}

/**
 * Draws an SVG of rectangles, lines, paths of straight lines, and texts, as charts of series consist of; `width` in pixels. Undefined
 * where the SVG has anything else: then a renderer that knows all of SVG must draw it.
 */
export function drawSvg(svg: string, width: number, fonts: Fonts, memory?: CanvasMemory): Canvas | undefined {
  let canvas: Canvas | undefined;
  let scale = 1;
  for (const [, closing, name = '', attributes = '', content = ''] of svg.matchAll(elements)) {
    if (closing) continue;
    const of = attributesOf(attributes);
    if (name === 'svg') {
      const [whole, high] = [Number(of['width']), Number(of['height'])];
      if (canvas || of['viewBox'] !== `0 0 ${whole} ${high}`) return undefined;
      scale = width / whole;
      canvas = openCanvas(width, Math.round(high * scale), memory);
      continue;
    }
    const allowed = known[name];
    if (!canvas || !allowed || Object.keys(of).some((key) => !allowed.has(key))) return undefined;
    const understood = name === 'text' ? write(canvas, content, of, scale, fonts) : name === 'rect' ? rectangle(canvas, of, scale) : paint(canvas, name, of, scale);
    if (!understood) return undefined;
  }
  return canvas;
}

type Attributes = Readonly<Record<string, string>>;

const elements = /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"]*")*)\s*\/?>([^<]*)/g;
const strokes = ['stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linejoin', 'stroke-linecap'];
const known: Readonly<Record<string, ReadonlySet<string>>> = {
  rect: new Set(['x', 'y', 'width', 'height', 'fill', 'fill-opacity', ...strokes]),
  line: new Set(['x1', 'y1', 'x2', 'y2', ...strokes]),
  path: new Set(['d', 'fill', 'fill-opacity', ...strokes]),
  text: new Set(['x', 'y', 'font-size', 'font-weight', 'fill', 'text-anchor']),
};

function attributesOf(text: string): Attributes {
  const found: Record<string, string> = {};
  for (const [, key, value] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) found[key!] = value!;
  return found;
}

/** A rectangle with its outline, side by side. False where a colour is none of the form #rrggbb. */
function rectangle(canvas: Canvas, of: Attributes, scale: number): boolean {
  const [fill, stroke] = [colorOf(of['fill'] ?? '#000000'), colorOf(of['stroke'] ?? 'none')];
  if (fill === undefined || stroke === undefined || of['stroke-dasharray'] !== undefined) return false;
  const number = (key: string): number => Number(of[key] ?? 0) * scale;
  const [left, top] = [number('x'), number('y')];
  const [right, bottom] = [left + number('width'), top + number('height')];
  const isGround = left <= 0 && top <= 0 && right >= canvas.width && bottom >= canvas.height && fill === white;
  if (fill !== null && !isGround) canvas.rectangle(left, top, right, bottom, fill, Number(of['fill-opacity'] ?? 1));
  if (stroke === null) return true;
  const half = (Number(of['stroke-width'] ?? 1) * scale) / 2;
  const opacity = Number(of['stroke-opacity'] ?? 1);
  canvas.rectangle(left - half, top - half, right + half, top + half, stroke, opacity);
  canvas.rectangle(left - half, bottom - half, right + half, bottom + half, stroke, opacity);
  canvas.rectangle(left - half, top + half, left + half, bottom - half, stroke, opacity);
  canvas.rectangle(right - half, top + half, right + half, bottom - half, stroke, opacity);
  return true;
}

/** A new canvas is white. */
const white = 0xffffff;

function linesOf(name: string, of: Attributes): Polyline[] | undefined {
  if (name === 'path') return pathLines(of['d'] ?? '');
  return [{ points: ['x1', 'y1', 'x2', 'y2'].map((key) => Number(of[key] ?? 0)), closed: false }];
}

/** False where the path has curves, or a colour is none of the form #rrggbb. */
function paint(canvas: Canvas, name: string, of: Attributes, scale: number): boolean {
  const lines = linesOf(name, of);
  for (const { points } of lines ?? []) for (let i = 0; i < points.length; i++) points[i]! *= scale;
  const fill = name === 'path' ? colorOf(of['fill'] ?? '#000000') : null;
  const stroke = colorOf(of['stroke'] ?? 'none');
  if (!lines || fill === undefined || stroke === undefined) return false;
  if (fill !== null) {
    for (const { points } of lines) around(canvas, points);
    canvas.fill(fill, Number(of['fill-opacity'] ?? 1));
  }
  if (stroke === null) return true;
  const dash = of['stroke-dasharray']?.split(/[ ,]+/).map((length) => Number(length) * scale);
  const width = Number(of['stroke-width'] ?? 1) * scale;
  const opacity = Number(of['stroke-opacity'] ?? 1);
  const filled = (): void => canvas.fill(stroke, opacity);
  // Piece by piece a long line needs far fewer pixels looked at than the box around it has; what is seen through must be one shape.
  for (const line of lines) strokeEdges(canvas, line, { width, round: of['stroke-linecap'] === 'round', dash, ...(opacity === 1 && { piece: filled }) });
  filled();
  return true;
}

function around(canvas: Canvas, points: readonly number[]): void {
  const n = points.length;
  for (let i = 0; i < n; i += 2) canvas.edge(points[i]!, points[i + 1]!, points[(i + 2) % n]!, points[(i + 3) % n]!);
}

/** Null for none, undefined for what is not understood. */
function colorOf(text: string): number | null | undefined {
  if (text === 'none') return null;
  return /^#[0-9a-fA-F]{6}$/.test(text) ? Number.parseInt(text.slice(1), 16) : undefined;
}

function write(canvas: Canvas, content: string, of: Attributes, scale: number, fonts: Fonts): boolean {
  const color = colorOf(of['fill'] ?? '#000000');
  if (color === null || color === undefined) return false;
  const font = of['font-weight'] === 'bold' ? fonts.bold : fonts.regular;
  const size = (Number(of['font-size'] ?? 12) * scale) / font.unitsPerEm;
  const codePoints = Array.from(unescaped(content), (character) => character.codePointAt(0)!);
  const width = codePoints.reduce((sum, codePoint) => sum + font.glyph(codePoint).advance, 0) * size;
  const anchor = of['text-anchor'] ?? 'start';
  let x = Number(of['x'] ?? 0) * scale - (anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0);
  const y = Number(of['y'] ?? 0) * scale;
  for (const codePoint of codePoints) {
    const { mask, x: left, y: top } = glyphMask(font, codePoint, size, x, y);
    canvas.stamp(mask, left + mask.left, top + mask.top, color);
    x += font.glyph(codePoint).advance * size;
  }
  return true;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => entities[name]!);
}
