import { call, pointersTo, type Handle, type Lightgbm } from './library.js';
import { checkPiece, isStream, type Matrix, type MatrixStream } from './matrix.js';

const float32 = 0;
const rowMajor = 1;
/** LightGBM leaves values this near to zero out of the sample that it finds its bins by. */
const zeroThreshold = Math.fround(1e-35);

/** Names inside the model. LightGBM alters or refuses many real names, so those stay in our own schema. */
function innerNames(columns: number): string[] {
  return Array.from({ length: columns }, (_, i) => `f${i}`);
}

/** Copies rows into LightGBM's binned form. Validation data must name the training data, whose bins it uses. */
export async function createDataset(library: Lightgbm, data: Matrix | MatrixStream, name: string, parameters: string, reference: Handle | null): Promise<Handle> {
  const dataset = isStream(data) ? await fromStream(library, data, name, parameters, reference) : fromMatrix(library, data, parameters, reference);
  call(library, 'LGBM_DatasetSetField', dataset, 'label', data.labels, data.labels.length, float32);
  if (data.weights) call(library, 'LGBM_DatasetSetField', dataset, 'weight', data.weights, data.weights.length, float32);
  if (reference === null) setFeatureNames(library, dataset, innerNames(data.columns));
  return dataset;
}

export function freeDataset(library: Lightgbm, dataset: Handle): void {
  call(library, 'LGBM_DatasetFree', dataset);
}

function fromMatrix(library: Lightgbm, matrix: Matrix, parameters: string, reference: Handle | null): Handle {
  const out = new BigUint64Array(1);
  call(library, 'LGBM_DatasetCreateFromMat', matrix.values, float32, matrix.rows, matrix.columns, rowMajor, parameters, reference, out);
  return out[0]!;
}

/** Reads the rows twice: for the sample that gives the bins, and to put them in. The same bins as from a matrix of these rows. */
async function fromStream(library: Lightgbm, stream: MatrixStream, name: string, parameters: string, reference: Handle | null): Promise<Handle> {
  const dataset = reference === null ? await sampledDataset(library, stream, parameters) : referringDataset(library, stream.rows, reference);
  try {
    let start = 0;
    for await (const piece of stream.pieces()) {
      const rows = checkPiece(piece, stream, start, name);
      call(library, 'LGBM_DatasetPushRows', dataset, piece, float32, rows, stream.columns, start);
      start += rows;
    }
    checkPiece(undefined, stream, start, name);
    return dataset;
  } catch (error) {
    freeDataset(library, dataset);
    throw error;
  }
}

function referringDataset(library: Lightgbm, rows: number, reference: Handle): Handle {
  const out = new BigUint64Array(1);
  call(library, 'LGBM_DatasetCreateByReference', reference, rows, out);
  return out[0]!;
}

/** An empty dataset whose bins come from LightGBM's own choice of rows. */
async function sampledDataset(library: Lightgbm, stream: MatrixStream, parameters: string): Promise<Handle> {
  const chosen = sampleRows(library, stream.rows, parameters);
  const sample = columnSample(stream.columns, chosen.length);
  let start = 0;
  let next = 0;
  for await (const piece of stream.pieces()) {
    const end = start + piece.length / stream.columns;
    const first = next;
    while (next < chosen.length && chosen[next]! < end) next++;
    sample.add(piece, chosen.subarray(first, next), start, first);
    start = end;
  }
  const { values, indices, counts } = sample.end();
  const out = new BigUint64Array(1);
  call(library, 'LGBM_DatasetCreateFromSampledColumn', pointersTo(values), pointersTo(indices), stream.columns, counts, chosen.length, stream.rows, stream.rows, parameters, out);
  return out[0]!;
}

function sampleRows(library: Lightgbm, rows: number, parameters: string): Int32Array {
  const count = new Int32Array(1);
  call(library, 'LGBM_GetSampleCount', rows, parameters, count);
  const chosen = new Int32Array(count[0]!);
  call(library, 'LGBM_SampleIndices', rows, parameters, chosen, count);
  return chosen.subarray(0, count[0]);
}

/** The sampled values by column, zeros left out. Columns without zeros share one list of row numbers, which halves the memory. */
function columnSample(columns: number, most: number): {
  /** Takes these rows of a piece that begins at row `start`; the first of them is the one numbered `index` of the sample. */
  add(piece: Float32Array, rows: Int32Array, start: number, index: number): void;
  end(): { values: Uint8Array[]; indices: Uint8Array[]; counts: Int32Array };
} {
  const values = Array.from({ length: columns }, () => new Float64Array(most));
  const all = Int32Array.from({ length: most }, (_, i) => i);
  const indices = Array.from({ length: columns }, () => all);
  const counts = new Int32Array(columns);
  function addColumn(piece: Float32Array, rows: Int32Array, start: number, index: number, c: number): void {
    const into = values[c]!;
    let at = counts[c]!;
    for (let i = 0; i < rows.length; i++) {
      const value = piece[(rows[i]! - start) * columns + c]!;
      if (value <= zeroThreshold && value >= -zeroThreshold) {
        if (indices[c] === all) indices[c] = all.slice();
        continue;
      }
      into[at] = value;
      if (indices[c] !== all) indices[c]![at] = index + i;
      at++;
    }
    counts[c] = at;
  }
  return {
    add(piece, rows, start, index) {
      // Some rows at a time, so that they stay in the processor's cache.
      for (let from = 0; from < rows.length; from += 64) {
        for (let c = 0; c < columns; c++) addColumn(piece, rows.subarray(from, from + 64), start, index + from, c);
      }
    },
    end: () => ({ values: values.map(bytesOf), indices: indices.map(bytesOf), counts }),
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function setFeatureNames(library: Lightgbm, dataset: Handle, names: readonly string[]): void {
  const texts = names.map((name) => Buffer.from(`${name}\0`, 'utf8'));
  call(library, 'LGBM_DatasetSetFeatureNames', dataset, pointersTo(texts), texts.length);
}
