import type { Polyline } from './stroke.js';

/** Lines of an SVG path of M, L, H, V, Z and their relative forms, or undefined where it has others. */
export function pathLines(d: string): Polyline[] | undefined {
  const lines: { points: number[]; closed: boolean }[] = [];
  let command = '';
  let [x, y] = [0, 0];
  let line: { points: number[]; closed: boolean } | undefined;
  let at = 0;
  const skip = (): void => {
    for (let code = d.charCodeAt(at); code === comma || code === space; code = d.charCodeAt(++at));
  };
  // Charts write two decimals: digits as a whole number over a power of ten are the number that the text stands for, without a text of its own.
  const number = (): number => {
    skip();
    const begin = at;
    const negative = d.charCodeAt(at) === minus;
    if (negative) at++;
    let digits = 0;
    let decimals = -1;
    for (let code = d.charCodeAt(at); ; code = d.charCodeAt(++at)) {
      if (code >= zero && code <= nine) {
        digits = 10 * digits + code - zero;
        if (decimals >= 0) decimals++;
      } else if (code === dot && decimals < 0) decimals = 0;
      else break;
    }
    if (at === begin || digits > 1e15 || decimals > 15 || d.charCodeAt(at) === exponent) return NaN;
    const size = decimals > 0 ? digits / 10 ** decimals : digits;
    return negative ? -size : size;
  };
  for (skip(); at < d.length; skip()) {
    const code = d.charCodeAt(at);
    if ((code | 32) >= letterA && (code | 32) <= letterZ) {
      command = d[at]!;
      at++;
      if (command === 'Z' || command === 'z') {
        if (!line) return undefined;
        line.closed = true;
        [x, y] = [line.points[0]!, line.points[1]!];
        line = undefined;
        continue;
      }
    }
    const relative = command >= 'a';
    const [fromX, fromY] = relative ? [x, y] : [0, 0];
    switch (command.toUpperCase()) {
      case 'M':
      case 'L':
        x = fromX + number();
        y = fromY + number();
        break;
      case 'H':
        x = fromX + number();
        break;
      case 'V':
        y = fromY + number();
        break;
      default:
        return undefined;
    }
    if (!Number.isFinite(x) || !Number.isFinite(y)) return undefined;
    if (command === 'M' || command === 'm') {
      line = { points: [x, y], closed: false };
      lines.push(line);
      command = command === 'M' ? 'L' : 'l';
    } else if (line) line.points.push(x, y);
    else return undefined;
  }
  return lines;
}

const [comma, space, minus, zero, nine, dot, exponent, letterA, letterZ] = [44, 32, 45, 48, 57, 46, 101, 97, 122];
