import type { RankedFeature, Selection, SelectionData } from '../learning/index.js';
import type { FeatureSelectionConfig } from '../pipelines/index.js';
import { importanceChart, shapSummaryChart } from '../report/index.js';

interface Measure {
  readonly name: string;
  of(entry: RankedFeature): number;
}

type Method = FeatureSelectionConfig['method'];

/** What each method ranks by, as its axis says it. The logarithm of p ends where doubles end. */
const measures: Readonly<Record<Method, Measure>> = {
  shap: { name: 'mean |SHAP| (raw score)', of: (entry) => entry.meanAbsShap },
  gain: { name: 'gain', of: (entry) => entry.gain },
  permutation: { name: 'loss of score when shuffled', of: (entry) => entry.permutationMean },
  split: { name: 'splits', of: (entry) => entry.split },
  hypothesis: { name: '-log10 of adjusted p', of: (entry) => -Math.log10(Math.max(entry.adjusted, 1e-300)) },
};

/** The ranking by several measures, and what single rows say of the best features; several classes have no one such picture. */
export function selectionCharts(
  { ranking, kept, explained }: Selection, { features, groups }: SelectionData, { method, objective, label_column: label }: FeatureSelectionConfig,
): { name: string; svg: string }[] {
  const subtitle = `${kept.length} of ${ranking.length} kept, ranked by ${method} on ${new Set(groups).size} groups of training cases`;
  // The measure that ranked decides the order of the rows; permutation importance is there only with folds.
  const shown = [...new Set<Method>([method, 'shap', 'gain', 'permutation'])].filter((name) => name === method || ranking.some((entry) => measures[name].of(entry) > 0));
  // A bar for the sum of all others would dwarf those of single features.
  const best = ranking.slice(0, 25);
  const svg = importanceChart({
    title: 'Feature importance', subtitle: `${subtitle}; the first ${best.length}`, features: best.map((entry) => entry.feature), shown: best.length,
    measures: shown.map((name) => ({ name: measures[name].name, values: best.map((entry) => Math.max(0, measures[name].of(entry) || 0)) })),
  });
  const importance = { name: 'feature_importance', svg };
  if (objective === 'multiclass') return [importance];
  const { sample, contributions } = explained;
  const rows = { rows: sample.rows, contributions: contributions.values, values: sample.values };
  return [importance, { name: 'shap_summary', svg: shapSummaryChart({ title: 'SHAP values', subtitle, features, ...rows, shown: 15, ...(objective === 'regression' && { unit: label }) }) }];
}
