/** Adds up an entropy; owns its memory, so use one per thread. */
export interface Shannon {
  /** The caller writes shares from 0 to 1 here. */
  readonly shares: Float64Array;
  /** -sum p log p over the first `n` shares, in nats; 0 log 0 is 0. */
  entropy(n: number): number;
}

const intervals = 128;
const inverse = new Float64Array(intervals);
const logarithm = new Float64Array(intervals);
for (let j = 0; j < intervals; j++) {
  inverse[j] = 1 / (1 + (j + 0.5) / intervals);
  logarithm[j] = -Math.log(inverse[j]!);
}

// By the upper 12 bits of a positive number: 2^-e and e log 2. Numbers below 2^-1022 add nothing to an entropy.
const exponents = 1024;
const scale = new Float64Array(exponents);
const power = new Float64Array(exponents);
for (let e = 1; e < exponents; e++) {
  scale[e] = 2 ** (1023 - e);
  power[e] = (e - 1023) * Math.LN2;
}

/**
 * Entropies of up to `capacity` shares without a call of the logarithm per share: a number is 2^e times m, m lies within
 * 1/256 of one of 128 known points, and six terms of the series give the rest. Absolute error of each logarithm below 1e-15.
 */
export function createShannon(capacity: number): Shannon {
  const shares = new Float64Array(capacity);
  const words = new Int32Array(shares.buffer);
  return { shares, entropy: (n) => entropyOf(shares, words, n, scale, power, inverse, logarithm) };
}

const upper = new Uint8Array(Float64Array.of(1).buffer)[7] === 0x3f ? 1 : 0;

/** Tables come as arguments, not from the module: the compiler then keeps them in registers. */
function entropyOf(
  shares: Float64Array, words: Int32Array, n: number, scales: Float64Array, powers: Float64Array, inverses: Float64Array, logarithms: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const share = shares[i]!;
    const word = words[2 * i + upper]!;
    const e = (word >>> 20) & 1023;
    const j = (word >>> 13) & 127;
    const r = share * scales[e]! * inverses[j]! - 1;
    const series = r - r * r * (0.5 - r * (1 / 3 - r * (0.25 - r * (0.2 - r / 6))));
    sum += share * (powers[e]! + logarithms[j]! + series);
  }
  // A single share of 1 is exactly 2^0 of the first interval; rounding must not make its entropy negative.
  return sum < 0 || Number.isNaN(sum) ? -sum : 0;
}
