import { describe, expect, it } from 'vitest';
import { augment, featureSpread, type AugmentOptions } from '../../src/learning/index.js';
import { createRandom } from '../../src/numeric/index.js';

const rows = 4000;
const random = createRandom('rows');
const matrix = {
  rows, columns: 3,
  // A pressure in Pa whose spread is small beside its level, a flow, and a feature that is constant.
  values: Float32Array.from({ length: 3 * rows }, (_, i) => [5e6 + 1000 * random.normal(), 100 + 5 * random.normal(), 7][i % 3]!),
  labels: Float32Array.from({ length: rows }, (_, row) => row % 2),
  weights: Float32Array.from({ length: rows }, (_, row) => row),
};
const grown = (options: AugmentOptions, seed = 1) => augment(matrix, options, createRandom(seed));
const differences = (options: AugmentOptions, column: number): Float64Array => {
  const { values } = grown(options);
  return Float64Array.from({ length: rows }, (_, row) => values[3 * (rows + row) + column]! - matrix.values[3 * row + column]!);
};
const deviation = (values: Float64Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

describe('augment', () => {
  it('measures the spread of each feature', () => {
    const spread = featureSpread(matrix);
    expect(spread[0]! / 1000).toBeCloseTo(1, 1);
    expect(spread[1]! / 5).toBeCloseTo(1, 1);
    expect(spread[2]).toBe(0);
    expect(featureSpread({ rows: 2, columns: 2, values: Float32Array.of(NaN, 1, NaN, 3) })).toEqual(Float64Array.of(0, 1));
  });

  it('keeps the rows and adds copies with their labels and weights', () => {
    const found = grown({ noise: 0.1, copies: 2 });
    expect(found.rows).toBe(3 * rows);
    expect(found.values.subarray(0, 3 * rows)).toEqual(matrix.values);
    expect(found.labels.subarray(2 * rows)).toEqual(matrix.labels);
    expect(found.weights!.subarray(rows, 2 * rows)).toEqual(matrix.weights);
    expect(found.values.subarray(3 * rows, 6 * rows)).not.toEqual(found.values.subarray(6 * rows));
  });

  it('adds noise in proportion to the spread, and none to a constant feature', () => {
    expect(deviation(differences({ noise: 0.1 }, 0)) / 100).toBeCloseTo(1, 1);
    expect(deviation(differences({ noise: 0.1 }, 1)) / 0.5).toBeCloseTo(1, 1);
    expect(deviation(differences({ noise: 0.1 }, 2))).toBe(0);
  });

  it('offsets all rows of a group alike', () => {
    const groups = Array.from({ length: rows }, (_, row) => (row < rows / 2 ? 'a' : 'b'));
    const offsets = differences({ bias: 0.5, groups }, 1);
    expect(new Set(Array.from(offsets.subarray(0, rows / 2), (v) => v.toFixed(3))).size).toBe(1);
    expect(offsets[0]).not.toBeCloseTo(offsets[rows - 1]!, 3);
  });

  it('rounds to steps of the spread and drops values', () => {
    const step = featureSpread(matrix)[1]! * 0.5;
    const { values } = grown({ quantisation: 0.5 });
    for (let row = 0; row < 50; row++) expect(values[3 * (rows + row) + 1]! / step).toBeCloseTo(Math.round(values[3 * (rows + row) + 1]! / step), 4);
    const missing = grown({ dropout: 0.2 }).values.filter(Number.isNaN).length;
    expect(missing / (3 * rows)).toBeCloseTo(0.2, 1);
  });

  it('is seeded, and one disturbance does not change the draws of another', () => {
    expect(grown({ noise: 0.1, bias: 0.2 })).toEqual(grown({ noise: 0.1, bias: 0.2 }));
    expect(grown({ noise: 0.1 }, 2).values).not.toEqual(grown({ noise: 0.1 }).values);
    const alone = grown({ noise: 0.1 }).values;
    const both = grown({ noise: 0.1, dropout: 0.3 }).values;
    expect(both.every((value, i) => Number.isNaN(value) || value === alone[i])).toBe(true);
  });

  it('refuses options that make no sense', () => {
    expect(() => grown({ noise: -1 })).toThrow('noise is -1');
    expect(() => grown({ dropout: 1 })).toThrow('below 1');
    expect(() => grown({ copies: 0 })).toThrow('copies is 0');
    expect(() => grown({ bias: 1, groups: [1] })).toThrow('1 groups for 4000 rows');
  });
});
