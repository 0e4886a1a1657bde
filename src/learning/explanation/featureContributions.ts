import type { Model } from '../lightgbm/model.js';
import { checkRows, type Contributions, type Rows } from './contributions.js';

/**
 * Contributions by LightGBM's own TreeSHAP (predict type `contrib`): path-dependent, raw-score units. About 2.5 ms per row
 * for 200 trees of 63 leaves, so give it a sample where rows are many.
 *
 * Throws `learning/invalid-data` where the values are not rows of the model's columns.
 */
export function featureContributions(model: Pick<Model, 'columns' | 'dump' | 'predict'>, sample: Rows): Contributions {
  const features = model.columns;
  checkRows(sample, features);
  const raw = model.predict(sample.values, sample.rows, 'contributions');
  const outputs = sample.rows === 0 ? 1 : raw.length / sample.rows / (features + 1);
  const values = new Float64Array(sample.rows * outputs * features);
  const base = new Float64Array(outputs);
  // LightGBM puts the base behind the features of each output.
  for (let at = 0; at < sample.rows * outputs; at++) {
    values.set(raw.subarray(at * (features + 1), at * (features + 1) + features), at * features);
    if (at < outputs) base[at] = raw[at * (features + 1) + features]!;
  }
  const trees = model.dump.tree_info.length / outputs;
  if (model.dump.average_output) scale([values, base], 1 / trees);
  return { rows: sample.rows, features, outputs, values, base };
}

/** LightGBM averages a random forest's score over its iterations, but neither its raw sum nor its contributions. */
function scale(arrays: readonly Float64Array[], factor: number): void {
  for (const array of arrays) for (let i = 0; i < array.length; i++) array[i]! *= factor;
}
