import { PenstockError } from '../../errors/index.js';
import type { ModelDump } from '../lightgbm/modelDump.js';

/** How raw sums become scores: operators applied in turn. `Scale` multiplies by a constant; `SignedSquare` is sign(x) x^2. */
export type ScoreStep = { readonly operator: 'Scale'; readonly factor: number } | { readonly operator: 'Sigmoid' | 'Softmax' | 'Softplus' | 'Exp' | 'SignedSquare' };

const identityObjectives = ['regression', 'regression_l1', 'huber', 'fair', 'quantile', 'mape', 'lambdarank', 'rank_xendcg'];

/**
 * The steps from LightGBM's objective text, such as `binary sigmoid:1` or `regression sqrt`.
 *
 * Throws `learning/invalid-parameter` for an objective whose score is not known here.
 */
export function scoreSteps(dump: ModelDump): readonly ScoreStep[] {
  const [name = '', ...options] = (dump.objective ?? '').split(' ');
  const sigmoid = Number(options.find((option) => option.startsWith('sigmoid:'))?.slice('sigmoid:'.length) ?? 1);
  const scale: ScoreStep[] = sigmoid === 1 ? [] : [{ operator: 'Scale', factor: sigmoid }];
  switch (name) {
    case 'binary':
    case 'multiclassova': // one probability per class, deliberately not normalised
      return [...scale, { operator: 'Sigmoid' }];
    case 'multiclass':
      return [{ operator: 'Softmax' }];
    case 'cross_entropy':
      return [{ operator: 'Sigmoid' }];
    case 'cross_entropy_lambda':
      return [{ operator: 'Softplus' }];
    case 'poisson':
    case 'gamma':
    case 'tweedie':
      return [{ operator: 'Exp' }];
    default:
      if (!identityObjectives.includes(name)) {
        throw new PenstockError('learning/invalid-parameter', `models of the objective "${dump.objective ?? ''}" cannot be exported to ONNX`, { key: 'objective' });
      }
      return options.includes('sqrt') ? [{ operator: 'SignedSquare' }] : [];
  }
}
