import { PenstockError } from '../../errors/index.js';
import type { WaveletFilter } from './wavelet.js';

/** Where each band lies in a coefficient array: cA_L, cD_L, ..., cD_1, one after another. */
export interface BandLayout {
  readonly level: number;
  /** `cA3`, `cD3`, `cD2`, `cD1` for three levels. */
  readonly names: readonly string[];
  readonly lengths: Int32Array;
  readonly offsets: Int32Array;
  readonly total: number;
}

/**
 * The layout of a decomposition of `n` values under symmetric extension: each level leaves floor((n + F - 1) / 2) values,
 * F being the filter's length.
 */
export function bandLayout(n: number, filterLength: number, level: number): BandLayout {
  const details: number[] = [];
  for (let l = 0, rest = n; l < level; l++) details.push((rest = (rest + filterLength - 1) >> 1));
  const lengths = Int32Array.from([details[level - 1] ?? n, ...details.toReversed()]);
  const offsets = new Int32Array(lengths.length);
  for (let b = 1; b < lengths.length; b++) offsets[b] = offsets[b - 1]! + lengths[b - 1]!;
  const names = [`cA${level}`, ...details.map((_, i) => `cD${level - i}`)];
  return { level, names, lengths, offsets, total: offsets.at(-1)! + lengths.at(-1)! };
}

/** A decomposition prepared for windows of one size; owns its scratch memory, so use one per thread. */
export interface Decomposition {
  readonly bands: BandLayout;
  /** Writes the coefficients of `x[from .. from + n - 1]` to `out` from `at` on. */
  run(x: Float64Array, from: number, out: Float64Array, at: number): void;
}

/**
 * Prepares the multilevel transform of `n` values, half-sample symmetric extension (PyWavelets' default, `symmetric`).
 * @throws PenstockError `signal/invalid` where `level` is not a whole number of at least 1, or `n` is below 1.
 */
export function decomposition(n: number, filter: WaveletFilter, level: number): Decomposition {
  if (!Number.isInteger(n) || n < 1) throw new PenstockError('signal/invalid', `a signal of ${n} values cannot be decomposed; at least 1 is needed`);
  if (!Number.isInteger(level) || level < 1) throw new PenstockError('signal/invalid', `wavelet level ${level} is not allowed; whole numbers from 1 on are`, { key: 'waveletLevel' });
  const bands = bandLayout(n, filter.decLo.length, level);
  const longest = bands.lengths.at(-1)!;
  const even = new Float64Array(longest);
  const odd = new Float64Array(longest);
  return {
    bands,
    run(x, from, out, at) {
      let source = x;
      let start = from;
      let length = n;
      for (let l = 1; l <= level; l++) {
        const last = l === level;
        const approximation = last ? out : l % 2 === 0 ? even : odd;
        const detail = at + bands.offsets[level + 1 - l]!;
        length = dwt(source, start, length, filter, approximation, last ? at : 0, out, detail);
        source = approximation;
        start = 0;
      }
    },
  };
}

/**
 * One level of the transform: out[k] = sum over j of taps[j] * x[2k + 1 - j], x continued by reflection about its ends with
 * the end value repeated (x1 x0 | x0 x1 ...). Returns the number of values written to each output, floor((n + F - 1) / 2).
 * The outputs must not overlap the source.
 */
export function dwt(
  x: Float64Array, from: number, n: number, filter: WaveletFilter,
  approximation: Float64Array, atA: number, detail: Float64Array, atD: number,
): number {
  const { decLo, decHi } = filter;
  const size = decLo.length;
  const count = (n + size - 1) >> 1;
  // Outputs whose taps all fall inside the signal need no reflection: size - 1 <= 2k + 1 <= n - 1.
  const first = Math.min(count, (size - 1) >> 1);
  const inner = Math.max(first, n >> 1);
  if (size === 4 && n >= 4) {
    four(x, from, n, filter.decLo, filter.decHi, approximation, atA, detail, atD);
    return count;
  }
  edges(x, from, n, filter, 0, first, approximation, atA, detail, atD);
  for (let k = first; k < inner; k++) {
    const i = from + 2 * k + 1;
    let low = 0;
    let high = 0;
    for (let j = 0; j < size; j++) {
      const value = x[i - j]!;
      low += decLo[j]! * value;
      high += decHi[j]! * value;
    }
    approximation[atA + k] = low;
    detail[atD + k] = high;
  }
  edges(x, from, n, filter, inner, count, approximation, atA, detail, atD);
  return count;
}

