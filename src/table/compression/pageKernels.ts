import { pageKernelBytes } from './pageKernelBytes.js';

/**
 * The kernels of `pageKernels.wat` and `huffmanKernels.wat` with the memory they work in: they need no time to become fast, as loops in JavaScript do.
 * Not for two computations at once on one thread, which a computation without a pause never does.
 */
interface PageKernels {
  split8(from: number, rows: number, planes: number): void;
  split4(from: number, rows: number, planes: number): void;
  run(from: number, to: number, byte: number): number;
  count(from: number, to: number): void;
  stream(from: number, to: number, out: number): number;
  code(): number;
  weights(out: number): number;
}

type Exported = PageKernels & { readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number } };

// The part of the global that is used; the types of Node alone do not have it.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** Largest page that fits. */
export const largestPage = 1 << 20;

// Where things lie in the kernels' memory.
const factsAt = 5120;
// Behind what the Huffman kernels use, up to 15,128.
const outAt = 1 << 14;
const planesAt = outAt + (1 << 16);
const sourceAt = planesAt + largestPage + 64;
const memoryPages = Math.ceil((sourceAt + largestPage + 256) / 65_536);

const kernels = instantiate();
const { buffer } = kernels.memory;
const all = new Uint8Array(buffer);
const differing = new Uint8Array(buffer, factsAt, 16);
const limits64 = new Float64Array(buffer, factsAt + 16, 4);
const limits32 = new Float32Array(buffer, factsAt + 16, 8);

function instantiate(): Exported {
  const exported = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(pageKernelBytes, 'base64'))).exports as Exported;
  exported.memory.grow(memoryPages - 1);
  return exported;
}

/** How often each byte occurs in what was counted last. */
export const counts = new Uint32Array(buffer, 0, 256);

/** A page of numbers whose bytes are sorted by their place. */
export interface SplitPage {
  /** The first bytes of all, then the second ones, and so on. Good until the next page is split. */
  readonly bytes: Uint8Array;
  /** One bit per place: whether its bytes are not all the same. */
  readonly varying: number;
  /** NaN counts for nothing; Infinity and -Infinity where nothing else is there. */
  readonly min: number;
  readonly max: number;
}

const fewestRows = 16;

/** At most `largestPage` bytes. */
export function splitPage(values: Float64Array | Float32Array): SplitPage {
  const { length, BYTES_PER_ELEMENT: width, byteLength } = values;
  const bytes = all.subarray(planesAt, planesAt + byteLength);
  if (length < fewestRows) return splitFew(values, bytes);
  all.set(new Uint8Array(values.buffer, values.byteOffset, byteLength), sourceAt);
  kernels[width === 8 ? 'split8' : 'split4'](sourceAt, length, planesAt);
  let varying = 0;
  for (let at = 0; at < 16; at++) if (differing[at] !== 0) varying |= 1 << (at % width);
  const limits = width === 8 ? limits64 : limits32;
  const half = limits.length / 2;
  let min = Infinity;
  let max = -Infinity;
  for (let at = 0; at < half; at++) {
    min = Math.min(min, limits[at]!);
    max = Math.max(max, limits[half + at]!);
  }
  return { bytes, varying, min, max };
}

function splitFew(values: Float64Array | Float32Array, bytes: Uint8Array): SplitPage {
  const { length: rows, BYTES_PER_ELEMENT: width } = values;
  const source = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let min = Infinity;
  let max = -Infinity;
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    if (value < min) min = value;
    if (value > max) max = value;
    for (let place = 0; place < width; place++) bytes[place * rows + row] = source[row * width + place]!;
  }
  return { bytes, varying: -1, min, max };
}

/** Where these bytes lie in the kernels' memory; they are brought there if they must. */
function addressOf(bytes: Uint8Array, from: number, to: number): number {
  if (bytes.buffer === buffer) return bytes.byteOffset + from;
  all.set(bytes.subarray(from, to), sourceAt);
  return sourceAt;
}

/** Where a run of `byte` ends that goes on at `from`, `to` at the latest. */
export function endOfRun(bytes: Uint8Array, byte: number, from: number, to: number): number {
  if (bytes.buffer === buffer) return kernels.run(bytes.byteOffset + from, bytes.byteOffset + to, byte) - bytes.byteOffset;
  while (from < to && bytes[from] === byte) from++;
  return from;
}

/** Fills `counts`; at most a block of bytes. */
export function countBytes(bytes: Uint8Array, from: number, to: number): void {
  const address = addressOf(bytes, from, to);
  kernels.count(address, address + to - from);
}

/** Makes a Huffman code for the `counts`, no code longer than 11 bits; at least two bytes must occur. Answers the bits that all take together. */
export function makeCode(): number {
  return kernels.code();
}

/** Writes how the code that was made last is read, at `at`; answers the end, -1 where the format has no room for it. */
export function writeWeights(into: Uint8Array, at: number): number {
  const end = kernels.weights(outAt);
  if (end === 0) return -1;
  into.set(all.subarray(outAt, end), at);
  return at + end - outAt;
}

/** Writes a part of a block, at most 2^15 bytes, in the code that was made last, at `at`; answers the end. */
export function writeStream(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): number {
  const address = addressOf(bytes, from, to);
  const end = kernels.stream(address, address + to - from, outAt);
  into.set(all.subarray(outAt, end), at);
  return at + end - outAt;
}
