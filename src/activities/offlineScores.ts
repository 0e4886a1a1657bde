import { phaseCode, regimeNames, regimesOf, releasedMass, type CaseLeak, type RegimeRule, type ScoredCase } from '../evaluation/index.js';
import type { Leak } from '../olga/index.js';
import type { TestOfflineConfig } from '../pipelines/index.js';
import { windowStateNames, windowStates, type FeaturePlan } from '../signal/index.js';
import type { PublishedFile } from '../storage/index.js';
import { decodeParquet, numbers, strings, type Column, type Table } from '../table/index.js';
import type { RecordedCase } from './offlineSources.js';
import { lineSignals, scoreSeries, type OpenBundle } from './scoreSeries.js';

/** What is kept of a case, beside the scores of each bundle. */
export interface CaseRecord {
  readonly case_id: string;
  readonly group: string;
  readonly leaks: readonly CaseLeak[];
  readonly length_m: number | null;
  readonly scored: readonly BundleScores[];
}

/** The scores of one bundle on one case. */
export interface BundleScores {
  readonly scores: PublishedFile;
  /** Seconds from one window to the next. */
  readonly step_seconds: number;
  /** Mean flow of the first flow signal over the healthy windows, kg/s; null where no flow is measured. */
  readonly mean_flow: number | null;
}

/** Columns of the stored scores: of the detector and of the baselines that its bundle carries. */
export const scoreColumns = { model: 'score', clock_only: 'score_clock_only', imbalance: 'score_imbalance' } as const;
export type ScoreColumn = (typeof scoreColumns)[keyof typeof scoreColumns];

/**
 * A case by one bundle: a row per window with its truth, its regime, the mass released until then, the scores, and the state that `predict` would
 * give the window in place of a score. Here every window keeps its score: what counts must not hang on what a bundle thinks of its inputs.
 */
export async function scoreHeldOut(
  bundle: OpenBundle, recorded: RecordedCase, caseId: string, rule: RegimeRule,
): Promise<{ table: Table; series: Table; stepSeconds: number; meanFlow: number | null }> {
  const { table, series, index, facts } = await scoreSeries(bundle, recorded.table, { caseId, group: recorded.group, leaks: recorded.leaks });
  const released: Column = { name: 'released_kg', values: releasedUpTo(recorded.table, numbers(table, 'end_time')), unit: 'kg', role: 'truth' };
  const ends = numbers(table, 'end_row');
  const signals = lineSignals(bundle.preparation);
  const rows = regimesOf(signalsOf(series, signals), rule);
  const regime: Column = { name: 'regime', values: Array.from(ends, (end) => regimeNames[rows[end - 1]!]!), unit: '', role: 'id' };
  const { codes } = windowStates(series, index, signals);
  const state: Column = { name: 'state', values: Array.from(codes, (code) => windowStateNames[code]!), unit: '', role: 'id' };
  return { table: { ...table, columns: [...table.columns, released, regime, state] }, series, stepSeconds: facts.step_seconds, meanFlow: facts.mean_flow };
}

export function regimeRuleOf({ regimes }: TestOfflineConfig): RegimeRule {
  return { shutInPercent: regimes.shut_in_percent, transientPercent: regimes.transient_percent, transientSeconds: regimes.transient_seconds, slackPressure: regimes.slack_pressure };
}

/** Leaks as the evaluation takes them. */
export function caseLeaks(leaks: readonly Leak[]): CaseLeak[] {
  return leaks.map(({ name, position, diameter, intervals }) => ({ name, position, diameter, intervals }));
}

/**
 * What every detector of a bundle has in common on a case, from the stored scores; `scoreOf` then gives each its own. With `states`, for a bundle
 * that knows the ranges of its training, also which windows lie outside of them.
 */
export async function readScores(record: CaseRecord, bundle: number, bytes: Uint8Array, states = false): Promise<{ scored: Omit<ScoredCase, 'score'>; scoreOf(column: ScoreColumn): Float64Array }> {
  const table = await decodeParquet(bytes, { columns: ['end_time', 'label', 'phase', 'regime', 'released_kg', ...(states ? ['state'] : []), ...Object.values(scoreColumns)] });
  const { step_seconds: stepSeconds, mean_flow: meanFlow } = record.scored[bundle]!;
  return {
    scored: {
      caseId: record.case_id, group: record.group, stepSeconds, ...(meanFlow !== null && { meanFlow }), ...(record.length_m !== null && { lineLength: record.length_m }),
      // JSON has no NaN: a flow that was not recorded comes back as null.
      leaks: record.leaks.map((leak) => ({ ...leak, intervals: leak.intervals.map((interval) => ({ ...interval, peakFlow: interval.peakFlow ?? NaN })) })),
      time: numbers(table, 'end_time') as Float64Array, label: numbers(table, 'label') as Int32Array, released: numbers(table, 'released_kg') as Float64Array,
      phase: phaseCodes(strings(table, 'phase')), regime: regimeCodes(strings(table, 'regime')),
      ...(states && { outside: codesOf(strings(table, 'state'), outsideCode) }),
    },
    scoreOf: (column) => numbers(table, column) as Float64Array,
  };
}

const outsideCode = Object.fromEntries(windowStateNames.map((name) => [name, name === 'outside_envelope' ? 1 : 0]));
const regimeCode = Object.fromEntries(regimeNames.map((name, code) => [name, code]));

export function phaseCodes(names: readonly string[]): Uint8Array {
  return codesOf(names, phaseCode);
}

export function regimeCodes(names: readonly string[]): Uint8Array {
  return codesOf(names, regimeCode);
}

function codesOf(names: readonly string[], codes: Readonly<Record<string, number>>): Uint8Array {
  const values = new Uint8Array(names.length);
  for (let i = 0; i < names.length; i++) values[i] = codes[names[i]!]!;
  return values;
}

function releasedUpTo(recorded: Table, at: ArrayLike<number>): Float64Array {
  const flow = recorded.columns.find((column) => column.role === 'truth' && /^leak_flow_kg_s$/i.test(column.name));
  if (!flow) return new Float64Array(at.length).fill(NaN);
  return releasedMass(numbers(recorded, 'time'), flow.values as ArrayLike<number>, at);
}

/** Flows and pressures of the bundle, from the inlet to the outlet. */
function signalsOf(series: Table, signals: FeaturePlan['signals']): Parameters<typeof regimesOf>[0] {
  const of = (quantity: 'flow' | 'pressure') =>
    signals.filter((signal) => signal.quantity === quantity).sort((a, b) => (a.position_m ?? 0) - (b.position_m ?? 0)).map(({ name }) => numbers(series, name));
  return { time: numbers(series, 'time') as Float64Array, flows: of('flow'), pressures: of('pressure') };
}
