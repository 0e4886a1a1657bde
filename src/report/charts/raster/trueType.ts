import { PenstockError } from '../../../errors/index.js';

/** A character's shape: closed outlines as x, y pairs in font units (y upwards), curves already broken into short lines, and its advance width. */
export interface Glyph {
  readonly advance: number;
  readonly outlines: readonly Float64Array[];
}

export interface Font {
  readonly unitsPerEm: number;
  /** The glyph of a code point; that of a missing character where the font has none. */
  glyph(codePoint: number): Glyph;
}

/** Lines per quadratic curve: texts are drawn at a few dozen pixels at most. */
const linesPerCurve = 3;
const deepest = 8;

/** Reads the outlines of a TrueType font (`glyf`). Throws `evaluation/invalid` where the bytes are no such font. */
export function openFont(bytes: Uint8Array): Font {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = tablesOf(view);
  const table = (name: string): number => {
    const at = tables.get(name);
    if (at === undefined) throw new PenstockError('evaluation/invalid', `the font has no table ${name}`, { key: 'fontFiles' });
    return at;
  };
  const unitsPerEm = view.getUint16(table('head') + 18);
  const longOffsets = view.getInt16(table('head') + 50) === 1;
  const metrics = view.getUint16(table('hhea') + 34);
  const [loca, glyf, hmtx] = [table('loca'), table('glyf'), table('hmtx')];
  const indexOf = characterMap(view, table('cmap'));
  const offset = (glyph: number): number => (longOffsets ? view.getUint32(loca + 4 * glyph) : 2 * view.getUint16(loca + 2 * glyph));

  const outlinesOf = (glyph: number, depth = 0): Float64Array[] => {
    const at = glyf + offset(glyph);
    if (offset(glyph + 1) === offset(glyph) || depth > deepest) return [];
    const contours = view.getInt16(at);
    if (contours >= 0) return simpleOutlines(view, at, contours);
    return parts(view, at + 10).flatMap(({ part, xx, xy, yx, yy, dx, dy }) => outlinesOf(part, depth + 1).map((outline) =>
      outline.map((_, i) => (i % 2 === 0 ? xx * outline[i]! + yx * outline[i + 1]! + dx : xy * outline[i - 1]! + yy * outline[i]! + dy))));
  };
  const known = new Map<number, Glyph>();
  return {
    unitsPerEm,
    glyph(codePoint) {
      let glyph = known.get(codePoint);
      if (!glyph) {
        const index = indexOf(codePoint);
        glyph = { advance: view.getUint16(hmtx + 4 * Math.min(index, metrics - 1)), outlines: outlinesOf(index) };
        known.set(codePoint, glyph);
      }
      return glyph;
    },
  };
}

function tablesOf(view: DataView): Map<string, number> {
  const tables = new Map<string, number>();
  const count = view.byteLength > 12 ? view.getUint16(4) : 0;
  for (let i = 0, at = 12; i < count && at + 16 <= view.byteLength; i++, at += 16) {
    tables.set(String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3)), view.getUint32(at + 8));
  }
  return tables;
}

