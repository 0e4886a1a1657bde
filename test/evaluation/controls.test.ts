import { describe, expect, it } from 'vitest';
import { scheduleShared, shiftedLabels, withinCaseAuc, type ScoredCase } from '../../src/evaluation/index.js';
import { rocAuc } from '../../src/metrics/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { simulatedScores } from './simulatedScores.js';
import { sketch } from './scoredCase.js';

describe('shiftedLabels', () => {
  const skilled = simulatedScores({ cases: 60, skill: 3, seed: 11 });

  it('falls to 0.5 for skilled scores on cases that leak for very different shares of their time', () => {
    const control = shiftedLabels(skilled, { repeats: 20, seed: 1 });
    expect(control.unshiftedAuc).toBeGreaterThan(0.98);
    expect(control.cases).toBe(60);
    expect(control.passed).toBe(true);
    expect(Math.abs(control.auc! - 0.5)).toBeLessThan(0.02);
  });

  it('would not fall to 0.5 if the cases were pooled', () => {
    // the mistake that the control avoids: the same shifts, all windows in one AUC
    const random = createRandom(1);
    const scores: number[] = [];
    const labels: number[] = [];
    for (const { score, label, phase } of skilled) {
      const scored = [...score.keys()].filter((i) => phase[i] === 1 || phase[i] === 2);
      const shift = random.integer(0, scored.length - 1);
      scored.forEach((i, k) => {
        scores.push(score[i]!);
        labels.push(label[scored[(k + shift) % scored.length]!]!);
      });
    }
    expect(rocAuc(labels, scores)).toBeGreaterThan(0.6);
  });

  it('is exactly 0.5 on average over all shifts of a case', () => {
    const drawn = sketch({ alarm: '..##.#....##', leaks: [[35, 62]] });
    const all = Array.from({ length: 12 }, (_, shift): ScoredCase => ({ ...drawn, label: Int32Array.from(drawn.label, (_, i) => drawn.label[(i + shift) % 12]!) }));
    expect(all.reduce((sum, one) => sum + withinCaseAuc([one])!, 0) / 12).toBeCloseTo(0.5, 12);
  });

  it('depends on the seed alone, not on the order of the cases', () => {
    const once = shiftedLabels(skilled, { repeats: 3, seed: 7 });
    expect(shiftedLabels(skilled, { repeats: 3, seed: 7 })).toEqual(once);
    expect(shiftedLabels([...skilled].reverse(), { repeats: 3, seed: 7 }).auc).toBeCloseTo(once.auc!, 12);
    expect(shiftedLabels(skilled, { repeats: 3, seed: 8 }).auc).not.toBe(once.auc);
  });

  it('gives no verdict below 40 cases, and nothing without both classes', () => {
    expect(shiftedLabels(skilled.slice(0, 39), { repeats: 2, seed: 1 }).passed).toBeNull();
    const nothing = shiftedLabels([sketch({ alarm: '..#..' })], { repeats: 2, seed: 1 });
    expect(nothing).toMatchObject({ auc: null, cases: 0, passed: null });
    expect(() => shiftedLabels(skilled, { repeats: 0, seed: 1 })).toThrow(/repeats is 0/);
  });
});

describe('withinCaseAuc', () => {
  it('is the AUC of a case, ties counting half, weighted by positives x negatives', () => {
    const one = sketch({ caseId: 'one', alarm: '...###..#.', leaks: [[25, 65]] });
    const two = sketch({ caseId: 'two', alarm: '.#........', leaks: [[15, 25]] });
    expect(withinCaseAuc([one])).toBeCloseTo(rocAuc(one.label, one.score), 12);
    const weight = 4 * 6 + 1 * 9;
    expect(withinCaseAuc([one, two])).toBeCloseTo((24 * rocAuc(one.label, one.score) + 9 * 1) / weight, 12);
  });
});

describe('scheduleShared', () => {
  it('draws the line above 0.6', () => {
    expect([0.5, 0.6, 0.601, 0.999, NaN].map(scheduleShared)).toEqual([false, false, true, true, false]);
  });
});
