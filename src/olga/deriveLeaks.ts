import { locationValue } from './catalogLine.js';
import type { Genkey, GenkeyStatement } from './genkeyFile.js';
import type { Leak, LeakInterval } from './leak.js';
import { agreement, flowRuns, noFlow, recordedLeaks, type RecordedLeak, type Run } from './leakFlow.js';
import { intervalsOf } from './leakIntervals.js';
import { leakSchedule, withinRun, type ExpectedOpening, type OpenTime, type Schedule } from './leakSchedule.js';
import { flowPathOf, lineGeometry, placeOf } from './lineGeometry.js';
import { quantities, quantity } from './quantities.js';
import { sameLabel, textOf } from './readGenkey.js';
import { someValue, type Numbers } from './packedColumn.js';
import { sourceSchedule, unrecordedSources } from './sourceLeaks.js';
import type { TplFile, TplSketch, TplVariable, Warning } from './tplFile.js';

/** Holes below it are closed: input files write 0.0001 inch for "none". Metres. */
const noDiameter = 1e-5;

export interface DeriveLeaksOptions {
  /** |GTLEAK| above it is a leak. Default 1e-6 kg/s. */
  readonly flowEpsilon?: number;
}

export interface Leaks {
  readonly leaks: readonly Leak[];
  /** Sum of |GTLEAK| over all leaks, kg/s, one per row; NaN where a leak is open and its flow was not recorded. */
  readonly flow: Float64Array;
  /** 1 in the rows in which at least one leak flows, else 0. */
  readonly state: Int32Array;
  /** Number of the largest leak that flows (from 0, in `leaks`), -1 where none does; one per row. */
  readonly active: Int32Array;
  readonly warnings: readonly Warning[];
}

/** What is known of the leaks of a case without a look at single rows. */
export interface FoundLeaks {
  readonly leaks: readonly Leak[];
  /** When each of them flows, and the variable that records how much, if one does. */
  readonly times: readonly LeakTimes[];
  readonly warnings: readonly Warning[];
}

export interface LeakTimes {
  readonly runs: readonly Run[];
  readonly variable?: TplVariable;
}

/**
 * The leaks of a case with their intervals. What the trend file records decides whether and when a leak flows; the
 * input file adds place and size, and the exact onset. Where the two disagree, `consistent` is false and a warning says
 * so. A leak whose flow was not recorded is taken from the schedule alone.
 */
export function deriveLeaks(tpl: TplFile, genkey?: Genkey, options: DeriveLeaksOptions = {}): Leaks {
  const { leaks, times, warnings } = findLeaks(tpl, genkey, options);
  return { leaks, ...leakRows(times, 0, tpl.rows, (variable) => tpl.columns[tpl.variables.indexOf(variable)]!), warnings };
}

export function findLeaks(tpl: TplSketch, genkey?: Genkey, options: DeriveLeaksOptions = {}): FoundLeaks {
  const epsilon = options.flowEpsilon ?? noFlow;
  const warnings: Warning[] = [];
  const pairs = matchLeaks(tpl, recordedLeaks(tpl, epsilon), genkey === undefined ? [] : plannedLeaks(genkey, warnings), genkey === undefined ? [] : unrecordedSources(tpl, genkey));
  if (pairs.length === 0 && genkey === undefined) {
    warnings.push({ code: 'leak-unrecorded', message: 'no leak is recorded and there is no input file: the case counts as free of leaks' });
  }
  const found = pairs.map(({ recorded, planned }) => {
    const { leak, runs } = recorded?.flow === undefined
      ? leakFromSchedule(tpl, recorded, planned, warnings)
      : leakFromFlow(tpl, recorded, recorded.flow, planned, epsilon, warnings);
    return { leak, times: { runs, ...(recorded?.flow !== undefined && { variable: recorded.variable! }) } };
  });
  return { leaks: found.map(({ leak }) => leak), times: found.map(({ times }) => times), warnings };
}

/** Flow, state and largest leak of `count` rows from row `first` on; `flowOf` gives what a variable has in them. */
export function leakRows(
  times: readonly LeakTimes[], first: number, count: number, flowOf: (variable: TplVariable) => Float64Array,
): Pick<Leaks, 'flow' | 'state' | 'active'> {
  const rows = { flow: new Float64Array(count), state: new Int32Array(count), active: new Int32Array(count).fill(-1) };
  // Only several leaks can flow in one row.
  const largest = times.length > 1 ? new Float64Array(count) : undefined;
  for (const [index, { runs, variable }] of times.entries()) {
    const flow = variable && flowOf(variable);
    if (flow) addSizes(flow, rows.flow);
    for (const run of runs) {
      const [from, to] = [Math.max(run.first - first, 0), Math.min(run.last + 1 - first, count)];
      if (from >= to) continue;
      rows.state.fill(1, from, to);
      if (!flow) rows.flow.fill(NaN, from, to);
      if (largest) takeLarger(rows.active, largest, index, flow, from, to);
      else rows.active.fill(index, from, to);
    }
  }
  return rows;
}

