import koffi from 'koffi';
import { PenstockError } from '../../errors/index.js';

/** A C pointer that LightGBM handed out: a dataset or a booster. */
export type Handle = bigint;

/** Out-parameters are one-element typed arrays, model texts are NUL-terminated bytes, no pointer is `null`. */
type NativeArgument = number | string | null | Handle | NativeArray;
type NativeArray = Float32Array | Float64Array | Int32Array | BigInt64Array | BigUint64Array | Uint8Array;
type NativeFunction = (...values: NativeArgument[]) => number;

const pointer = 'void *';
const int = 'int32_t';
const long = 'int64_t';
const text = 'str';

const signatures = {
  LGBM_DatasetCreateFromMat: [pointer, int, int, int, int, text, pointer, pointer],
  LGBM_DatasetCreateFromSampledColumn: [pointer, pointer, int, pointer, int, int, long, text, pointer],
  LGBM_DatasetCreateByReference: [pointer, long, pointer],
  LGBM_DatasetPushRows: [pointer, pointer, int, int, int, int],
  LGBM_GetSampleCount: [int, text, pointer],
  LGBM_SampleIndices: [int, text, pointer, pointer],
  LGBM_DatasetSetField: [pointer, text, pointer, int, int],
  LGBM_DatasetSetFeatureNames: [pointer, pointer, int],
  LGBM_DatasetFree: [pointer],
  LGBM_BoosterCreate: [pointer, text, pointer],
  LGBM_BoosterLoadModelFromString: [pointer, pointer, pointer],
  LGBM_BoosterAddValidData: [pointer, pointer],
  LGBM_BoosterUpdateOneIter: [pointer, pointer],
  LGBM_BoosterGetCurrentIteration: [pointer, pointer],
  LGBM_BoosterGetNumFeature: [pointer, pointer],
  LGBM_BoosterGetEvalCounts: [pointer, pointer],
  LGBM_BoosterGetEvalNames: [pointer, int, pointer, long, pointer, pointer],
  LGBM_BoosterGetEval: [pointer, int, pointer, pointer],
  LGBM_BoosterCalcNumPredict: [pointer, int, int, int, int, pointer],
  LGBM_BoosterPredictForMat: [pointer, pointer, int, int, int, int, int, int, int, text, pointer, pointer],
  LGBM_BoosterSaveModelToString: [pointer, int, int, int, long, pointer, pointer],
  LGBM_BoosterDumpModel: [pointer, int, int, int, long, pointer, pointer],
  LGBM_BoosterFeatureImportance: [pointer, int, int, pointer],
  LGBM_BoosterFree: [pointer],
  LGBM_DumpParamAliases: [long, pointer, pointer],
} as const;

export type FunctionName = keyof typeof signatures;

/** The loaded LightGBM library: its C functions, called on this thread. */
export interface Lightgbm {
  readonly path: string;
  /** Returns the C status; prefer `call`. */
  readonly functions: Readonly<Record<FunctionName, NativeFunction>>;
  readonly lastError: () => string;
}

/**
 * Loads LightGBM 4.7.0 from a shared library. Calls are synchronous, because LightGBM keeps error texts and log levels per
 * thread: load it in the process that trains, and let that process do nothing else.
 *
 * Throws `learning/library-missing` with the loader's message when the file, or a library it needs such as libgomp, is absent.
 */
export function openLightgbm(libraryPath: string): Lightgbm {
  // libgomp reads this when it is loaded. Its default, spinning at barriers, slows training up to a hundredfold on a busy host.
  process.env['OMP_WAIT_POLICY'] ??= 'passive';
  try {
    const library = koffi.load(libraryPath);
    const functions = Object.fromEntries(
      Object.entries(signatures).map(([name, types]) => [name, library.func(name, 'int', [...types]) as NativeFunction]),
    ) as Record<FunctionName, NativeFunction>;
    return { path: libraryPath, functions, lastError: library.func('LGBM_GetLastError', text, []) as () => string };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PenstockError('learning/library-missing', `cannot load LightGBM: ${reason}`, { file: libraryPath }, { cause });
  }
}

/** What LightGBM refused: the C function and its own message. Callers that know what was wrong rethrow it as such. */
export class LightgbmRefusal extends Error {
  readonly functionName: FunctionName;

  constructor(functionName: FunctionName, message: string) {
    super(message);
    this.name = 'LightgbmRefusal';
    this.functionName = functionName;
  }
}

export function call(library: Lightgbm, name: FunctionName, ...values: NativeArgument[]): void {
  if (library.functions[name](...values) !== 0) throw new LightgbmRefusal(name, library.lastError());
}

/** Calls a function that writes a NUL-terminated text; `write` gets the capacity, the needed size and the buffer. */
export function readText(write: (capacity: number, needed: BigInt64Array, buffer: Uint8Array) => void): string {
  for (let capacity = 1 << 20; ; ) {
    const buffer = Buffer.allocUnsafe(capacity);
    const needed = new BigInt64Array(1);
    write(capacity, needed, buffer);
    const size = Number(needed[0]);
    if (size <= capacity) return buffer.toString('utf8', 0, size - 1);
    capacity = size;
  }
}

/** A `char **` of the given buffers, which must be kept alive until the call returns. */
export function pointersTo(buffers: readonly Uint8Array[]): BigUint64Array {
  return BigUint64Array.from(buffers, (buffer) => koffi.address(buffer));
}
