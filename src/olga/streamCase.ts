import { PenstockError } from '../errors/index.js';
import type { Table } from '../table/table.js';
import type { CaseNames } from './caseInput.js';
import { locationValue } from './catalogLine.js';
import { describeCase, type OlgaCase, type ReadCaseOptions } from './readCase.js';
import { streamTpl, type TplSource, type TplStreamEnd, type TplStreamHeader } from './streamTpl.js';
import type { TplFile, TplVariable } from './tplFile.js';

export type StreamCaseOptions = Pick<ReadCaseOptions, 'shortRows' | 'flowEpsilon'>;

/** A case whose trend file is larger than memory. In `table` and `tpl` the columns that say nothing about leaks are empty. */
export interface StreamedCase extends OlgaCase {
  /** The rows of the table of `readCase`, in tables of so many rows that follow one another. Reads the file again. */
  tables(rows: number): AsyncGenerator<Table, void, undefined>;
}

/**
 * `readCase` for a trend file of any size: read once for what is known of the case as a whole, then again for its rows.
 * Of all rows only time, leak flows, controllers and labels are held, about 60 bytes each. `source` is called for each reading.
 * Errors: those of `readCase`; `storage/changed` where the second reading finds other rows than the first.
 */
export async function streamCase(input: CaseNames, source: () => TplSource, options: StreamCaseOptions = {}): Promise<StreamedCase> {
  const reading = { file: input.tpl.name, ...(options.shortRows && { shortRows: options.shortRows }) };
  const tpl = await sketch(source(), reading);
  const described = describeCase(input, tpl, options);
  const { table } = described;
  const variableOf = new Map(tpl.variables.map((variable, at) => [variable.key, at]));
  return {
    ...described,
    async *tables(most) {
      let rows = 0;
      for await (const chunk of streamTpl(source(), { ...reading, chunkBytes: 8 * most * (tpl.variables.length + 1) })) {
        if (chunk.kind !== 'rows') continue;
        const columns = table.columns.map((column) => {
          const at = variableOf.get(column.name);
          const values = at === undefined ? (column.values as Float64Array).subarray(chunk.first, chunk.first + chunk.rows) : chunk.columns[at]!;
          return { ...column, values };
        });
        rows += chunk.rows;
        if (rows > tpl.rows) break;
        yield { rows: chunk.rows, columns, metadata: table.metadata };
      }
      if (rows !== tpl.rows) throw new PenstockError('storage/changed', 'the file changed while it was read', { file: input.tpl.name });
    },
  };
}

/** All columns are read, so that the same rows are left out as later, and those that tell of leaks are kept. */
async function sketch(source: TplSource, reading: Parameters<typeof streamTpl>[1]): Promise<TplFile> {
  let header: TplStreamHeader | undefined;
  let end: TplStreamEnd | undefined;
  const seconds: Float64Array[] = [];
  let kept: (Float64Array[] | undefined)[] = [];
  for await (const chunk of streamTpl(source, reading)) {
    if (chunk.kind === 'header') {
      header = chunk;
      kept = chunk.variables.map((variable) => (tellsOfLeaks(variable) ? [] : undefined));
    } else if (chunk.kind === 'end') end = chunk;
    else {
      seconds.push(chunk.seconds);
      for (const [at, parts] of kept.entries()) parts?.push(chunk.columns[at]!);
    }
  }
  const { rows, segments, lineEnding, truncated, skipped, lines, warnings } = end!;
  const { version, meta, encoding, geometry, variables, timeUnit } = header!;
  return {
    kind: 'trend', version, meta, encoding, lineEnding, geometry, variables, time: { unit: timeUnit, seconds: together(seconds, rows) },
    columns: kept.map((parts) => (parts ? together(parts, rows) : new Float64Array(0))), rows, segments, lines, truncated, skipped, warnings,
  };
}

/** What `recordedLeaks`, `deriveLeaks` and `columnRoles` look at. */
function tellsOfLeaks(variable: TplVariable): boolean {
  const name = variable.name.toUpperCase();
  if (name === 'GTLEAK') return locationValue(variable, 'LEAK') !== undefined;
  if (name === 'GTSOUR') return locationValue(variable, 'SOURCE') !== undefined;
  return name === 'CONTR' && locationValue(variable, 'CONTROLLER') !== undefined;
}

/** Gives each part back as soon as it is copied. */
function together(parts: Float64Array[], rows: number): Float64Array {
  const all = new Float64Array(rows);
  let at = 0;
  for (let part = parts.shift(); part; part = parts.shift()) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
