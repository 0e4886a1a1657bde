import { applyScaler, checkModelInput, fitScaler, type Scaler, type ScalerKind } from '../../learning/index.js';
import { describeParquet, openFloats, type ByteSource } from '../../table/index.js';

/** The features of a dataset, read where and when they are needed. */
export interface FeatureRows {
  readonly names: readonly string[];
  /** These rows (ascending), row-major, in pieces of whole rows. The same each time. A piece is used before the next is asked for: its memory may be used again. */
  pieces(rows: Int32Array): AsyncIterable<Float32Array>;
  /** One feature of these rows (ascending). */
  column(at: number, rows: Int32Array): Promise<Float32Array>;
}

/** Features in a Parquet file: a piece holds what one row group has of the rows asked for. Roles are checked here. */
export async function parquetFeatures(source: ByteSource, names: readonly string[]): Promise<FeatureRows> {
  const { columns, rowGroups } = await describeParquet(source);
  // Operational features are there only where the features section asked for them.
  checkModelInput(columns, names, { operational: true });
  const starts = rowGroups.reduce<number[]>((list, { rows }) => [...list, list.at(-1)! + rows], [0]);
  async function* groups(rows: Int32Array, wanted: readonly string[]): AsyncIterable<Float32Array> {
    const reader = await openFloats(source, wanted);
    let piece = new Float32Array(0);
    for (let group = 0, next = 0; group < rowGroups.length && next < rows.length; group++) {
      const first = next;
      while (next < rows.length && rows[next]! < starts[group + 1]!) next++;
      if (next === first) continue;
      const length = (next - first) * wanted.length;
      if (piece.length < length) piece = new Float32Array(length);
      yield rowMajor(await reader.read(group), rows.subarray(first, next), starts[group]!, piece.subarray(0, length));
    }
  }
  return {
    names,
    pieces: (rows) => groups(rows, names),
    column: async (at, rows) => joined(groups(rows, [names[at]!]), rows.length),
  };
}

/** Learns the scaler feature by feature, so that memory holds one of them. */
export async function scalerOf(kind: ScalerKind, features: FeatureRows, rows: Int32Array): Promise<Scaler> {
  const parts: Scaler[] = [];
  for (let at = 0; at < features.names.length; at++) parts.push(fitScaler(kind, { rows: rows.length, columns: 1, values: await features.column(at, rows) }));
  return { kind, center: parts.flatMap(({ center }) => center), scale: parts.flatMap(({ scale }) => scale) };
}

export function scaled(features: FeatureRows, scaler: Scaler | null): FeatureRows {
  if (!scaler) return features;
  const columns = features.names.length;
  return {
    names: features.names,
    async *pieces(rows) {
      for await (const values of features.pieces(rows)) yield applyScaler(scaler, { rows: values.length / columns, columns, values });
    },
    async column(at, rows) {
      const values = await features.column(at, rows);
      return applyScaler({ kind: scaler.kind, center: [scaler.center[at]!], scale: [scaler.scale[at]!] }, { rows: rows.length, columns: 1, values });
    },
  };
}

/** All rows asked for as one matrix: for what cannot be done piece by piece. */
export async function matrixOfRows(features: FeatureRows, rows: Int32Array): Promise<Float32Array> {
  return joined(features.pieces(rows), rows.length * features.names.length);
}

/** At most so many of the rows, evenly spread. */
export function someOf(rows: Int32Array, most: number): Int32Array {
  return rows.length <= most ? rows : Int32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);
}

async function joined(pieces: AsyncIterable<Float32Array>, length: number): Promise<Float32Array> {
  const all = new Float32Array(length);
  let at = 0;
  for await (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function rowMajor(columns: readonly Float32Array[], rows: Int32Array, start: number, piece: Float32Array): Float32Array {
  const width = columns.length;
  // Some rows at a time, so that the rows written to stay in the processor's cache.
  for (let from = 0; from < rows.length; from += 256) {
    const to = Math.min(rows.length, from + 256);
    for (let c = 0; c < width; c++) {
      const values = columns[c]!;
      for (let i = from, at = from * width + c; i < to; i++, at += width) piece[at] = values[rows[i]! - start]!;
    }
  }
  return piece;
}