function addSizes(flow: Float64Array, sum: Float64Array): void {
  for (let row = 0; row < sum.length; row++) sum[row] = sum[row]! + Math.abs(flow[row]!);
}

/** Puts the number of this leak where no other one flows, or only smaller ones. */
function takeLarger(active: Int32Array, largest: Float64Array, index: number, flow: Float64Array | undefined, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    const size = flow === undefined ? 0 : Math.abs(flow[row]!);
    if (active[row]! >= 0 && size <= largest[row]!) continue;
    active[row] = index;
    largest[row] = size;
  }
}

interface PlannedLeak {
  readonly name: string;
  readonly statement: GenkeyStatement;
  readonly schedule: Schedule;
  readonly flowPath?: string;
  readonly position?: number;
  readonly section?: { readonly from: number; readonly to: number };
  readonly diameter?: number;
  readonly backPressure?: number;
}

/** Every LEAK of every flow path of the input file, and every SOURCE, which counts only where it takes out at times and there is no leak. */
function plannedLeaks(genkey: Genkey, warnings: Warning[]): PlannedLeak[] {
  const { flowPaths } = lineGeometry(genkey);
  return genkey.statements.filter(({ keyword }) => keyword === 'LEAK' || keyword === 'SOURCE').map((statement) => {
    const quiet: Warning[] = statement.keyword === 'LEAK' ? warnings : [];
    const path = flowPathOf(flowPaths, statement);
    const place = path && placeOf(path, statement, quiet);
    const backPressure = quantity(statement, 'BACKPRESSURE', 'pressure', quiet);
    const diameters = quantities(statement, 'DIAMETER', 'length', quiet);
    return {
      name: textOf(statement, 'LABEL') ?? '',
      statement,
      schedule: statement.keyword === 'LEAK' ? leakSchedule(genkey, statement, quiet) : sourceSchedule(genkey, statement),
      ...(path === undefined ? {} : { flowPath: path.name }),
      ...(place === undefined ? {} : place),
      ...(diameters === undefined ? {} : { diameter: Math.max(...diameters) }),
      ...(backPressure === undefined ? {} : { backPressure }),
    };
  });
}

interface LeakPair {
  readonly recorded?: RecordedLeak;
  readonly planned?: PlannedLeak;
}

/**
 * By label, whatever the case; a label used in several flow paths is matched in order. Where nothing was recorded of a leak, and no LEAK
 * can flow, the sources that take out at times stand for leaks.
 */
function matchLeaks(tpl: TplSketch, recorded: readonly RecordedLeak[], planned: readonly PlannedLeak[], sources: readonly GenkeyStatement[]): LeakPair[] {
  const left = [...planned];
  const pairs: LeakPair[] = recorded.map((leak) => {
    const at = left.findIndex((candidate) => candidate.statement.keyword === leak.kind && sameLabel(candidate.name, leak.name));
    const [match] = at < 0 ? [] : left.splice(at, 1);
    return match === undefined ? { recorded: leak } : { recorded: leak, planned: match };
  });
  const leaks = left.filter((leak) => leak.statement.keyword === 'LEAK');
  const hasLeak = recorded.some((leak) => leak.kind === 'LEAK') || leaks.some((leak) => effectiveOpenings(leak, tpl)?.length !== 0);
  const standIns = hasLeak ? [] : left.filter((leak) => sources.includes(leak.statement));
  return [...pairs, ...[...leaks, ...standIns].map((leak) => ({ planned: leak }))];
}

interface DerivedLeak {
  readonly leak: Leak;
  readonly runs: readonly Run[];
}

function leakFromFlow(
  tpl: TplSketch, recorded: RecordedLeak, flow: Numbers, planned: PlannedLeak | undefined, epsilon: number, warnings: Warning[],
): DerivedLeak {
  const { seconds } = tpl.time;
  const runs = flowRuns(flow, epsilon, tpl.segments);
  const expected = planned && effectiveOpenings(planned, tpl);
  const intervals = intervalsOf(runs, seconds, flow, openingColumn(tpl, flow, planned?.schedule.controller, epsilon), expected ?? []);
  const consistent = expected === undefined || agrees(runs, intervals, expected, seconds);
  if (!consistent) {
    warnings.push({
      code: 'leak-disagreement', line: planned!.statement.line,
      message: `leak ${recorded.name}: the input file opens it ${count(expected.length)}, the recorded flow ${count(runs.length)}, or at other times; the recorded flow counts`,
    });
  }
  if (recorded.kind === 'SOURCE') warnings.push(sourceAsLeak(recorded.name));
  if (someValue(flow, (value) => Number.isNaN(value))) {
    warnings.push({ code: 'leak-flow-nan', message: `the flow of leak ${recorded.name} is not a number in some rows; they count as free of leaks` });
  }
  const sources = [`column ${recorded.variable!.key}`, ...provenanceOf(planned)];
  return { leak: describe(planned?.name ?? recorded.name, planned, intervals, consistent, sources), runs };
}

