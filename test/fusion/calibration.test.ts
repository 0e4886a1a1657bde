import { describe, expect, test } from 'vitest';
import { alarmScore, bestOn, calibrate, defaultFilter, fuseParts, goalOf, type CalibrationCase, type CalibrationRules, type CalibrationTrial } from '../../src/activities/fusion/calibrate.js';
import { countsOf, judge } from '../../src/activities/fusion/results.js';
import { phasesOf, type ScoredCase } from '../../src/evaluation/index.js';
import { alignScores, allowedFalseAlarms, calibrationValue, foldsByGroup, groupBySensors, outOfFoldGroupRatios, tallyCase, type CaseTally, type DetectorGroup, type FusionCase } from '../../src/fusion/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { ldsBayesian, type LdsBayesianConfig } from '../../src/pipelines/ldsBayesian.js';

const rules: CalibrationRules = { updateShare: 1, holdOffSeconds: 120, graceSeconds: 0 };
const search = { n_trials: 40, seed: 1, max_false_alarms_per_month: 10, delay_weight: 0.3, delay_seconds: 900 };
const config = {
  ...ldsBayesian.schema.parse({ scores_path: 'a', series_path: 'b', bundles: [{ name: 'x', folder: 'c' }], output_folder: 'd', calibration: search }), folds: 4,
} as LdsBayesianConfig;

const names = ['one', 'two', 'three'];
const group: DetectorGroup = { name: 'line', detectors: names.map((name) => ({ name, kind: 'statistic' })) };

/** A case of 600 windows of 30 s and its twin: three detectors on the same sensors, which share half of their noise, each with a weak sight of the leak. */
function campaign(pairs: number, seed: number): { cases: Omit<ScoredCase, 'score'>[]; fusion: FusionCase[] } {
  const cases: Omit<ScoredCase, 'score'>[] = [];
  const fusion: FusionCase[] = [];
  for (let n = 0; n < 2 * pairs; n++) {
    const random = createRandom(`${seed}/${n}`);
    const onset = 3000 + 9000 * random.uniform();
    const time = Float64Array.from({ length: 600 }, (_, i) => 30 * (i + 1));
    const leaks = n % 2 === 0 ? [{ name: 'leak', intervals: [{ start: onset, end: onset + 2700, peakFlow: 1 }] }] : [];
    const phase = phasesOf(time, leaks, { warmupSeconds: 600, recoverySeconds: 600 });
    const label = Int32Array.from(phase, (code) => (code === 2 ? 1 : 0));
    const scores = Object.fromEntries(names.map((name) => [name, new Float64Array(600)]));
    for (let i = 0; i < 600; i++) {
      const common = Math.SQRT1_2 * random.normal();
      for (const name of names) scores[name]![i] = 0.8 * label[i]! + common + Math.SQRT1_2 * random.normal();
    }
    const about = { caseId: `case_${n}`, group: `pair_${n >> 1}`, time, label, phase, leaks, stepSeconds: 30 };
    cases.push(about);
    fusion.push({ group: about.group, scores, labels: Int8Array.from(phase, (code) => (code === 2 ? 1 : code === 1 ? 0 : -1)) });
  }
  return { cases, fusion };
}

const { cases, fusion } = campaign(16, 5);
const parts = outOfFoldGroupRatios([group], fusion, config.folds);
const judged = cases.map((scored, i): CalibrationCase => ({ scored, parts: parts[i]! }));

