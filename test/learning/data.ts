import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Matrix } from '../../src/learning/index.js';
import { lcg } from '../../src/numeric/index.js';
import { sharedFile } from '../shared.js';

/** LightGBM's own examples: the label first, then 28 features, tab-separated; of the binary one weights beside it. */
export function example(name: 'binary' | 'regression', part: 'train' | 'test'): Matrix {
  const path = sharedFile(`data/lightgbm/${name === 'binary' ? 'binary_classification' : name}/${name}.${part}`);
  const lines = gunzipSync(readFileSync(`${path}.gz`)).toString('utf8').trim().split('\n');
  const columns = 28;
  const values = new Float32Array(lines.length * columns);
  const labels = new Float32Array(lines.length);
  for (const [row, line] of lines.entries()) {
    const cells = line.split('\t');
    labels[row] = Number(cells[0]);
    for (let i = 0; i < columns; i++) values[row * columns + i] = Number(cells[i + 1]);
  }
  const data = { rows: lines.length, columns, values, labels };
  return name === 'regression' ? data : { ...data, weights: Float32Array.from(readFileSync(`${path}.weight`, 'utf8').trim().split('\n'), Number) };
}

/** 2,000 rows of four uniform features; the label is an exclusive or of two of them with a tenth flipped. */
export function exclusiveOr(rows = 2000): Matrix {
  const values = Float32Array.from(lcg(rows * 4, 11));
  const flips = lcg(rows, 5);
  const labels = Float32Array.from({ length: rows }, (_, row) => {
    const different = values[row * 4]! > 0.5 !== values[row * 4 + 1]! > 0.7;
    return different !== flips[row]! < 0.1 ? 1 : 0;
  });
  return { rows, columns: 4, values, labels };
}
