import { describe, expect, test } from 'vitest';
import { summarizeEstimates, type EventEstimate } from '../../src/evaluation/index.js';

function estimates(model: string, quantity: EventEstimate['quantity'], pairs: readonly (readonly [truth: number, estimate: number])[]): EventEstimate[] {
  return pairs.map(([truth, estimate], i) => ({
    model, quantity, caseId: `case_${i}`, leak: 'LEAK', interval: 1, truth, estimate, error: Math.abs(estimate - truth), windows: 3,
    errorPercent: quantity === 'size class' ? null : (100 * Math.abs(estimate - truth)) / (quantity === 'position' ? 20_000 : truth),
  }));
}

describe('what models estimate', () => {
  test('is told beside what no skill would give', () => {
    const [place, flow, size] = summarizeEstimates([
      ...estimates('where', 'position', [[1000, 1500], [9000, 8000], [19_000, 19_100]]),
      ...estimates('flow', 'flow', [[3, 2.5], [-0.5, 0], [2, 2.1], [7, 7.8], [4.2, 4]]),
      ...estimates('class', 'size class', [[0, 0], [1, 2], [1, 1], [2, 2], [1, 1]]),
    ], 20_000);
    expect(place).toMatchObject({ count: 3, medianError: 500, noSkillError: 5000, rightShare: null });
    expect(place!.r2).toBeGreaterThan(0.98);
    // Golden value of scikit-learn's r2_score.
    expect(flow!.r2).toBeCloseTo(0.9611009414, 9);
    expect(size).toMatchObject({ rightShare: 0.8, noSkillShare: 0.6, r2: null, noSkillError: null });
    expect(size!.statement).toBe('class: the class of size is right for 80 % of 5 leaks; the commonest class alone would be for 60 %.');
  });

  test('of classes is counted by true class and class said, with shares of each true class', () => {
    const said = estimates('class', 'size class', [[0, 0], [1, 2], [1, 1], [1, 1], [1, 0]]);
    const classes = new Map([['class', { names: ['< 1', '1 to 2', '>= 2'], unit: 'kg/s' }]]);
    const [size, flow] = summarizeEstimates([...said, ...estimates('flow', 'flow', [[3, 2]])], null, classes);
    expect(size!.confusion).toEqual({
      classes: ['< 1', '1 to 2', '>= 2'], unit: 'kg/s', counts: [[1, 0, 0], [1, 2, 1], [0, 0, 0]],
      // No leak is of the last class.
      shares: [[1, 0, 0], [0.25, 0.5, 0.25], [null, null, null]],
    });
    expect([flow!.confusion, summarizeEstimates(said, null)[0]!.confusion]).toEqual([null, null]);
  });

  test('of one leak has no share of explained variance', () => {
    expect(summarizeEstimates(estimates('flow', 'flow', [[3, 2]]), null)[0]).toMatchObject({ r2: null, medianError: 1 });
  });
});
