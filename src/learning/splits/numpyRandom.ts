/** Permutations as NumPy's `RandomState` draws them, so that a seed gives the split that scikit-learn gives. */
export interface NumpyRandom {
  /** 0 to `count - 1` in random order. */
  permutation(count: number): Int32Array;
}

const size = 624;
const shift = 397;

/** MT19937 seeded by Knuth's generator, as `numpy.random.RandomState(seed)`. */
export function numpyRandom(seed: number): NumpyRandom {
  const next = mersenneTwister(seed >>> 0);
  return {
    permutation(count) {
      const values = Int32Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = upTo(next, i);
        const moved = values[i]!;
        values[i] = values[j]!;
        values[j] = moved;
      }
      return values;
    },
  };
}

/** A whole number from 0 to `most`, by masking and rejection. */
function upTo(next: () => number, most: number): number {
  const mask = most === 0 ? 0 : 2 ** (32 - Math.clz32(most)) - 1;
  for (;;) {
    const value = (next() & mask) >>> 0;
    if (value <= most) return value;
  }
}

function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(size);
  state[0] = seed;
  for (let i = 1; i < size; i++) {
    const previous = state[i - 1]! ^ (state[i - 1]! >>> 30);
    state[i] = Math.imul(1812433253, previous) + i;
  }
  let at = size;
  return () => {
    if (at === size) {
      refill(state);
      at = 0;
    }
    let value = state[at++]!;
    value ^= value >>> 11;
    value ^= (value << 7) & 0x9d2c5680;
    value ^= (value << 15) & 0xefc60000;
    return (value ^ (value >>> 18)) >>> 0;
  };
}

function refill(state: Uint32Array): void {
  for (let i = 0; i < size; i++) {
    const mixed = (state[i]! & 0x80000000) | (state[(i + 1) % size]! & 0x7fffffff);
    state[i] = state[(i + shift) % size]! ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
  }
}
