import {
  compareEvaluations, openEvaluation, openShiftedLabels, sweepAround, type Comparison, type EvaluationOptions, type OpenEvaluation, type ShiftedLabels,
} from '../evaluation/index.js';
import type { TestOfflineConfig } from '../pipelines/index.js';
import type { PublishedFile } from '../storage/index.js';
import { readScores, scoreColumns, type CaseRecord } from './offlineScores.js';
import { lineSignals, type OpenBundle } from './scoreSeries.js';

/** A bundle under its name in the report. */
export interface NamedBundle {
  readonly name: string;
  readonly bundle: OpenBundle;
}

/** What one bundle did on all cases, beside its own baselines. */
export interface BundleResult extends NamedBundle {
  readonly comparison: Comparison;
  readonly shifted: ShiftedLabels;
}

/** The rules of events, with the threshold of a detector and what rules of alarms come with it. */
export function rulesOf(config: TestOfflineConfig, { threshold, alarmRules = {} }: { readonly threshold: number; readonly alarmRules?: OpenBundle['alarmRules'] }): EvaluationOptions {
  const { persistence, hold_off_seconds: holdOffSeconds, grace_seconds: graceSeconds, size_edges: sizeEdges } = config;
  return { threshold, persistence, holdOffSeconds, graceSeconds, sizeEdges, ...alarmRules };
}

/** Evaluates every bundle and its baselines by the same rules, one case after the other: of a case only its rows in the report are kept. */
export async function evaluateBundles(
  records: readonly CaseRecord[], bundles: readonly NamedBundle[], config: TestOfflineConfig,
  read: (file: PublishedFile) => Promise<Uint8Array>, onCase: (done: number, caseId: string) => void,
): Promise<BundleResult[]> {
  const open = bundles.map((one) => ({ ...one, states: lineSignals(one.bundle.preparation).some(({ trained }) => trained), detectors: detectorsOf(one, config), shifted: openShiftedLabels({ repeats: config.shifted_label_repeats, seed: 1 }) }));
  for (const [done, record] of records.entries()) {
    onCase(done, record.case_id);
    for (const [at, { states, detectors, shifted }] of open.entries()) {
      const { scored, scoreOf } = await readScores(record, at, await read(record.scored[at]!.scores), states);
      for (const { column, evaluation } of detectors) evaluation.add({ ...scored, score: scoreOf(column) });
      shifted.add({ ...scored, score: scoreOf('score') });
    }
  }
  return open.map(({ name, bundle, detectors, shifted }) => ({
    name, bundle, shifted: shifted.result(),
    comparison: compareEvaluations(Object.fromEntries(detectors.map(({ detector, evaluation }) => [detector, evaluation.result()]))),
  }));
}

interface Detector {
  readonly detector: string;
  readonly column: (typeof scoreColumns)[keyof typeof scoreColumns];
  readonly evaluation: OpenEvaluation;
}

function detectorsOf({ name, bundle }: NamedBundle, config: TestOfflineConfig): Detector[] {
  const { threshold, controls } = bundle;
  const baseline = (detector: 'clock_only' | 'imbalance', own: number): Detector => ({ detector, column: scoreColumns[detector], evaluation: openEvaluation(rulesOf(config, { threshold: own })) });
  const model = { ...rulesOf(config, bundle), regimeThresholds: config.regimes.thresholds, sweep: sweepAround(threshold) };
  return [
    { detector: name, column: 'score', evaluation: openEvaluation(model) },
    baseline('clock_only', controls.clock_only.threshold),
    ...(controls.imbalance ? [baseline('imbalance', controls.imbalance.threshold)] : []),
  ];
}
