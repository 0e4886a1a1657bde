import { PenstockError } from '../../errors/index.js';

/** Per dimension from the second on: coefficients of a primitive polynomial, then the first direction numbers (Joe and Kuo 2008). */
const directions: readonly (readonly [number, ...number[]])[] = [
  [0, 1], [1, 1, 3], [1, 1, 3, 1], [2, 1, 1, 1], [1, 1, 1, 3, 3], [4, 1, 3, 5, 13], [2, 1, 1, 5, 5, 17], [4, 1, 1, 5, 5, 5], [7, 1, 1, 7, 11, 19],
  [11, 1, 1, 5, 1, 1], [13, 1, 1, 1, 3, 11], [14, 1, 3, 5, 5, 31], [1, 1, 3, 3, 9, 7, 49], [13, 1, 1, 1, 15, 21, 21], [16, 1, 3, 1, 13, 27, 49],
  [19, 1, 1, 1, 15, 7, 5], [22, 1, 3, 1, 15, 13, 25], [25, 1, 1, 5, 5, 19, 61], [1, 1, 3, 7, 11, 23, 15, 103], [4, 1, 3, 7, 13, 13, 15, 69],
];
const bits = 30;

/** The most dimensions that `sobolPoint` knows. */
export const sobolDimensions = directions.length + 1;

/** Point number `index` (from 0) of the Sobol sequence, not scrambled, in the order of the Gray code; every coordinate in [0, 1). */
export function sobolPoint(index: number, dimensions: number): number[] {
  if (dimensions > sobolDimensions) {
    throw new PenstockError('tuning/invalid', `a Sobol sequence of ${dimensions} parameters; at most ${sobolDimensions} are possible, halton has more`, { key: 'sampler' });
  }
  const gray = index ^ (index >>> 1);
  return Array.from({ length: dimensions }, (_, d) => {
    const vectors = directionVectors(d);
    let x = 0;
    for (let bit = 0; bit < bits; bit++) if ((gray >>> bit) & 1) x ^= vectors[bit]!;
    return x / 2 ** bits;
  });
}

/** Direction number of each bit as a fraction of 2^30: m_i 2^(30 - i), continued by the polynomial's recurrence. */
function directionVectors(dimension: number): Int32Array {
  const vectors = new Int32Array(bits);
  if (dimension === 0) return vectors.map((_, i) => 1 << (bits - 1 - i));
  const [coefficients, ...first] = directions[dimension - 1]!;
  const degree = first.length;
  for (let i = 0; i < bits; i++) {
    if (i < degree) {
      vectors[i] = first[i]! << (bits - 1 - i);
      continue;
    }
    let x = vectors[i - degree]! ^ (vectors[i - degree]! >>> degree);
    for (let k = 1; k < degree; k++) if ((coefficients >>> (degree - 1 - k)) & 1) x ^= vectors[i - k]!;
    vectors[i] = x;
  }
  return vectors;
}

/** Point number `index` (from 0) of the Halton sequence, not scrambled: the index in the base of the first primes, mirrored at the point. */
export function haltonPoint(index: number, dimensions: number): number[] {
  return primes(dimensions).map((base) => {
    let share = 0;
    let scale = 1 / base;
    for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
      share += (rest % base) * scale;
      scale /= base;
    }
    return share;
  });
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}
