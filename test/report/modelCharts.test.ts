import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { featureContributions, loadModel, openLightgbm, type Contributions } from '../../src/learning/index.js';
import { calibrationCurve } from '../../src/metrics/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { calibrationChart, importanceChart, predictedChart, shapSummaryChart, waterfallChart } from '../../src/report/index.js';
import { exclusiveOr } from '../learning/data.js';
import { describeLightgbm, libraryPath } from '../lightgbmLibrary.js';
import { goldenScores } from '../metrics/goldenScores.js';
import { describeShared, sharedFile } from '../shared.js';
import { thrown } from '../thrown.js';
import { boxes, overlaps, texts } from './texts.js';

const circles = (svg: string): number => svg.match(/<circle /g)?.length ?? 0;
/** Names of the rows, from the top. */
const rowNames = (svg: string, names: readonly string[]): string[] =>
  boxes(svg).filter(({ text }) => names.some((name) => text === name || text.startsWith(`${name} =`))).sort((a, b) => a.top - b.top).map(({ text }) => text);

describeLightgbm('charts of the golden model', () => {
  describeShared('by its contributions', () => {
    const features = ['x0', 'x1', 'x2', 'x3'];
    const data = exclusiveOr();
    let found: Contributions;
    let gain: Float64Array | readonly number[];
    beforeAll(() => {
      const text = readFileSync(sharedFile('golden/lgb_model.txt'), 'utf8');
      const model = loadModel(openLightgbm(libraryPath()), text, createHash('sha256').update(text, 'utf8').digest('hex'));
      found = featureContributions(model, data);
      gain = model.importance.gain;
    });

    it('order the swarms by mean |contribution|, whatever the order of the columns', () => {
      const svg = shapSummaryChart({ title: 'SHAP', features, rows: found.rows, contributions: found.values, values: data.values });
      expect(rowNames(svg, features)).toEqual(['x0', 'x1', 'x2', 'x3']);
      const back = { order: [3, 2, 1, 0], turn: (values: ArrayLike<number>) => Float64Array.from(values, (_, i) => values[i - (i % 4) + 3 - (i % 4)]!) };
      const turned = shapSummaryChart({ title: 'SHAP', features: back.order.map((i) => `x${i}`), rows: found.rows, contributions: back.turn(found.values), values: back.turn(data.values) });
      expect(rowNames(turned, features)).toEqual(['x0', 'x1', 'x2', 'x3']);
    });

    it('lead from the base to the score of row 0', () => {
      const svg = waterfallChart({ title: 'row 0', features, contributions: found.values.subarray(0, 4), values: data.values.subarray(0, 4), base: found.base[0]! });
      expect(texts(svg)).toEqual(expect.arrayContaining(['base -0.1492', 'score -1.919', '-1.334', '-0.4163', '-0.02943', '+0.01038']));
      expect(rowNames(svg, features).map((name) => name.slice(0, 2))).toEqual(['x0', 'x1', 'x2', 'x3']);
      expect(overlaps(svg)).toEqual([]);
    });

    it('show that gain ranks x1 first', () => {
      expect(rowNames(importanceChart({ title: 'Importance', features, measures: [{ name: 'gain', values: gain }] }), features)).toEqual(['x1', 'x0', 'x2', 'x3']);
    });
  });
});

const random = createRandom('model charts');
const many = Array.from({ length: 30 }, (_, i) => `PT@POS-${i + 1}K_band_energy_D${i}`);

describe('importanceChart', () => {
  it('adds up what gets no row, in every measure', () => {
    const svg = importanceChart({
      title: 'Importance', features: many, shown: 5,
      measures: [{ name: 'mean |SHAP| (log odds)', values: many.map((_, i) => 30 - i) }, { name: 'gain', values: many.map(() => 1) }],
    });
    expect(rowNames(svg, [...many, '25 other features'])).toEqual([...many.slice(0, 5), '25 other features']);
    expect(texts(svg)).toEqual(expect.arrayContaining(['mean |SHAP| (log odds)', 'gain']));
    expect(overlaps(svg)).toEqual([]);
    // The others' bar is the longest of the second measure: 25 against 1 each.
    const widths = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"[^>]*fill="#D55E00"/g)].map((found) => Number(found[1]));
    expect(widths[5]! / widths[0]!).toBeCloseTo(25, 0);
  });

  it('gives a last single feature its own row, and refuses values that are missing', () => {
    expect(rowNames(importanceChart({ title: '', features: ['a', 'b', 'c'], shown: 2, measures: [{ name: 'gain', values: [1, 2, 3] }] }), ['a', 'b', 'c'])).toEqual(['c', 'b', 'a']);
    expect(thrown(() => importanceChart({ title: '', features: ['a'], measures: [{ name: 'gain', values: [] }] })).message).toContain('each of the 1 features');
    expect(texts(importanceChart({ title: 'none', features: [], measures: [{ name: 'gain', values: [] }] }))).toContain('none');
  });
});

