import type { LineEnding, ReadTplOptions, TextEncoding, TplGeometry, TplLines, TplSegment, TplVariable, Warning } from './tplFile.js';
import { followTime, segmentsOf, timeline, warnAboutTime } from './timeline.js';
import { takeBack } from './rowBuffer.js';
import { feed, finish, tplReading } from './tplReading.js';

/** Bytes in order, or a file that can be read by ranges [start, end). */
export type TplSource =
  | AsyncIterable<Uint8Array>
  | { readonly size: number; read(start: number, end: number): Promise<Uint8Array> };

export interface StreamTplOptions extends Omit<ReadTplOptions, 'overlaps'> {
  /** Bytes of the columns of one chunk. Default 4 MiB. */
  readonly chunkBytes?: number;
  /** The arrays of a chunk are good until the next chunk is asked for, which may lie in the same memory. By default they belong to whoever receives them. */
  readonly reuse?: boolean;
}

/** What a trend file says before its numbers. */
export interface TplStreamHeader {
  readonly kind: 'header';
  readonly version: string;
  readonly meta: Record<string, string[]>;
  readonly encoding: TextEncoding;
  readonly geometry: TplGeometry;
  /** The selected variables, in file order. */
  readonly variables: readonly TplVariable[];
  /** Unit of the time column as in the file; chunks are in seconds. */
  readonly timeUnit: string;
}

/** Consecutive rows. The arrays belong to whoever receives the chunk; see `reuse`. */
export interface TplStreamRows {
  readonly kind: 'rows';
  /** Number of the first row, from 0. */
  readonly first: number;
  readonly rows: number;
  readonly seconds: Float64Array;
  /** One per entry of the header's `variables`, in the unit of the file. */
  readonly columns: readonly Float64Array[];
  /** Number of each row's segment, from 0: the next one begins where time runs backwards. */
  readonly segment: Int32Array;
}

/** What is only known at the end; the fields are those of `TplFile`. */
export interface TplStreamEnd {
  readonly kind: 'end';
  readonly rows: number;
  readonly segments: readonly TplSegment[];
  readonly lineEnding: LineEnding;
  readonly truncated: boolean;
  readonly skipped: readonly { readonly line: number; readonly reason: string }[];
  readonly lines: TplLines;
  readonly warnings: readonly Warning[];
}

export type TplChunk = TplStreamHeader | TplStreamRows | TplStreamEnd;

const pieceBytes = 2 ** 20;

/**
 * Reads a trend file of any size in constant memory: its header, then its rows in chunks, then what is known at the
 * end. The rows are those of `readTpl` with `overlaps: 'keep'`, and so are errors, which come when they are met.
 */
export async function* streamTpl(source: TplSource, options: StreamTplOptions = {}): AsyncGenerator<TplChunk, void, undefined> {
  const reading = tplReading(options, Math.max(1, (options.chunkBytes ?? 4 * 2 ** 20) / 8));
  const line = timeline();
  let begun = false;
  const chunks = function* (): Generator<TplChunk> {
    const { head, series } = reading;
    if (head === undefined || series === undefined) return;
    if (!begun) {
      begun = true;
      const { version, meta, encoding, geometry, selected, timeUnit } = head;
      yield { kind: 'header', version, meta, encoding, geometry, variables: selected, timeUnit };
    }
    for (let chunk = series.buffer.ready.shift(); chunk !== undefined; chunk = series.buffer.ready.shift()) {
      const [time, ...columns] = chunk;
      const { length } = time!;
      if (length === 0) continue;
      const seconds = head.secondsPerUnit === 1 ? time! : time!.map((value) => value * head.secondsPerUnit);
      const segment = new Int32Array(length);
      const first = line.rows;
      followTime(line, seconds, segment);
      yield { kind: 'rows', first, rows: length, seconds, columns, segment };
      if (options.reuse) takeBack(series.buffer, chunk);
    }
  };
  for await (const piece of piecesOf(source)) {
    feed(reading, piece, false);
    yield* chunks();
  }
  feed(reading, new Uint8Array(), true);
  const { lines, ...result } = finish(reading);
  yield* chunks();
  warnAboutTime(line, 0, reading.warnings);
  yield { kind: 'end', rows: line.rows, segments: segmentsOf(line), lines: { ...lines, overlapped: 0 }, ...result, warnings: reading.warnings };
}

/** Pieces of about 1 MiB, however the source cuts them: neither a byte at a time nor all at once. */
async function* piecesOf(source: TplSource): AsyncGenerator<Uint8Array> {
  if ('size' in source) {
    yield* rangesOf(source);
    return;
  }
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of source) {
    if (bytes.length < pieceBytes / 4) {
      // Copied, because a source may use its buffer again.
      waiting.push(bytes.slice());
      size += bytes.length;
      if (size < pieceBytes / 4) continue;
    }
    if (size > 0) yield together(waiting, size);
    waiting = [];
    if (bytes.length >= pieceBytes / 4) for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    size = 0;
  }
  if (size > 0) yield together(waiting, size);
}

function together(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Reads the next range while the one before it is worked on. */
async function* rangesOf(source: { readonly size: number; read(start: number, end: number): Promise<Uint8Array> }): AsyncGenerator<Uint8Array> {
  const read = (start: number): Promise<Uint8Array> | undefined => {
    if (start >= source.size) return undefined;
    const range = source.read(start, Math.min(start + pieceBytes, source.size));
    // If the consumer stops early, nobody waits for this range.
    range.catch(() => undefined);
    return range;
  };
  let next = read(0);
  for (let at = pieceBytes; next !== undefined; at += pieceBytes) {
    const bytes: Uint8Array = await next;
    next = read(at);
    yield bytes;
  }
}