/** The Unicode subtable of format 12 or 4: code point to glyph number, 0 for none. */
function characterMap(view: DataView, cmap: number): (codePoint: number) => number {
  const found = new Map<number, number>();
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const at = cmap + view.getUint32(cmap + 4 + 8 * i + 4);
    found.set(view.getUint16(at), at);
  }
  const whole = found.get(12);
  if (whole !== undefined) {
    const groups = view.getUint32(whole + 12);
    return (codePoint) => {
      for (let g = 0, at = whole + 16; g < groups; g++, at += 12) {
        if (codePoint > view.getUint32(at + 4)) continue;
        const first = view.getUint32(at);
        return codePoint < first ? 0 : view.getUint32(at + 8) + codePoint - first;
      }
      return 0;
    };
  }
  const plane = found.get(4);
  if (plane === undefined) throw new PenstockError('evaluation/invalid', 'the font has no Unicode character map', { key: 'fontFiles' });
  const segments = view.getUint16(plane + 6) / 2;
  const [ends, starts] = [plane + 14, plane + 16 + 2 * segments];
  return (codePoint) => {
    for (let s = 0; s < segments; s++) {
      if (codePoint > view.getUint16(ends + 2 * s)) continue;
      const start = view.getUint16(starts + 2 * s);
      if (codePoint < start) return 0;
      const delta = view.getUint16(starts + 2 * (segments + s));
      const rangeAt = starts + 2 * (2 * segments + s);
      const range = view.getUint16(rangeAt);
      if (range === 0) return (codePoint + delta) & 0xffff;
      const glyph = view.getUint16(rangeAt + range + 2 * (codePoint - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

function simpleOutlines(view: DataView, glyphAt: number, contours: number): Float64Array[] {
  let at = glyphAt + 10;
  const ends = Array.from({ length: contours }, (_, i) => view.getUint16(at + 2 * i));
  at += 2 * contours;
  at += 2 + view.getUint16(at);
  const count = (ends.at(-1) ?? -1) + 1;
  const flags = new Uint8Array(count);
  for (let i = 0; i < count;) {
    const flag = view.getUint8(at++);
    const repeats = flag & 8 ? view.getUint8(at++) : 0;
    flags.fill(flag, i, i + repeats + 1);
    i += repeats + 1;
  }
  const coordinates = (short: number, same: number): Float64Array => {
    const values = new Float64Array(count);
    let value = 0;
    for (let i = 0; i < count; i++) {
      if (flags[i]! & short) value += flags[i]! & same ? view.getUint8(at++) : -view.getUint8(at++);
      else if (!(flags[i]! & same)) {
        value += view.getInt16(at);
        at += 2;
      }
      values[i] = value;
    }
    return values;
  };
  const x = coordinates(2, 16);
  const y = coordinates(4, 32);
  return ends.map((end, c) => flattened(x, y, flags, c === 0 ? 0 : ends[c - 1]! + 1, end));
}

/** One closed outline: points off the curve are control points, and between two of them lies a point on it. */
function flattened(x: Float64Array, y: Float64Array, flags: Uint8Array, first: number, last: number): Float64Array {
  const n = last - first + 1;
  const on = (i: number): boolean => (flags[first + (i % n)]! & 1) === 1;
  const px = (i: number): number => x[first + (i % n)]!;
  const py = (i: number): number => y[first + (i % n)]!;
  const out: number[] = [];
  const begin = on(0) ? 0 : on(1) ? 1 : -1;
  let [cx, cy] = begin >= 0 ? [px(begin), py(begin)] : [(px(0) + px(1)) / 2, (py(0) + py(1)) / 2];
  out.push(cx, cy);
  for (let k = 1, from = begin >= 0 ? begin : 0; k <= n; k++) {
    const i = from + k;
    if (on(i)) {
      [cx, cy] = [px(i), py(i)];
      out.push(cx, cy);
      continue;
    }
    const next = i + 1;
    const [ex, ey] = on(next) ? [px(next), py(next)] : [(px(i) + px(next)) / 2, (py(i) + py(next)) / 2];
    for (let s = 1; s <= linesPerCurve; s++) {
      const t = s / linesPerCurve;
      const u = 1 - t;
      out.push(u * u * cx + 2 * u * t * px(i) + t * t * ex, u * u * cy + 2 * u * t * py(i) + t * t * ey);
    }
    [cx, cy] = [ex, ey];
    if (on(next)) k++;
  }
  return Float64Array.from(out);
}

interface Part {
  readonly part: number;
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
  readonly dx: number;
  readonly dy: number;
}

/** Parts of a composite glyph with their transformations. */
function parts(view: DataView, from: number): Part[] {
  const found: Part[] = [];
  let at = from;
  for (;;) {
    const flags = view.getUint16(at);
    const part = view.getUint16(at + 2);
    at += 4;
    const wide = (flags & 1) !== 0;
    const [dx, dy] = wide ? [view.getInt16(at), view.getInt16(at + 2)] : [view.getInt8(at), view.getInt8(at + 1)];
    at += wide ? 4 : 2;
    const fraction = (): number => {
      at += 2;
      return view.getInt16(at - 2) / 16384;
    };
    let [xx, xy, yx, yy] = [1, 0, 0, 1];
    if (flags & 8) xx = yy = fraction();
    else if (flags & 0x40) [xx, yy] = [fraction(), fraction()];
    else if (flags & 0x80) [xx, xy, yx, yy] = [fraction(), fraction(), fraction(), fraction()];
    found.push({ part, xx, xy, yx, yy, ...(flags & 2 ? { dx, dy } : { dx: 0, dy: 0 }) });
    if (!(flags & 0x20)) return found;
  }
}
