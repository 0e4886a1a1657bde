import { windowKernelBytes } from './windowKernelBytes.js';

/**
 * The kernels of `windowKernels.wat` and the memory they work in: twice as fast as the same loops in JavaScript. Addresses
 * are in bytes. Not for two computations at once on one thread, which a computation without a pause never does.
 */
export interface WindowKernels {
  /** A place for `numbers` numbers of 8 bytes, with room before and after for reflections and pairs. Contents are what they are. */
  reserve(numbers: number): number;
  floats(address: number, count: number): Float64Array;
  words(address: number, count: number): Int32Array;
  singles(address: number, count: number): Float32Array;
  /** Tables for `band`'s entropy. */
  readonly tables: number;
  transform(x: number, n: number, taps: number, low: number, high: number): void;
  band(c: number, n: number, tables: number, out: number): void;
  moments(x: number, n: number, out: number): void;
  gather(x: number, n: number, min: number, scale: number, ranks: number, count: number, counts: number, buckets: number, gathered: number): number;
  narrow(x: number, n: number, to: number): void;
}

type Exported = Pick<WindowKernels, 'transform' | 'band' | 'moments' | 'gather' | 'narrow'> & { readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number } };

// The part of the global that is used; the types of Node alone do not have it.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

const page = 65_536;
/** Numbers before and after each place: two and three reflected ones, and the second of a pair. */
const before = 2;
const after = 6;
const points = 128;

let instance: Exported | undefined;

/** Kernels with memory for `places` places of `numbers` numbers in all; what an earlier computation reserved is given up. */
export function windowKernels(places: number, numbers: number): WindowKernels {
  instance ??= instantiate();
  const { memory } = instance;
  const needed = 8 * (2 + 2 * points + numbers + places * (before + after));
  if (memory.buffer.byteLength < needed) memory.grow(Math.ceil((needed - memory.buffer.byteLength) / page));
  const { buffer } = memory;
  let next = 16 + 16 * points;
  return {
    ...instance,
    tables: 16,
    reserve(count) {
      const address = next + 8 * before;
      // Places begin at multiples of 16, where pairs are read fastest.
      next = address + 16 * Math.ceil((count + after) / 2);
      if (next > buffer.byteLength) throw new RangeError('more places are reserved than were asked for');
      return address;
    },
    floats: (address, count) => new Float64Array(buffer, address, count),
    words: (address, count) => new Int32Array(buffer, address, count),
    singles: (address, count) => new Float32Array(buffer, address, count),
  };
}

function instantiate(): Exported {
  const exported = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(windowKernelBytes, 'base64'))).exports as Exported;
  const table = new Float64Array(exported.memory.buffer, 16, 2 * points);
  for (let j = 0; j < points; j++) {
    // The inverse of the middle of [1 + j / 128, 1 + (j + 1) / 128), and minus the logarithm of that very number.
    table[2 * j] = 1 / (1 + (j + 0.5) / points);
    table[2 * j + 1] = -Math.log(table[2 * j]!);
  }
  return exported;
}
