import { multiclassLogLoss, r2, rocAuc } from '../../metrics/index.js';
import { createRandom } from '../../numeric/index.js';
import type { Matrix } from '../lightgbm/matrix.js';
import type { Model } from '../lightgbm/model.js';

/** What a score of predictions is called, and how it is computed; higher is better. */
export interface Scoring {
  readonly name: string;
  score(labels: Float32Array, predictions: Float64Array): number;
}

/** ROC-AUC of a detector, the negative log loss of a classifier (classes 0 to n - 1), R2 of a regression. */
export const scorings = {
  binary: { name: 'roc_auc', score: rocAuc },
  multiclass: {
    name: 'negative_log_loss',
    score: (labels, predictions) => -multiclassLogLoss(labels, predictions, predictions.length / labels.length),
  },
  regression: { name: 'r2', score: r2 },
} satisfies Record<string, Scoring>;

export interface PermutationOptions {
  readonly scoring: Scoring;
  /** How often each feature is shuffled. */
  readonly repeats: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onFeature?: (done: number) => void;
}

export interface PermutationImportance {
  /** The score with all features as they are. */
  readonly baseline: number;
  /** Mean loss of score when the feature is shuffled among the rows; 0 for features that no tree splits on. */
  readonly mean: Float64Array;
  /** Standard deviation over the repeats (n - 1 below the line; 0 with one repeat). */
  readonly sd: Float64Array;
}

/**
 * How much worse the model gets when a feature's values are shuffled among the rows (Breiman 2001). Give it rows of cases that the model has not
 * seen. Features that say the same as others look unimportant here, because the others step in. Each feature has shuffles of its own
 * from the seed, whatever the other features are.
 */
export function permutationImportance(model: Pick<Model, 'columns' | 'importance' | 'predict'>, data: Matrix, options: PermutationOptions): PermutationImportance {
  const { columns } = model;
  const { scoring, repeats, seed } = options;
  const { split } = model.importance;
  const baseline = scoring.score(data.labels, model.predict(data.values, data.rows));
  const mean = new Float64Array(columns);
  const sd = new Float64Array(columns);
  const shuffled = data.values.slice();
  const losses = new Float64Array(repeats);
  for (let feature = 0; feature < columns; feature++) {
    options.signal?.throwIfAborted();
    options.onFeature?.(feature);
    if (split[feature] === 0) continue;
    const random = createRandom(seed).derive(`permutation ${feature}`);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = random.permutation(data.rows);
      for (let row = 0; row < data.rows; row++) shuffled[row * columns + feature] = data.values[order[row]! * columns + feature]!;
      losses[repeat] = baseline - scoring.score(data.labels, model.predict(shuffled, data.rows));
    }
    for (let row = 0; row < data.rows; row++) shuffled[row * columns + feature] = data.values[row * columns + feature]!;
    mean[feature] = losses.reduce((sum, loss) => sum + loss, 0) / repeats;
    const squares = losses.reduce((sum, loss) => sum + (loss - mean[feature]!) ** 2, 0);
    sd[feature] = repeats > 1 ? Math.sqrt(squares / (repeats - 1)) : 0;
  }
  return { baseline, mean, sd };
}
