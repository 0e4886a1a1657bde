import { rowKernelBytes } from './rowKernelBytes.js';

/** The kernel of `rowKernels.wat` and the memory it works in. Not for two computations at once on one thread, which a computation without a pause never does. */
interface RowKernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  rows(at: number, limit: number, width: number, values: number, stride: number, row: number, most: number): void;
}

// The part of the global that is used; the types of Node alone do not have it.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** Text that lies in the kernel's memory at a time. */
const textBytes = 1 << 17;
/** Numbers that it writes at most. */
export const kernelValues = 1 << 15;

// Where things lie in the kernel's memory.
const stoppedAt = 128;
const powersAt = 256;
const wantedAt = 1024;
const textAt = 1 << 16;
const valuesAt = textAt + textBytes + 64;
const memoryPages = Math.ceil((valuesAt + 8 * kernelValues) / 65_536);

const kernels = instantiate();
const { buffer } = kernels.memory;
const all = new Uint8Array(buffer);
const stopped = new Uint32Array(buffer, stoppedAt, 4);

/** Where the kernel writes numbers; whoever fills it by other means shares it. */
export const kernelBlock = new Float64Array(buffer, valuesAt, kernelValues);

function instantiate(): RowKernels {
  const exported = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(rowKernelBytes, 'base64'))).exports as RowKernels;
  exported.memory.grow(memoryPages - 1);
  const { buffer: memory } = exported.memory;
  const bytes = new Uint8Array(memory);
  bytes.set(new TextEncoder().encode('0.000000E+00'));
  // Either case of the E, either sign; what stands behind is not looked at.
  bytes.set([255, 255, 255, 255, 255, 255, 255, 255, 0xdf, 0xf9, 255, 255], 16);
  bytes.set([9, 0, 9, 9, 9, 9, 9, 9, 0, 0, 9, 9], 32);
  new Int16Array(memory, 48, 8).set([1000, 100, 10, 1, 100, 10, 1, 0]);
  new Int16Array(memory, 80, 8).set([1000, 1000, 1, 1, 1000, 1000, 1, 1]);
  // 10^q is a factor of 10^q or a divisor of 10^-q: one of the two steps is by 1, and the other is exactly rounded because
  // digits and power are exact (Clinger 1990).
  new Float64Array(memory, powersAt, 90).set(Array.from({ length: 45 }, (_, at) => [Number(`1e${Math.max(at - 22, 0)}`), Number(`1e${Math.max(22 - at, 0)}`)]).flat());
  return exported;
}

/** A stretch of text that was brought into the kernel's memory: bytes [from, to) of it. */
export interface KernelText {
  from: number;
  to: number;
}

/** What was read of a stretch: where it stopped, the rows that are there then, and how many lines ended with LF and with CR LF. */
export interface KernelRows {
  readonly at: number;
  readonly rows: number;
  readonly lf: number;
  readonly crlf: number;
}

/**
 * Reads lines in the layout of OLGA from `at` into `kernelBlock`, row r of wanted column k at `k * stride + r`, beginning with row `rows`. Stops at a
 * line that is anything else, at the end of what the kernel's memory holds, and where the block is full. `text` says what it holds already.
 */
export function readRows(bytes: Uint8Array, at: number, limit: number, point: number, wanted: Uint8Array, stride: number, rows: number, text: KernelText): KernelRows {
  if (at < text.from || at >= text.to) {
    const end = Math.min(limit, at + textBytes);
    text.from = at;
    // Only whole lines: the kernel looks for no end.
    text.to = bytes.lastIndexOf(10, end - 1) + 1;
    if (text.to <= at) return { at, rows, lf: 0, crlf: 0 };
    all.set(bytes.subarray(at, text.to), textAt);
  }
  all[1] = point;
  all.set(wanted, wantedAt);
  const offset = textAt - text.from;
  kernels.rows(at + offset, text.to + offset, wanted.length, valuesAt, 8 * stride, rows, stride);
  return { at: stopped[0]! - offset, rows: stopped[1]!, lf: stopped[2]!, crlf: stopped[3]! };
}
