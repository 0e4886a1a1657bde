import { PenstockError } from '../../errors/index.js';
import { decodeParquetFrom, describeParquet, numbers, strings, type ByteSource, type Table } from '../../table/index.js';
import { imbalanceColumn } from '../featureTable.js';

/** What training must know of every window of a dataset beside its features: one value per row of the dataset, in its order. */
export interface WindowRows {
  readonly rows: number;
  readonly cases: readonly string[];
  /** A case and its twin are one group. */
  readonly groups: readonly string[];
  readonly phases: readonly string[];
  /** 1 where a window is leak or healthy and straddles neither a gap nor a restart: what may be learnt from. */
  readonly usable: Uint8Array;
  /** The label column: 1 where a window leaks. */
  readonly leaks: Uint8Array;
  readonly endTime: Float64Array;
  readonly windowIndex: Float64Array;
  readonly leakFlow: Float64Array;
  readonly position: Float64Array;
  readonly diameter: Float64Array;
  readonly sinceOnset: Float64Array;
  readonly imbalance: Float64Array;
}

/** Text of many rows is held once per different text. */
type Interned = { readonly values: string[]; add(texts: readonly string[]): void };

/** Reads the columns of a dataset that are not features, row group by row group. */
export async function readWindowRows(source: ByteSource, label = 'label'): Promise<WindowRows> {
  const { rowGroups, rows } = await describeParquet(source);
  const collected = collectWindowRows(rows);
  const columns = [...new Set([...bookkeepingColumns, label])];
  for (let group = 0; group < rowGroups.length; group++) collected.add(await decodeParquetFrom(source, { columns, rowGroups: [group] }), label);
  return collected.end();
}

const bookkeepingColumns = [
  'case_id', 'case_group', 'phase', 'gap', 'restart', 'end_time', 'window_index', 'leak_flow_kg_s', 'leak_position_m', 'leak_diameter_m', 'since_onset_s', imbalanceColumn,
];

/** Collects windows part by part. */
export function collectWindowRows(rows: number): { add(part: Table, label: string): void; end(): WindowRows } {
  const [cases, groups, phases] = [interned(), interned(), interned()];
  const numbersOf = (): Float64Array => new Float64Array(rows);
  const filled = {
    usable: new Uint8Array(rows), leaks: new Uint8Array(rows), endTime: numbersOf(), windowIndex: numbersOf(), leakFlow: numbersOf(), position: numbersOf(),
    diameter: numbersOf(), sinceOnset: numbersOf(), imbalance: numbersOf(),
  };
  let at = 0;
  return {
    add(part, label) {
      cases.add(strings(part, 'case_id'));
      groups.add(strings(part, 'case_group'));
      phases.add(strings(part, 'phase'));
      const [gap, restart, flag] = [numbers(part, 'gap'), numbers(part, 'restart'), numbers(part, label)];
      for (let row = 0; row < part.rows; row++) {
        const phase = phases.values[at + row];
        filled.usable[at + row] = (phase === 'healthy' || phase === 'leak') && gap[row] === 0 && restart[row] === 0 ? 1 : 0;
        filled.leaks[at + row] = flag[row]! > 0 ? 1 : 0;
      }
      filled.endTime.set(numbers(part, 'end_time'), at);
      filled.windowIndex.set(numbers(part, 'window_index'), at);
      filled.leakFlow.set(numbers(part, 'leak_flow_kg_s'), at);
      filled.position.set(numbers(part, 'leak_position_m'), at);
      filled.diameter.set(numbers(part, 'leak_diameter_m'), at);
      filled.sinceOnset.set(numbers(part, 'since_onset_s'), at);
      filled.imbalance.set(numbers(part, imbalanceColumn), at);
      at += part.rows;
    },
    end() {
      if (!filled.usable.includes(1)) {
        throw new PenstockError('learning/invalid-data', `all ${rows} windows lie in warm-up or recovery, or straddle a gap or a restart; check warmup_seconds and recovery_seconds`);
      }
      return { rows, cases: cases.values, groups: groups.values, phases: phases.values, ...filled };
    },
  };
}

function interned(): Interned {
  const known = new Map<string, string>();
  const values: string[] = [];
  return {
    values,
    add(texts) {
      for (const text of texts) {
        const same = known.get(text);
        if (same === undefined) known.set(text, text);
        values.push(same ?? text);
      }
    },
  };
}

/** Windows that may be learnt from and leak. */
export function leakRows({ usable, phases }: WindowRows): Int32Array {
  return Int32Array.from(usable.keys()).filter((row) => usable[row] === 1 && phases[row] === 'leak');
}

/** Windows that may be learnt from. */
export function usableRows({ usable }: WindowRows): Int32Array {
  return Int32Array.from(usable.keys()).filter((row) => usable[row] === 1);
}

/** One name per leak event: its case and its onset. Windows of one event have the same. */
export function eventOf({ cases, endTime, sinceOnset }: WindowRows, row: number): string {
  return `${cases[row]} ${(endTime[row]! - sinceOnset[row]!).toFixed(3)}`;
}
