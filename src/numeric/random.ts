/**
 * Seeded random numbers: xoshiro128** (Blackman and Vigna 2018), seeded by splitmix32. Same seed, same numbers, on every machine.
 * Not for secrets.
 */
export interface Random {
  /** 32 random bits, 0 .. 2^32 - 1. */
  bits(): number;
  /** Uniform in [low, high), 53 random bits. Default [0, 1). */
  uniform(low?: number, high?: number): number;
  /** Normal by the polar method of Marsaglia. Default mean 0, standard deviation 1. */
  normal(mean?: number, deviation?: number): number;
  /** Uniform whole number in low .. high, both included. */
  integer(low: number, high: number): number;
  /** 0 .. n - 1 in random order (Fisher and Yates). */
  permutation(n: number): Int32Array;
  /** An independent stream for a purpose. It depends on the seed and the name only, not on what was drawn before. */
  derive(name: string): Random;
}

/** A stream of random numbers from a seed: any finite number or text. */
export function createRandom(seed: number | string): Random {
  const key = `${seed}`;
  let mix = hashText(key);
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  // the second hash keeps two seeds whose first hash collides apart
  let a = splitmix(), b = splitmix() ^ hashText(`${key}#`), c = splitmix(), d = splitmix() | 1;
  let spare = 0;
  let hasSpare = false;

  const bits = (): number => {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const unit = (): number => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  const normal = (): number => {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    for (;;) {
      const u = 2 * unit() - 1, v = 2 * unit() - 1, s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt(-2 * Math.log(s) / s);
      spare = v * scale;
      hasSpare = true;
      return u * scale;
    }
  };
  const integer = (low: number, high: number): number => low + Math.floor(unit() * (high - low + 1));

  return {
    bits,
    uniform: (low = 0, high = 1) => low + (high - low) * unit(),
    normal: (mean = 0, deviation = 1) => mean + deviation * normal(),
    integer,
    permutation(n) {
      const order = Int32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = integer(0, i), kept = order[i]!;
        order[i] = order[j]!;
        order[j] = kept;
      }
      return order;
    },
    derive: (name) => createRandom(`${key}/${name}`),
  };
}

/**
 * n numbers in [0, 1) of the linear congruential generator s = (1664525 s + 1013904223) mod 2^32, divided by 2^32.
 * For reference inputs that other languages reproduce exactly; too weak for anything else.
 */
export function lcg(n: number, seed: number): Float64Array {
  const out = new Float64Array(n);
  let s = seed >>> 0;
  for (let i = 0; i < n; i++) {
    s = (Math.imul(1664525, s) + 1013904223) >>> 0;
    out[i] = s / 4294967296;
  }
  return out;
}

/** FNV-1a over UTF-16 units with a final avalanche, 32 bits. */
function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
