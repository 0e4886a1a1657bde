import { caseTable } from './caseTable.js';
import { checkPairing } from './checkPairing.js';
import { columnRoles } from './columnRoles.js';
import { findLeaks, leakRows, type DeriveLeaksOptions, type LeakTimes } from './deriveLeaks.js';
import type { Genkey } from './genkeyFile.js';
import type { CaseInput, CaseNames, CaseSummary } from './caseInput.js';
import type { Leak } from './leak.js';
import { lineGeometry } from './lineGeometry.js';
import { readGenkey } from './readGenkey.js';
import { readTpl } from './readTpl.js';
import type { Table } from '../table/table.js';
import { inPieces, type Numbers } from './packedColumn.js';
import type { ColumnMemory, ShortRows, TplFile, TplSketch, TplVariable, Warning } from './tplFile.js';

export interface ReadCaseOptions extends DeriveLeaksOptions {
  readonly shortRows?: ShortRows;
  /** What to do where a restart wrote rows again; see `ReadTplOptions`. */
  readonly overlaps?: 'keep' | 'keep-last';
  /** Variables that the table gets; leaks and roles are found from all of them. Default: all. */
  readonly select?: (variable: TplVariable) => boolean;
  /** Where the columns of the trend file shall lie; see `ReadTplOptions`. */
  readonly memory?: ColumnMemory;
}

export interface OlgaCase {
  readonly tpl: TplFile;
  readonly genkey?: Genkey;
  readonly leaks: readonly Leak[];
  readonly table: Table;
  readonly summary: CaseSummary;
  readonly warnings: readonly Warning[];
}

/**
 * Reads one case: the trend file, its input file if there is one, what leaked, and the table of it all (`caseTable`).
 * Errors: those of `readTpl` and `readGenkey`, and `olga/pairing` where the two files describe different lines.
 */
export function readCase(input: CaseInput, options: ReadCaseOptions = {}): OlgaCase {
  const tpl = readTpl(input.tpl.bytes, { file: input.tpl.name, ...(options.shortRows && { shortRows: options.shortRows }), ...(options.overlaps && { overlaps: options.overlaps }), ...(options.memory && { memory: options.memory }) });
  return describeCase(input, tpl, options, tpl).read;
}

/** What follows from both files of a case once the trend file is read. `kept` goes into the table; by default nothing but the names of its columns does. */
export function describeCase(input: CaseNames, tpl: TplSketch, options: ReadCaseOptions, kept: TplFile = withoutRows(tpl)): { read: OlgaCase; times: readonly LeakTimes[] } {
  const genkey = input.genkey && readGenkey(input.genkey.bytes, { file: input.genkey.name });
  const geometry = genkey && lineGeometry(genkey);
  const pairing: Warning[] = [];
  if (geometry !== undefined) checkPairing(tpl, geometry, { tpl: input.tpl.name, genkey: input.genkey!.name }, pairing);
  const leaks = findLeaks(tpl, genkey, options);
  const roles = columnRoles(tpl, genkey);
  const summary = summarise(tpl);
  const labels = leakRows(leaks.times, 0, kept.time.seconds.length, (variable) => kept.columns[kept.variables.indexOf(variable)]!);
  const table = caseTable({ input, tpl: kept, genkey, geometry, leaks: leaks.leaks, labels, roles, summary, select: options.select });
  const warnings = [...tpl.warnings, ...(genkey?.warnings ?? []), ...(geometry?.warnings ?? []), ...pairing, ...leaks.warnings];
  return { read: { tpl: kept, ...(genkey === undefined ? {} : { genkey }), leaks: leaks.leaks, table, summary, warnings }, times: leaks.times };
}

function withoutRows(tpl: TplSketch): TplFile {
  const none = new Float64Array(0);
  return { ...tpl, time: { ...tpl.time, seconds: none }, columns: tpl.columns.map(() => none) };
}

function summarise(tpl: TplSketch): CaseSummary {
  const { seconds } = tpl.time;
  const medianStep = medianOfSteps(seconds);
  const summary = { rows: tpl.rows, first: seconds.at(0) ?? NaN, last: seconds.at(-1) ?? NaN, medianStep };
  const { branches, unit } = tpl.geometry;
  if (branches.length === 0 || unit.toUpperCase() !== 'M') return summary;
  return {
    ...summary,
    length: branches.reduce((sum, { x }) => sum + x.at(-1)! - x[0]!, 0),
    sections: branches.reduce((sum, { x }) => sum + x.length - 1, 0),
  };
}

/** NaN where there are fewer than two rows. */
function medianOfSteps(seconds: Numbers): number {
  if (seconds.length < 2) return NaN;
  const counted = seconds.length > manyRows ? countedSteps(seconds) : undefined;
  if (counted) return middleOf(seconds.length - 1, counted);
  const steps = stepsOf(seconds.subarray(0, seconds.length));
  // Mostly all are the same, and need no sorting.
  if (!isRising(steps)) steps.sort();
  return middleOf(steps.length, (at) => steps[at]!);
}

function stepsOf(values: Float64Array): Float64Array {
  const steps = new Float64Array(values.length - 1);
  for (let at = 0; at < steps.length; at++) steps[at] = values[at + 1]! - values[at]!;
  return steps;
}

function isRising(values: Float64Array): boolean {
  for (let at = 1; at < values.length; at++) if (values[at]! < values[at - 1]!) return false;
  return true;
}

function middleOf(count: number, sorted: (at: number) => number): number {
  const middle = count >> 1;
  return count % 2 === 1 ? sorted(middle) : (sorted(middle - 1) + sorted(middle)) / 2;
}

const manyRows = 1_000_000;
const mostSteps = 100_000;

/** The steps in order of their size, held as how often each occurs; undefined where nearly every one is another. */
function countedSteps(seconds: Numbers): ((at: number) => number) | undefined {
  const counts = new Map<number, number>();
  for (const [values] of inPieces(seconds, 0, seconds.length, 1)) {
    for (let row = 1; row < values.length; row++) {
      const step = values[row]! - values[row - 1]!;
      counts.set(step, (counts.get(step) ?? 0) + 1);
    }
    if (counts.size > mostSteps) return undefined;
  }
  const sorted = Float64Array.from(counts.keys()).sort();
  return (at) => {
    let below = 0;
    return sorted.find((step) => (below += counts.get(step)!) > at)!;
  };
}
