import { beforeAll, describe, expect, it } from 'vitest';
import { openLightgbm, trainBooster, type Lightgbm, type Matrix, type MatrixStream } from '../../src/learning/index.js';
import { lcg } from '../../src/numeric/index.js';
import { describeLightgbm, libraryPath } from '../lightgbmLibrary.js';
import { exclusiveOr } from './data.js';

/** Rows with zeros, missing values and tiny numbers, more of them than LightGBM looks at for its bins. */
function awkward(rows: number): Matrix {
  const random = lcg(rows * 5, 3);
  const values = Float32Array.from({ length: rows * 5 }, (_, i) => {
    const u = random[i]!;
    return i % 5 === 1 && u < 0.4 ? 0 : i % 5 === 2 && u < 0.2 ? NaN : i % 5 === 3 ? (u < 0.5 ? 1e-36 : -u) : u - 0.5;
  });
  return { rows, columns: 5, values, labels: Float32Array.from({ length: rows }, (_, row) => (random[row * 5]! + random[row * 5 + 1]! > 1 ? 1 : 0)) };
}

function streamed({ values, ...rest }: Matrix, piece: number): MatrixStream {
  return {
    ...rest,
    async *pieces() {
      for (let row = 0; row < rest.rows; row += piece) yield Promise.resolve(values.slice(row * rest.columns, (row + piece) * rest.columns));
    },
  };
}

describeLightgbm('a stream of rows', () => {
  let library: Lightgbm;
  beforeAll(() => {
    library = openLightgbm(libraryPath());
  });
  const params = { objective: 'binary', num_leaves: 7, metric: ['binary_logloss'], bin_construct_sample_cnt: 700 };

  it.each([['few rows', exclusiveOr(2000), 300], ['zeros and missing values', awkward(3000), 999]] as const)('gives the model of the matrix: %s', async (_, matrix, piece) => {
    const valid = exclusiveOr(200);
    const job = { params, rounds: 10, valid: [] as { name: string; data: Matrix | MatrixStream }[] };
    const held = matrix.columns === valid.columns ? valid : { ...matrix, weights: new Float32Array(matrix.rows).fill(2) };
    const whole = await trainBooster(library, { ...job, train: matrix, valid: [{ name: 'held', data: held }] });
    const inPieces = await trainBooster(library, { ...job, train: streamed(matrix, piece), valid: [{ name: 'held', data: streamed(held, 77) }] });
    expect(inPieces.modelText).toBe(whole.modelText);
    expect(inPieces.history).toEqual(whole.history);
    whole.free();
    inPieces.free();
  });

  describe('is refused', () => {
    const matrix = exclusiveOr(100);
    const refused = (stream: MatrixStream) => expect(trainBooster(library, { params, rounds: 2, train: stream, valid: [] })).rejects;
    it('where it ends early', () => refused({ ...streamed(matrix, 10), pieces: () => [matrix.values.slice(0, 40)] }).toThrow(/100 labels, but 10 rows came/));
    it('where it goes on', () => refused({ ...streamed(matrix, 10), pieces: () => [matrix.values, matrix.values] }).toThrow(/100 labels, but 200 rows came/));
    it('where a piece is not rows', () => refused({ ...streamed(matrix, 10), pieces: () => [matrix.values.slice(0, 41)] }).toThrow(/41 values, which are not rows of 4/));
    it('where a value is infinite', () => refused({ ...streamed(matrix, 10), pieces: () => [matrix.values.map((v, i) => (i === 42 ? Infinity : v))] }).toThrow(/infinite feature value \(row 10, column 2\)/));
  });
});
