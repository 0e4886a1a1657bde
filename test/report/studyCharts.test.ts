import { describe, expect, it } from 'vitest';
import {
  contourChart, edfChart, intermediateValuesChart, optimizationHistoryChart, parallelCoordinatesChart, sliceChart, svgToPng, timelineChart, type ChartTrial, type SpaceChartData,
} from '../../src/report/index.js';
import { runningBest } from '../../src/report/charts/study/historyChart.js';
import { createRandom } from '../../src/numeric/index.js';
import { empiricalDistribution, type SearchSpace, type Trial } from '../../src/tuning/index.js';
import { thrown } from '../thrown.js';
import { overlaps, texts } from './texts.js';

const space: SearchSpace = {
  learning_rate: { type: 'float', low: 1e-3, high: 0.3, log: true },
  num_leaves: { type: 'int', low: 2, high: 256, log: true },
  bagging_freq: { type: 'int', low: 0, high: 7 },
  boosting: { type: 'categorical', choices: ['gbdt', 'dart', null] },
  drop_rate: { type: 'float', low: 0.05, high: 0.5, when: { parameter: 'boosting', in: ['dart'] } },
};

function study(change: Partial<SpaceChartData> = {}): SpaceChartData {
  const random = createRandom(3);
  const trials = Array.from({ length: 40 }, (_, number): Trial => {
    const boosting = number % 3 === 0 ? 'dart' : 'gbdt';
    const params = { learning_rate: 10 ** random.uniform(-3, -0.6), num_leaves: random.integer(2, 256), bagging_freq: random.integer(0, 7), boosting, ...(boosting === 'dart' ? { drop_rate: random.uniform(0.05, 0.5) } : {}) };
    const value = 0.9 - 0.1 * (Math.log10(params.learning_rate) + 2) ** 2;
    const state = number === 7 ? 'failed' : number % 5 === 4 ? 'pruned' : 'complete';
    const reports = Array.from({ length: state === 'pruned' ? 3 : 10 }, (_, step) => ({ step, value: state === 'failed' ? null : value - 0.3 * Math.exp(-step / 3) }));
    return { number, state, params, reports, ...(state === 'complete' ? { value } : {}) };
  });
  return { title: 'A study', objective: 'average precision', direction: 'maximize', trials, space, ...change };
}
const empty: SpaceChartData = { ...study(), trials: [] };
const drawings: Record<string, (data: SpaceChartData) => string> = {
  history: optimizationHistoryChart,
  slice: sliceChart,
  contour: (data) => contourChart({ ...data, x: 'learning_rate', y: 'boosting' }),
  parallel: parallelCoordinatesChart,
  intermediate: intermediateValuesChart,
};

describe('charts of a study', () => {
  it.each(Object.entries(drawings))('%s: no texts touch, the same data give the same picture, and it renders', (_, draw) => {
    const svg = draw(study());
    expect(overlaps(svg)).toEqual([]);
    expect(draw(study())).toBe(svg);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svgToPng(svg, { width: 300 }).length).toBeGreaterThan(2000);
    const long = Object.fromEntries(Object.entries(space).map(([name, parameter]) => [name === 'boosting' || name === 'learning_rate' ? name : `${name} with a name that goes on and on`, parameter]));
    expect(overlaps(draw(study({ space: long, title: 'long title '.repeat(20) })))).toEqual([]);
  });

  it.each(Object.entries(drawings))('%s: stands an empty study, one trial, and constants', (_, draw) => {
    expect(draw(empty)).not.toMatch(/NaN|Infinity/);
    const one: ChartTrial = { number: 0, state: 'complete', value: 1, params: { learning_rate: 0.01, boosting: 'gbdt' }, reports: [{ step: 3, value: 1 }] };
    expect(draw({ ...empty, trials: [one] })).not.toMatch(/NaN|Infinity/);
    expect(draw({ ...empty, trials: [one, { ...one, number: 1 }, { number: 2, state: 'pruned', params: {} }] })).not.toMatch(/NaN|Infinity/);
  });

  it('the history counts states, and its best so far only improves', () => {
    const found = texts(optimizationHistoryChart(study()));
    for (const text of ['complete: 31', 'pruned: 8', 'failed: 1', 'best so far', 'average precision', 'trial']) expect(found).toContain(text);
    const complete = study().trials.filter((trial): trial is ChartTrial & { value: number } => trial.value !== undefined);
    expect(runningBest([3, 4, 1, 2, 1, 0].map((value) => ({ value })), 'minimize').map(({ value }) => value)).toEqual([3, 1, 0]);
    for (const [direction, sign] of [['minimize', 1], ['maximize', -1]] as const) {
      const steps = runningBest(complete, direction);
      steps.slice(1).forEach(({ value }, i) => expect(sign * value).toBeLessThan(sign * steps[i]!.value));
      expect(steps[0]).toBe(complete[0]);
      expect(steps.at(-1)!.value).toBe(sign * Math.min(...complete.map(({ value }) => sign * value)));
    }
  });

  it('names every parameter, with ticks of its own values', () => {
    const found = texts(sliceChart(study()));
    for (const name of Object.keys(space)) expect(found).toContain(name);
    for (const tick of ['gbdt', 'dart', 'null', '0.01', '100', '2', '4', '6']) expect(found).toContain(tick);
    expect(texts(parallelCoordinatesChart(study()))).toEqual(expect.arrayContaining(Object.keys(space)));
    expect(thrown(() => contourChart({ ...study(), x: 'learning_rate', y: 'nothing' })).message).toContain('which is no parameter');
  });

  it('the timeline packs trials into as few lanes as ran side by side', () => {
    const times = [0, 1, 2, 3].flatMap((k) => [{ number: 2 * k, state: 'complete' as const, start: 100 * k, end: 100 * k + 90 }, { number: 2 * k + 1, state: 'pruned' as const, start: 100 * k + 10, end: 100 * k + 60 }]);
    const svg = timelineChart({ title: 'A study', times: [...times, { number: 8, state: 'running', start: 400 }], now: 500 });
    const found = texts(svg);
    for (const text of ['2 trials at a time', 'complete: 4', 'pruned: 4', 'running: 1', 'time since the study began (min)']) expect(found).toContain(text);
    expect(overlaps(svg)).toEqual([]);
    expect(timelineChart({ title: 'A study', times: [] })).not.toMatch(/NaN|Infinity/);
  });

  it('distributions have a curve per study', () => {
    const svg = edfChart({ title: 'Studies', objective: 'loss', studies: [{ name: 'one', ...empiricalDistribution([1, 2, 3, 4, 10]) }, { name: 'two', ...empiricalDistribution([2, 3]) }] });
    expect(texts(svg)).toEqual(expect.arrayContaining(['one', 'two', 'loss']));
  });
});
