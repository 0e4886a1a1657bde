import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { rocAuc } from '../../src/metrics/index.js';
import { bestTrial, suggest, type SearchSpace, type Trial } from '../../src/tuning/index.js';

describe('a grid search over five folds', () => {
  const space: SearchSpace = { sharpness: { type: 'categorical', choices: [0.05, 0.3, 1] }, bias: { type: 'categorical', choices: [-2, 0, 2] } };

  /** Mean over five folds of the area under the ROC curve: of probabilities, or of the labels that a limit of 0.5 makes of them. */
  function score(sharpness: number, bias: number, hard: boolean): number {
    const areas = [0, 1, 2, 3, 4].map((fold) => {
      const random = createRandom(`fold ${fold}`);
      const labels = Array.from({ length: 200 }, () => (random.uniform() < 0.3 ? 1 : 0));
      const scores = labels.map((label) => 1 / (1 + Math.exp(-(sharpness * (4 * label - 2) + random.normal() * (0.3 + 0.2 * sharpness) + bias))));
      return rocAuc(labels, hard ? scores.map((p) => (p >= 0.5 ? 1 : 0)) : scores);
    });
    return areas.reduce((sum, area) => sum + area, 0) / areas.length;
  }

  function search(hard: boolean): Trial {
    const trials: Trial[] = [];
    for (let number = 0; number < 9; number++) {
      const params = suggest({ type: 'grid' }, space, trials, { seed: 1, number, direction: 'maximize' });
      trials.push({ number, state: 'complete', params, value: score(Number(params['sharpness']), Number(params['bias']), hard) });
    }
    return bestTrial(trials, 'maximize')!;
  }

  it('scores probabilities: the area of hard labels punishes what is only a limit in the wrong place', () => {
    expect(search(false).params['sharpness']).toBe(1);
    // A bias changes no order of the probabilities, so it must not change the score either. Hard labels fail this.
    expect(score(1, 2, false)).toBeCloseTo(score(1, 0, false), 12);
    expect(score(1, 0, true) - score(1, 2, true)).toBeGreaterThan(0.1);
    expect(score(1, 2, true)).toBeLessThan(score(0.3, 0, true));
    expect(score(1, 2, false)).toBeGreaterThan(score(0.3, 0, false));
  });
});