describe('calibration', () => {
  test('fused alarms: no more false ones than any single detector, at as many detections, beyond the doubt of a bootstrap', async () => {
    const folds = foldsByGroup(cases, config.folds);
    const trials = await calibrate(judged, rules, {}, search, [], () => Promise.resolve());
    const byFold = [0, 1, 2, 3].map((fold) => bestOn(trials, goalOf(search), (place) => folds[place] !== fold).params);
    const { singles, fused, claim } = judge({
      cases: judged, scores: fusion.map(({ scores }) => scores), groups: [group], folds, rules, config,
      settled: { params: byFold[0]!, byFold, trials, of: (place) => byFold[folds[place]!]! },
    });
    expect(singles.map(({ detector }) => detector)).toEqual(names);
    for (const { evaluation, asMany } of singles) {
      expect(fused.evaluation.eventRecall.count).toBeGreaterThanOrEqual(evaluation.eventRecall.count);
      expect(fused.evaluation.falseAlarms.count).toBeLessThanOrEqual(countsOf(asMany!).falseAlarms);
    }
    expect(claim).toMatchObject({ holds: true, margin: 0 });
  });

  test('goes on after a kill to the same table, and holds what is given', async () => {
    const few = { ...search, n_trials: 14 };
    const kept: CalibrationTrial[] = [];
    const whole = await calibrate(judged, rules, { persistence: 3 }, few, [], (trial) => Promise.resolve(void kept.push(trial)));
    const stored = JSON.parse(JSON.stringify(kept.slice(0, 12))) as CalibrationTrial[];
    expect(await calibrate(judged, rules, { persistence: 3 }, few, stored, () => Promise.resolve())).toEqual(whole);
    expect(new Set(whole.map(({ params }) => params.persistence))).toEqual(new Set([3]));
    expect(whole[0]!.params).toEqual({ ...defaultFilter, persistence: 3, theta_on: expect.closeTo(0.99, 12) as number, theta_off: expect.closeTo(0.5, 12) as number });
    expect(whole.every(({ params }) => params.theta_off <= params.theta_on && params.theta_on < 1)).toBe(true);
  });

  test('counts alarms that are on or off as the evaluation counts probabilities', () => {
    const params = { ...defaultFilter, weight: 1, theta_on: 0.9, theta_off: 0.2, persistence: 2 };
    const match = { holdOffSeconds: 0, graceSeconds: 0 };
    let found = 0;
    for (const { scored, parts: own } of judged) {
      const fused = fuseParts(own, params, rules);
      const direct = tallyCase({ ...scored, score: fused.probability }, { ...match, threshold: 0.9, offThreshold: 0.2, persistence: 2 });
      expect(tallyCase({ ...scored, score: alarmScore(fused, params) }, { ...match, threshold: 0.5, persistence: 1 })).toEqual(direct);
      found += direct.delays.length;
    }
    expect(found).toBeGreaterThan(8);
  });
});

describe('the value of an operating point', () => {
  const month = 30 * 24 * 3600;
  const tally = (change: Partial<CaseTally>): CaseTally => ({ events: 1, delays: [], falseAlarms: 0, leakFreeSeconds: month, ...change });
  const goal = { maxFalseAlarmsPerMonth: 1, delayWeight: 0.4, delaySeconds: 100 };

  test('is the worth of leaks within the allowed false alarms, else minus those too many', () => {
    expect(calibrationValue([tally({ delays: [50] }), tally({})], goal)).toBeCloseTo(0.4, 12);
    expect(calibrationValue([tally({ delays: [500] }), tally({ falseAlarms: 2 })], goal)).toBeCloseTo(0.3, 12);
    expect(calibrationValue([tally({ delays: [0] }), tally({ delays: [0], falseAlarms: 5 })], goal)).toBe(-3);
    expect(allowedFalseAlarms([tally({ leakFreeSeconds: 0.9 * month })], goal)).toBe(0);
  });
});

describe('detectors', () => {
  test('that share sensors are one group', () => {
    const detector = (name: string, sensors: string[]) => ({ name, kind: 'statistic' as const, sensors });
    const groups = groupBySensors([detector('a', ['p1']), detector('b', ['p2']), detector('c', ['x']), detector('d', ['p1', 'p2'])]);
    expect(groups.map(({ name, detectors }) => [name, detectors.map((one) => one.name)])).toEqual([['sensors 1', ['a', 'b', 'd']], ['c', ['c']]]);
  });

  test('on other windows count with their newest score, unless it is too old', () => {
    expect([...alignScores([1, 2, 3, 4, 9], [2, 4 + 1e-9], [0.2, 0.4], 2)]).toEqual([NaN, 0.2, 0.2, 0.4, NaN]);
  });
});
