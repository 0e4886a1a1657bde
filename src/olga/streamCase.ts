import { PenstockError } from '../errors/index.js';
import type { ColumnValues, Table } from '../table/table.js';
import type { CaseNames } from './caseInput.js';
import { labelColumns } from './caseTable.js';
import { locationValue } from './catalogLine.js';
import { leakRows } from './deriveLeaks.js';
import { describeCase, type OlgaCase, type ReadCaseOptions } from './readCase.js';
import { streamTpl, type TplSource, type TplStreamEnd, type TplStreamHeader, type TplStreamRows } from './streamTpl.js';
import { lastWritten, withoutOverlaps, type LastWritten } from './timeline.js';
import { packedColumn, type PackedColumn } from './packedColumn.js';
import type { TplSketch, TplVariable } from './tplFile.js';

export type StreamCaseOptions = Pick<ReadCaseOptions, 'shortRows' | 'overlaps' | 'flowEpsilon'>;

/** A case whose trend file is larger than memory. In `table` and `tpl` all columns are empty. */
export interface StreamedCase extends OlgaCase {
  /** The rows of the table of `readCase`, in tables of so many rows that follow one another, each good until the next one. Reads the file again. */
  tables(rows: number): AsyncGenerator<Table, void, undefined>;
}

/**
 * `readCase` for a trend file of any size: read once for what is known of the case as a whole, then again for its rows.
 * Of all rows only times, leak flows and controllers are held, packed, and these only until leaks are found.
 * `source` is called for each reading.
 * Errors: those of `readCase`; `storage/changed` where the second reading finds other rows than the first.
 */
export async function streamCase(input: CaseNames, source: () => TplSource, options: StreamCaseOptions = {}): Promise<StreamedCase> {
  const reading = { file: input.tpl.name, ...(options.shortRows && { shortRows: options.shortRows }) };
  const recorded = await sketch(source(), reading);
  const last = options.overlaps === 'keep-last' ? lastWritten(recorded.segments, recorded.time.seconds) : undefined;
  const { read, times } = describeCase(input, last ? withoutOverlaps(recorded, last) : recorded, options);
  const { table, tpl, leaks } = read;
  const recordedRows = recorded.rows;
  return {
    ...read,
    async *tables(most) {
      let rows = 0;
      let given = 0;
      for await (const chunk of streamTpl(source(), { ...reading, chunkBytes: 8 * most * (tpl.variables.length + 1), reuse: true })) {
        if (chunk.kind !== 'rows') continue;
        rows += chunk.rows;
        if (rows > recordedRows) break;
        const kept = last ? rowsThatStay(chunk, last, given) : chunk;
        if (kept.rows === 0) continue;
        const values = new Map<string, ColumnValues>(tpl.variables.map((variable, at) => [variable.key, kept.columns[at]!]));
        const labels = leakRows(times, given, kept.rows, (variable) => kept.columns[tpl.variables.indexOf(variable)]!);
        for (const column of labelColumns(leaks, labels)) values.set(column.name, column.values);
        values.set('time', kept.seconds).set('segment', kept.segment);
        given += kept.rows;
        yield { rows: kept.rows, columns: table.columns.map((column) => ({ ...column, values: values.get(column.name)! })), metadata: table.metadata };
      }
      if (rows !== recordedRows) throw new PenstockError('storage/changed', 'the file changed while it was read', { file: input.tpl.name });
    },
  };
}

/** The rows of a chunk that no restart writes again; `given` of those came before it. */
function rowsThatStay(chunk: TplStreamRows, { rows, segments }: LastWritten, given: number): Pick<TplStreamRows, 'rows' | 'seconds' | 'columns' | 'segment'> {
  let end = given;
  while (end < rows.length && rows[end]! < chunk.first + chunk.rows) end++;
  const stay = rows.subarray(given, end);
  const take = (values: Float64Array): Float64Array => Float64Array.from(stay, (row) => values[row - chunk.first]!);
  const segment = new Int32Array(stay.length);
  for (const [at, { from, to }] of segments.entries()) if (to > given && from < end) segment.fill(at, Math.max(from - given, 0), to - given);
  return { rows: stay.length, seconds: take(chunk.seconds), columns: chunk.columns.map(take), segment };
}

/** All columns are read, so that the same rows are left out as later, and those that tell of leaks are kept. */
async function sketch(source: TplSource, reading: Parameters<typeof streamTpl>[1]): Promise<TplSketch> {
  let header: TplStreamHeader | undefined;
  let end: TplStreamEnd | undefined;
  const seconds = packedColumn();
  let kept: (PackedColumn | undefined)[] = [];
  for await (const chunk of streamTpl(source, { ...reading, reuse: true })) {
    if (chunk.kind === 'header') {
      header = chunk;
      kept = chunk.variables.map((variable) => (tellsOfLeaks(variable) ? packedColumn() : undefined));
    } else if (chunk.kind === 'end') end = chunk;
    else {
      seconds.add(chunk.seconds);
      for (const [at, column] of kept.entries()) column?.add(chunk.columns[at]!);
    }
  }
  const { rows, segments, lineEnding, truncated, skipped, lines, warnings } = end!;
  const { version, meta, encoding, geometry, variables, timeUnit } = header!;
  const none = new Float64Array(0);
  return {
    kind: 'trend', version, meta, encoding, lineEnding, geometry, variables, time: { unit: timeUnit, seconds },
    columns: kept.map((column) => column ?? none), rows, segments, lines, truncated, skipped, warnings,
  };
}

/** What `recordedLeaks`, `deriveLeaks` and `columnRoles` look at. */
function tellsOfLeaks(variable: TplVariable): boolean {
  const name = variable.name.toUpperCase();
  if (name === 'GTLEAK') return locationValue(variable, 'LEAK') !== undefined;
  if (name === 'GTSOUR') return locationValue(variable, 'SOURCE') !== undefined;
  return name === 'CONTR' && locationValue(variable, 'CONTROLLER') !== undefined;
}
