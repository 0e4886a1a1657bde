import { PenstockError } from '../errors/index.js';
import { encodingOf, lineCursor } from './lineCursor.js';
import { passOn } from './rowBuffer.js';
import { finishSeries, readSeries } from './readSeries.js';
import { readTplHeader } from './readTplHeader.js';
import { seriesState, type SeriesState } from './seriesState.js';
import { textDecoding, withoutFill, type TextDecoding } from './textBytes.js';
import type { LineEnding, ReadTplOptions, TextEncoding, TplHeader, TplLines, TplVariable, Warning } from './tplFile.js';
import { secondsPer } from './units.js';

const longestHeader = 64 * 2 ** 20;

/** A trend file's header, as soon as it has been read. */
export interface TplHead extends TplHeader {
  readonly encoding: TextEncoding;
  /** The selected variables, in file order. */
  readonly selected: readonly TplVariable[];
  /** Seconds in one unit of the time column. */
  readonly secondsPerUnit: number;
}

/** The reading of one trend file, fed with its bytes in any pieces: the same for a file in memory and a stream. */
export interface TplReading {
  readonly options: ReadTplOptions;
  /** Values per chunk; Infinity to keep all rows together. */
  readonly chunkValues: number;
  readonly text: TextDecoding;
  readonly warnings: Warning[];
  /** Bytes that are not done. */
  held: Uint8Array;
  /** While the header is not complete: how many bytes there must be before it is tried again. */
  tryAt: number;
  head: TplHead | undefined;
  series: SeriesState | undefined;
}

export interface ReadingResult {
  readonly lineEnding: LineEnding;
  readonly truncated: boolean;
  readonly skipped: readonly { readonly line: number; readonly reason: string }[];
  readonly lines: Omit<TplLines, 'overlapped'>;
}

export function tplReading(options: ReadTplOptions, chunkValues = Infinity): TplReading {
  return { options, chunkValues, text: textDecoding(), warnings: [], held: new Uint8Array(), tryAt: 0, head: undefined, series: undefined };
}

/** Takes the next bytes; `final` says that they are the last ones. Finished chunks lie in `series.buffer.ready`. */
export function feed(reading: TplReading, piece: Uint8Array, final: boolean): void {
  const bytes = reading.text.decode(piece, final);
  if (reading.series === undefined) {
    reading.held = joined(reading.held, bytes);
    if (final) reading.held = withoutFill(reading.held);
    if (!final && reading.held.length < reading.tryAt) return;
    readHead(reading, final);
    if (reading.series === undefined) return;
    reading.held = reading.held.subarray(readSeries(reading.series, reading.held, final));
  } else if (reading.held.length === 0) {
    reading.held = bytes.subarray(readSeries(reading.series, bytes, final));
  } else {
    // Only the line that was cut is put together; the rest is read where it lies.
    const end = bytes.indexOf(10) + 1;
    const line = joined(reading.held, bytes.subarray(0, end));
    const lineDone = end === 0 ? 0 : readSeries(reading.series, line, false);
    const rest = lineDone < line.length ? joined(line.subarray(lineDone), bytes.subarray(end)) : bytes.subarray(end);
    reading.held = rest.subarray(readSeries(reading.series, rest, final));
  }
  // The piece may be used again by whoever gave it.
  reading.held = final ? new Uint8Array() : withoutPadding(reading.held);
}

/** What is known at the end. All rows lie in `series.buffer.ready` now. */
export function finish(reading: TplReading): ReadingResult {
  const series = reading.series!;
  finishSeries(series, reading.warnings);
  passOn(series.buffer);
  const { lf, crlf, cr } = series.endings;
  const endings = [lf > 0 && 'lf', crlf > 0 && 'crlf', cr > 0 && 'cr'].filter((ending) => ending !== false) as LineEnding[];
  return {
    lineEnding: endings.length > 1 ? 'mixed' : (endings[0] ?? 'lf'),
    truncated: series.truncated,
    skipped: series.skipped,
    lines: { total: series.total, perRow: series.pattern.length, skipped: series.skippedLines, cut: series.cutLines },
  };
}

/** Reads the header if it is all there; else it is tried again when twice as much is. */
function readHead(reading: TplReading, final: boolean): void {
  const { options, held } = reading;
  const whole = final ? held.length : Math.max(held.lastIndexOf(10), held.lastIndexOf(13, held.length - 2)) + 1;
  const cursor = lineCursor(held.subarray(0, whole), !final);
  const warnings: Warning[] = [];
  let header: TplHeader;
  try {
    header = readTplHeader(cursor, options.file, warnings);
  } catch (error) {
    const early = error instanceof PenstockError && (error.code === 'olga/truncated' || (whole === 0 && held.length < 4096));
    if (final || !early || held.length > longestHeader) throw error;
    reading.tryAt = 2 * held.length;
    return;
  }
  const secondsPerUnit = secondsPer(header.timeUnit);
  if (secondsPerUnit === undefined) {
    throw new PenstockError('olga/syntax', `the time unit is ${JSON.stringify(header.timeUnit)}; allowed are S, M, MIN, H and D`, { file: options.file, line: cursor.line });
  }
  const selected = header.variables.filter((variable) => options.select?.(variable) ?? true);
  reading.head = { ...header, encoding: reading.text.encoding() ?? encodingOf(cursor), selected, secondsPerUnit };
  reading.warnings.push(...warnings);
  reading.held = held.subarray(cursor.at);
  const series = seriesState({
    variables: header.variables, selected, line: cursor.line, policy: options.shortRows, file: options.file,
    chunkRows: reading.chunkValues === Infinity ? Infinity : Math.max(1, Math.floor(reading.chunkValues / (selected.length + 1))),
    expectedRows: expectedRows(reading.held, header.variables.length + 1), memory: options.memory,
  });
  for (const ending of cursor.endings) series.endings[ending]++;
  reading.series = series;
}

/** A guess from the first line, so that columns rarely grow; what the bytes can hold at most bounds it. */
function expectedRows(bytes: Uint8Array, width: number): number {
  const line = bytes.indexOf(10);
  return Math.ceil((bytes.length / Math.max(line, 2 * width - 1)) * 1.02) + 2;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** A copy, in which NULs at the end, with which some systems fill up cut files, are one. */
function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 1 && bytes[end - 1] === 0 && bytes[end - 2] === 0) end--;
  return bytes.slice(0, end);
}
