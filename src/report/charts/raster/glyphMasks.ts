import { openCanvas } from './canvas.js';
import type { Font } from './trueType.js';

/** How much of each pixel a shape covers, from 0 to 255; `left` and `top` are where its first pixel lies from the shape's origin. */
export interface Mask {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly coverage: Uint8Array;
}

/** Positions within a pixel, across and down: so many are told apart by nobody. */
const places = 4;

/** Charts have some sixty characters in a few sizes. */
const mostMasks = 8192;
const masks = new WeakMap<Font, Map<string, Mask>>();

/**
 * A character with its origin at (x, y) in pixels, `scale` pixels to a font unit, to the nearest quarter of a pixel, and the whole pixel that the mask
 * counts from. Texts of charts come again and again: a mask is made once.
 */
export function glyphMask(font: Font, codePoint: number, scale: number, x: number, y: number): { readonly mask: Mask; readonly x: number; readonly y: number } {
  const [column, row] = [Math.round(x * places), Math.round(y * places)];
  const [wholeX, wholeY] = [Math.floor(column / places), Math.floor(row / places)];
  const [partX, partY] = [column - wholeX * places, row - wholeY * places];
  let known = masks.get(font);
  if (!known || known.size >= mostMasks) masks.set(font, (known = new Map<string, Mask>()));
  const key = `${codePoint} ${scale} ${partX} ${partY}`;
  let mask = known.get(key);
  if (!mask) known.set(key, (mask = maskOf(font.glyph(codePoint).outlines, scale, partX / places, partY / places)));
  return { mask, x: wholeX, y: wholeY };
}

function maskOf(outlines: readonly Float64Array[], scale: number, x: number, y: number): Mask {
  let [low, high, left, right] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const outline of outlines) {
    for (let i = 0; i < outline.length; i += 2) {
      left = Math.min(left, outline[i]! * scale);
      right = Math.max(right, outline[i]! * scale);
      low = Math.min(low, -outline[i + 1]! * scale);
      high = Math.max(high, -outline[i + 1]! * scale);
    }
  }
  if (left > right) return { left: 0, top: 0, width: 0, height: 0, coverage: new Uint8Array(0) };
  const [firstX, firstY] = [Math.floor(left + x) - 1, Math.floor(low + y) - 1];
  const [width, height] = [Math.ceil(right + x) + 1 - firstX, Math.ceil(high + y) + 1 - firstY];
  const canvas = openCanvas(width, height);
  for (const outline of outlines) {
    const n = outline.length;
    for (let i = 0; i < n; i += 2) {
      const j = (i + 2) % n;
      canvas.edge(x - firstX + outline[i]! * scale, y - firstY - outline[i + 1]! * scale, x - firstX + outline[j]! * scale, y - firstY - outline[j + 1]! * scale);
    }
  }
  canvas.fill(0, 1);
  const coverage = Uint8Array.from({ length: width * height }, (_, at) => 255 - canvas.rows[Math.floor(at / width) * (3 * width + 1) + 1 + 3 * (at % width)]!);
  return { left: firstX, top: firstY, width, height, coverage };
}
