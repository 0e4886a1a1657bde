import { PenstockError } from '../errors/index.js';
import type { ParquetCsvConfig } from '../pipelines/index.js';
import { numbers, strings, type ParquetDescription, type Table } from '../table/index.js';

/** Chooses rows of a table that comes piece by piece, in order. */
export interface RowFilter {
  /** The columns it looks at. */
  readonly columns: readonly string[];
  /** Where it is there, every piece is shown to it before the first is chosen from. */
  readonly look?: (piece: Table) => void;
  /** The rows to keep, from 0. */
  readonly rows: (piece: Table) => Int32Array;
}

type Columns = ParquetDescription['columns'];

/**
 * The filter that a section asks for, or undefined where all rows stay. A row leaks where the leak column is above 0; rows
 * whose leak column is missing neither leak nor are they free of it. An onset is the first row of each span of leaking
 * rows, of each case where the table holds several (column `case_id`).
 * Errors: `table/column-missing` where the table has no leak column or, for `around_onset`, no time.
 */
export function leakFilter(config: ParquetCsvConfig, columns: Columns): RowFilter | undefined {
  if (config.leak_filter === 'all') return undefined;
  const leak = leakColumn(columns, config.leak_column);
  if (config.leak_filter === 'leak_only') return { columns: [leak], rows: (piece) => rowsWhere(numbers(piece, leak), (value) => value > 0) };
  if (config.leak_filter === 'no_leak') return { columns: [leak], rows: (piece) => rowsWhere(numbers(piece, leak), (value) => value <= 0) };
  return aroundOnset(config, columns, leak);
}

function aroundOnset(config: ParquetCsvConfig, columns: Columns, leak: string): RowFilter {
  const time = timeColumn(columns);
  const ofCase = columns.some(({ name, type }) => name === 'case_id' && type === 'string') ? 'case_id' : undefined;
  const caseAt = (piece: Table): ((row: number) => string) => {
    const cases = ofCase === undefined ? undefined : strings(piece, ofCase);
    return (row) => cases?.[row] ?? '';
  };
  const onsets = new Map<string, number[]>();
  let before: { readonly id: string; readonly leaks: boolean } | undefined;
  return {
    columns: [leak, time, ...(ofCase === undefined ? [] : [ofCase])],
    look(piece) {
      const [flags, times, idOf] = [numbers(piece, leak), numbers(piece, time), caseAt(piece)];
      for (let row = 0; row < piece.rows; row++) {
        const now = { id: idOf(row), leaks: flags[row]! > 0 };
        if (now.leaks && !(before?.leaks && before.id === now.id)) onsets.set(now.id, [...(onsets.get(now.id) ?? []), times[row]!]);
        before = now;
      }
    },
    rows(piece) {
      const [times, idOf] = [numbers(piece, time), caseAt(piece)];
      return rowsWhere(times, (at, row) =>
        onsets.get(idOf(row))?.some((onset) => at >= onset - config.onset_before_seconds && at <= onset + config.onset_after_seconds) ?? false);
    },
  };
}

/** The column named; tables of windows know the same by the name of `label`. */
function leakColumn(columns: Columns, asked: string): string {
  const names = columns.filter(({ type }) => type !== 'string' && type !== 'unsupported').map(({ name }) => name);
  const found = names.find((name) => name === asked) ?? names.find((name) => name.toLowerCase() === asked.toLowerCase());
  if (found !== undefined) return found;
  if (asked === 'LEAK' && columns.some(({ name, role }) => name === 'label' && role === 'truth')) return 'label';
  throw new PenstockError('table/column-missing', `leak_filter needs the column "${asked}"; the table has ${names.join(', ')}`, { key: 'leak_column' });
}

/** `time` of a series, or the time of a window's last row, which its label tells about. */
function timeColumn(columns: Columns): string {
  const clocks = columns.filter(({ role, type }) => role === 'clock' && type !== 'string' && type !== 'unsupported').map(({ name }) => name);
  const found = ['time', 'end_time'].map((asked) => clocks.find((name) => name.toLowerCase() === asked)).find((name) => name !== undefined);
  if (found !== undefined) return found;
  throw new PenstockError('table/column-missing', `leak_filter around_onset needs a clock column "time" or "end_time"; the table has the clocks ${clocks.join(', ') || 'none'}`, { key: 'leak_filter' });
}

function rowsWhere(values: ArrayLike<number>, keep: (value: number, row: number) => boolean): Int32Array {
  const rows = new Int32Array(values.length);
  let count = 0;
  for (let row = 0; row < rows.length; row++) if (keep(values[row]!, row)) rows[count++] = row;
  return rows.subarray(0, count);
}
