import { createRandom } from '../../numeric/index.js';
import type { Model } from '../lightgbm/model.js';
import { checkRows, meanAbsolute, type Rows } from './contributions.js';
import { featureContributions } from './featureContributions.js';

/** How much a model makes of one feature, by three measures that may rank it differently. */
export interface FeatureImportance {
  readonly feature: string;
  /** Loss that its splits saved in training. */
  readonly gain: number;
  /** Number of its splits. */
  readonly split: number;
  /** Mean |SHAP| over the sample, in raw-score units (log odds for binary); summed over classes. */
  readonly mean_abs_shap: number;
}

export interface SampleOptions {
  /** Rows that are explained at most; drawn by `seed` where there are more. Default 1000. */
  readonly rows?: number;
  readonly seed?: number;
}

/**
 * Gain, splits and mean |SHAP| of every feature, the largest mean |SHAP| first (then gain, then name).
 *
 *     importanceTable(model, features, { values: valid.values, rows: valid.rows }, { seed: config.random_state })
 *
 * `features` are the real names of the model's columns, in its order. Held-out rows (validation cases) tell what the model
 * uses on cases it has not seen; training rows what it has learnt. Needs LightGBM's library; 1,000 rows take 0.1 to 2 s.
 *
 * Throws `learning/invalid-data` where the sample or the names do not fit the model's columns.
 */
export function importanceTable(model: Pick<Model, 'columns' | 'dump' | 'importance' | 'predict'>, features: readonly string[], sample: Rows, options: SampleOptions = {}): FeatureImportance[] {
  checkRows({ values: new Float32Array(features.length), rows: 1 }, model.columns);
  checkRows(sample, model.columns);
  const shap = meanAbsolute(featureContributions(model, sampleRows(sample, model.columns, options)));
  const { gain, split } = model.importance;
  return features
    .map((feature, i) => ({ feature, gain: gain[i]!, split: split[i]!, mean_abs_shap: shap[i]! }))
    .sort((a, b) => b.mean_abs_shap - a.mean_abs_shap || b.gain - a.gain || (a.feature < b.feature ? -1 : 1));
}

/** At most so many rows, drawn without replacement and kept in their order. The same seed draws the same rows. */
export function sampleRows(sample: Rows, columns: number, { rows: most = 1000, seed = 0 }: SampleOptions = {}): Rows {
  if (sample.rows <= most) return sample;
  const drawn = createRandom(seed).derive('sample').permutation(sample.rows).subarray(0, most).sort();
  const values = new Float32Array(most * columns);
  for (let i = 0; i < most; i++) values.set(sample.values.subarray(drawn[i]! * columns, (drawn[i]! + 1) * columns), i * columns);
  return { values, rows: most };
}