describe('shapSummaryChart', () => {
  const rows = 2500;
  const contributions = Float64Array.from({ length: rows * 30 }, (_, i) => random.normal() / (1 + (i % 30)));
  const values = Float32Array.from({ length: rows * 30 }, () => random.uniform());

  it('draws at most 1,000 rows, ten features and the rest, and says so', () => {
    const svg = shapSummaryChart({ title: 'SHAP', features: many, rows, contributions, values });
    expect(texts(svg)).toEqual(expect.arrayContaining(['834 of 2500 rows', '20 other features', 'contribution to the raw score (log odds)']));
    expect(circles(svg)).toBe(11 * 834 + 3);
    expect(overlaps(svg)).toEqual([]);
  });

  it('keeps each swarm in its row, however many dots are equal, and stands missing values', () => {
    const svg = shapSummaryChart({ title: '', features: ['a', 'b'], rows: 900, contributions: new Float64Array(1800), values: new Float32Array(1800).fill(NaN) });
    const heights = [...svg.matchAll(/<circle [^>]*cy="([\d.]+)" r="2.2"/g)].map((found) => Number(found[1]));
    const [first, second] = [heights.slice(0, 900), heights.slice(900)];
    expect(Math.max(...first)).toBeLessThan(Math.min(...second));
    expect(thrown(() => shapSummaryChart({ title: '', features: ['a'], rows: 2, contributions: [1], values: [1, 2] })).message).toContain('need 2 contributions');
  });
});

describe('waterfallChart', () => {
  it('adds up all but nine features, and ends where the sum ends', () => {
    const contributions = many.map((_, i) => (i % 2 === 0 ? 1 : -1) / (i + 1));
    const svg = waterfallChart({ title: 'one window', subtitle: 'sim-0001 at 725 s', features: many, contributions, base: -2 });
    const score = contributions.reduce((sum, value) => sum + value, -2);
    expect(texts(svg)).toEqual(expect.arrayContaining([`score ${Number(score.toPrecision(4))}`, 'base -2', '21 other features', '+1', '-0.5']));
    expect(overlaps(svg)).toEqual([]);
    expect(thrown(() => waterfallChart({ title: '', features: ['a'], contributions: [1, 2], base: 0 })).message).toContain('as many contributions');
  });
});

describe('calibrationChart and predictedChart', () => {
  it('draw a point per filled bin, and the rows of each', () => {
    const { labels, scores } = goldenScores();
    const bins = calibrationCurve(labels, scores, 10);
    const svg = calibrationChart({ title: 'Calibration', subtitle: 'validation windows', series: [{ name: 'raw', bins }, { name: 'isotonic', bins: bins.map((bin) => ({ ...bin, meanProbability: bin.observed })) }] });
    expect(circles(svg)).toBe(2 * bins.length);
    expect(texts(svg)).toEqual(expect.arrayContaining(['raw', 'isotonic', 'calibrated', 'rows per bin', 'predicted probability', 'observed share of positives']));
    expect(overlaps(svg)).toEqual([]);
  });

  it('draw predicted against true values on equal axes, thinned where there are many', () => {
    const actual = Float64Array.from({ length: 9000 }, () => random.uniform(0, 12));
    const predicted = actual.map((value) => value + random.normal(0, 0.5));
    predicted[0] = NaN;
    const svg = predictedChart({ title: 'Leak flow', quantity: 'leak flow', unit: 'kg/s', actual, predicted });
    expect(texts(svg)).toEqual(expect.arrayContaining(['3000 of 8999 values', 'predicted leak flow (kg/s)', 'true leak flow (kg/s)']));
    expect(circles(svg)).toBe(3001);
    expect(overlaps(svg)).toEqual([]);
    expect(thrown(() => predictedChart({ title: '', quantity: '', actual: [1], predicted: [] })).message).toContain('1 true and 0 predicted');
  });
});
