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
  const number = (): number => {
    skip();
    const begin = at;
    if (d.charCodeAt(at) === minus) at++;
    for (let code = d.charCodeAt(at); (code >= zero && code <= nine) || code === dot || code === exponent; code = d.charCodeAt(++at)) {
      if (code === exponent && d.charCodeAt(at + 1) === minus) at++;
    }
    return Number(d.slice(begin, at));
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
