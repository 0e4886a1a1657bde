import type { InferenceSession } from 'onnxruntime-node';
import { PenstockError } from '../../errors/index.js';
import { onnxInput, onnxOutput } from './exportOnnx.js';

export interface Scorer {
  /** Columns that `score` expects. */
  readonly columns: number;
  /** Scores per row: 1 for binary classifiers (the probability of class 1) and regression, else the number of classes. */
  readonly outputs: number;
  /** Scores of row-major float32 rows, `rows * outputs` values. NaN means missing. A row's score does not depend on the others. */
  score(values: Float32Array, rows: number): Promise<Float64Array>;
  close(): Promise<void>;
}

export interface ScorerOptions {
  /** Threads inside one call. Default 1, so that sums are added in one order. */
  readonly threads?: number;
}

/**
 * Opens a model written by `exportOnnx` in onnxruntime.
 *
 * Throws `learning/bundle` when the bytes are not such a model.
 */
export async function openScorer(onnx: Uint8Array, { threads = 1 }: ScorerOptions = {}): Promise<Scorer> {
  // Loaded here and not above: its native library takes time and memory that users of splits and thresholds need not spend.
  const runtime = await import('onnxruntime-node');
  const session = await createSession(runtime, onnx, threads);
  const columns = widthOf(session.inputMetadata, onnxInput);
  const outputs = widthOf(session.outputMetadata, onnxOutput);
  return {
    columns,
    outputs,
    async score(values, rows) {
      if (values.length !== rows * columns) {
        throw new PenstockError('learning/invalid-data', `${values.length} values were given for ${rows} rows; the model needs ${columns} per row`);
      }
      if (rows === 0) return new Float64Array(0);
      const result = await session.run({ [onnxInput]: new runtime.Tensor('float32', values, [rows, columns]) });
      return result[onnxOutput]!.data as Float64Array;
    },
    close: () => session.release(),
  };
}

async function createSession(runtime: typeof import('onnxruntime-node'), onnx: Uint8Array, threads: number): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(onnx, {
      intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential', logSeverityLevel: 3,
      // Threads that spin while they wait take as much processor again as the scoring, and slow it where cores are shared.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    throw new PenstockError('learning/bundle', `onnxruntime cannot read the model: ${cause instanceof Error ? cause.message : String(cause)}`, {}, { cause });
  }
}

function widthOf(metadata: readonly InferenceSession.ValueMetadata[], name: string): number {
  const value = metadata.find((entry) => entry.name === name);
  const width = value?.isTensor ? value.shape[1] : undefined;
  if (typeof width !== 'number') {
    throw new PenstockError('learning/bundle', `the ONNX model has no table "${name}"; it has ${metadata.map((entry) => `"${entry.name}"`).join(', ')}`);
  }
  return width;
}
