import type { Comparison, EstimateSummary, Evaluation, EventEstimate, ShiftedLabels } from '../../evaluation/index.js';
import { PenstockError } from '../../errors/index.js';

/** One bundle: its comparison with its own baselines, whose first row it is itself. */
export interface ReportedBundle {
  readonly name: string;
  readonly comparison: Comparison;
  readonly shifted?: ShiftedLabels | undefined;
}

/** The least leak that a volume balance can tell from nothing, over its averaging time: drawn beside the measured delays. */
export interface ReferenceCurve {
  readonly seconds: readonly number[];
  /** In the unit of the sizes. */
  readonly size: readonly number[];
  readonly label: string;
}

/** What the workbook and the HTML report are made from. The first bundle is the one that detail sheets and charts are about. */
export interface OfflineReportInput {
  /** Default `Offline test`. */
  readonly title?: string | undefined;
  readonly bundles: readonly ReportedBundle[];
  /** What models of position, flow or size class said of the leaks, and how far they are off. */
  readonly estimates?: readonly EventEstimate[] | undefined;
  readonly estimateSummaries?: readonly EstimateSummary[] | undefined;
  readonly regimeRule?: string | undefined;
  readonly reference?: ReferenceCurve | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  readonly configHash: string;
}

/** How many windows a bundle was asked about that it was not trained for. */
export function outsideStatement({ outside, windows: { windows } }: Evaluation): string {
  return outside === null ? 'the bundle does not say the ranges of its training' : `${outside.count} of ${windows} scored windows have a signal outside the range of the training`;
}

/** The evaluation of a bundle itself. Throws `evaluation/invalid` where the comparison is empty. */
export function evaluationOf(bundle: ReportedBundle | undefined): Evaluation {
  const detector = bundle?.comparison.rows[0]?.detector;
  const evaluation = detector === undefined ? undefined : bundle?.comparison.evaluations[detector];
  if (!evaluation) throw new PenstockError('evaluation/invalid', 'a report needs at least one detector; the comparison has none', { key: 'comparison' });
  return evaluation;
}