/** db2 and its kin, unrolled, the reflections written out: the usual wavelet of the features. Needs n of at least 4. */
function four(
  x: Float64Array, from: number, n: number, decLo: Float64Array, decHi: Float64Array,
  approximation: Float64Array, atA: number, detail: Float64Array, atD: number,
): void {
  const l0 = decLo[0]!, l1 = decLo[1]!, l2 = decLo[2]!, l3 = decLo[3]!;
  const h0 = decHi[0]!, h1 = decHi[1]!, h2 = decHi[2]!, h3 = decHi[3]!;
  // Two values enter per output, two stay: x[2k + 1], x[2k] | x[2k - 1], x[2k - 2].
  let x3 = x[from + 1]!, x2 = x[from]!;
  const inner = n >> 1;
  for (let k = 0, i = from; k < inner; k++, i += 2) {
    const x1 = x[i]!, x0 = x[i + 1]!;
    approximation[atA + k] = l0 * x0 + l1 * x1 + l2 * x2 + l3 * x3;
    detail[atD + k] = h0 * x0 + h1 * x1 + h2 * x2 + h3 * x3;
    x3 = x1;
    x2 = x0;
  }
  const end = from + n;
  const a = x[end - 1]!, b = x[end - 2]!;
  if (n % 2 === 0) {
    approximation[atA + inner] = l0 * b + l1 * a + l2 * a + l3 * b;
    detail[atD + inner] = h0 * b + h1 * a + h2 * a + h3 * b;
  } else {
    const c = x[end - 3]!;
    approximation[atA + inner] = l0 * a + l1 * a + l2 * b + l3 * c;
    detail[atD + inner] = h0 * a + h1 * a + h2 * b + h3 * c;
    approximation[atA + inner + 1] = l0 * c + l1 * b + l2 * a + l3 * a;
    detail[atD + inner + 1] = h0 * c + h1 * b + h2 * a + h3 * a;
  }
}

function edges(
  x: Float64Array, from: number, n: number, filter: WaveletFilter, first: number, end: number,
  approximation: Float64Array, atA: number, detail: Float64Array, atD: number,
): void {
  const { decLo, decHi } = filter;
  const period = 2 * n;
  for (let k = first; k < end; k++) {
    let low = 0;
    let high = 0;
    for (let j = 0; j < decLo.length; j++) {
      let i = (2 * k + 1 - j) % period;
      if (i < 0) i += period;
      const value = x[from + (i < n ? i : period - 1 - i)]!;
      low += decLo[j]! * value;
      high += decHi[j]! * value;
    }
    approximation[atA + k] = low;
    detail[atD + k] = high;
  }
}

/**
 * Decomposes a whole signal once: cA_L, cD_L, ..., cD_1 one after another in `out` (allocated where not given), with the
 * layout. For many windows of one size prepare a `decomposition` instead.
 * @throws PenstockError `signal/invalid` where `out` is too short or the level is not allowed.
 */
export function wavedec(x: Float64Array, filter: WaveletFilter, level: number, out?: Float64Array): { bands: BandLayout; coefficients: Float64Array } {
  const plan = decomposition(x.length, filter, level);
  const coefficients = out ?? new Float64Array(plan.bands.total);
  if (coefficients.length < plan.bands.total) {
    throw new PenstockError('signal/invalid', `${plan.bands.total} coefficients do not fit into an array of ${coefficients.length}`);
  }
  plan.run(x, 0, coefficients, 0);
  return { bands: plan.bands, coefficients };
}