/** Nothing was recorded of the flow: the schedule and the size decide, and a missing schedule leaves the leak unknown. */
function leakFromSchedule(tpl: TplSketch, recorded: RecordedLeak | undefined, planned: PlannedLeak | undefined, warnings: Warning[]): DerivedLeak {
  const name = planned?.name ?? recorded!.name;
  const expected = planned && effectiveOpenings(planned, tpl);
  if (expected === undefined) {
    warnings.push({ code: 'leak-unknown', message: `leak ${name}: neither its flow nor its schedule is known; it counts as closed` });
    return { leak: describe(name, planned, [], false, provenanceOf(planned)), runs: [] };
  }
  if (expected.length > 0) warnings.push({ code: 'leak-from-schedule', message: `leak ${name}: its flow (${planned!.statement.keyword === 'LEAK' ? 'GTLEAK' : 'GTSOUR'}) was not recorded; the schedule of the input file counts` });
  if (planned!.statement.keyword === 'SOURCE') warnings.push(sourceAsLeak(name));
  const intervals = expected.map(({ start, end }) => ({ start, end, peakFlow: NaN }));
  return { leak: describe(name, planned, intervals, true, provenanceOf(planned)), runs: rowsWithin(expected, tpl.time.seconds) };
}

function sourceAsLeak(name: string): Warning {
  return { code: 'source-as-leak', message: `the source ${name} only takes out, at times: it counts as a leak` };
}

/** Openings within the run of a leak that has a size; undefined where the input file does not tell. */
function effectiveOpenings(planned: PlannedLeak, tpl: TplSketch): ExpectedOpening[] | undefined {
  if (planned.statement.keyword === 'LEAK' && planned.diameter !== undefined && planned.diameter <= noDiameter) return [];
  const { open } = planned.schedule;
  const { seconds } = tpl.time;
  return open && tpl.segments.flatMap((segment) =>
    withinRun(open, seconds.at(segment.from)!, seconds.at(segment.to - 1)!).map((time) => ({ ...time, segment })));
}

/** Rows strictly between the ends; a time that is cut by the run's ends takes in the outer row. */
function rowsWithin(open: readonly ExpectedOpening[], seconds: Numbers): Run[] {
  return open.flatMap(({ start, end, segment }) => {
    let first = segment.from;
    while (first < segment.to && seconds.at(first)! <= start && start > seconds.at(segment.from)!) first++;
    let last = segment.to - 1;
    while (last >= first && seconds.at(last)! >= end && end < seconds.at(segment.to - 1)!) last--;
    return first <= last ? [{ first, last, segment }] : [];
  });
}

/** As many times, and each within two steps, or a second, of the schedule. */
function agrees(runs: readonly Run[], intervals: readonly LeakInterval[], expected: readonly OpenTime[], seconds: Numbers): boolean {
  if (runs.length !== expected.length) return false;
  return runs.every(({ first, last }, at) => {
    const [begin, end] = [seconds.at(first)!, seconds.at(last)!];
    const step = Math.max(first > 0 ? begin - seconds.at(first - 1)! : 0, (seconds.at(last + 1) ?? end) - end);
    const tolerance = Math.max(1, 2 * step);
    return Math.abs(intervals[at]!.start - expected[at]!.start) <= tolerance && Math.abs(intervals[at]!.end - expected[at]!.end) <= tolerance;
  });
}

/** The recorded output of the leak's controller: the one wired to it, or, unknown, the one that follows the flow. */
function openingColumn(tpl: TplSketch, flow: Numbers, controller: string | undefined, epsilon: number): Numbers | undefined {
  const at = tpl.variables.findIndex((variable, index) => {
    const name = locationValue(variable, 'CONTROLLER');
    if (name === undefined || variable.name.toUpperCase() !== 'CONTR') return false;
    return controller === undefined ? agreement(tpl.columns[index]!, flow, epsilon) >= 0.99 : sameLabel(name, controller);
  });
  return at < 0 ? undefined : tpl.columns[at];
}

function provenanceOf(planned: PlannedLeak | undefined): string[] {
  if (planned === undefined) return [];
  const { keyword, line } = planned.statement;
  return [...new Set([`${keyword} line ${line}`, planned.schedule.source])];
}

function describe(name: string, planned: PlannedLeak | undefined, intervals: LeakInterval[], consistent: boolean, sources: string[]): Leak {
  return {
    name,
    ...(planned?.flowPath === undefined ? {} : { flowPath: planned.flowPath }),
    ...(planned?.position === undefined ? {} : { position: planned.position }),
    ...(planned?.section === undefined ? {} : { section: planned.section }),
    ...(planned?.diameter === undefined ? {} : { diameter: planned.diameter }),
    ...(planned?.backPressure === undefined ? {} : { backPressure: planned.backPressure }),
    intervals,
    consistent,
    provenance: sources.join('; '),
  };
}

function count(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}
