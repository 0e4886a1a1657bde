// `node windowFeatures.mjs MODE WINDOWS [TABLE]`: features of 300-sample windows. MODE `timed` answers windows per second,
// `write` puts the feature rows into the file TABLE as float32.
import { readFileSync, writeFileSync } from 'node:fs';
import { computeFeatures, featureGroupNames, featurePlan } from '../../dist/src/signal/index.js';

const size = 300;
const [, , mode, path, table] = process.argv;
const bytes = readFileSync(path);
const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
const off = Object.fromEntries(featureGroupNames.filter((name) => name !== 'raw').map((name) => [name, false]));
const plan = featurePlan([{ name: 'x', unit: '1', quantity: 'other' }], {
  windowSize: size, wavelet: 'db2', waveletLevel: 4,
  groups: { ...off, wavelet_coefficients: true, band_statistics: true, time_statistics: true },
  values: {
    band_statistics: ['energy', 'mean', 'std', 'max', 'entropy'],
    time_statistics: ['mean', 'std', 'min', 'max', 'skew', 'kurtosis', 'rms', 'p25', 'median', 'p75', 'mean_abs_diff'],
  },
});
const series = { rows: values.length, columns: [{ name: 'x', unit: '1', role: 'measured', values }], metadata: {} };
const starts = Int32Array.from({ length: values.length / size }, (_, n) => n * size);

if (mode === 'write') {
  const matrix = computeFeatures(series, starts, plan);
  writeFileSync(table, new Uint8Array(matrix.buffer, matrix.byteOffset, matrix.byteLength));
  console.log(JSON.stringify({ values: plan.features.length }));
} else {
  computeFeatures(series, starts.subarray(0, 2000), plan);
  const windowsPerSecond = Array.from({ length: 3 }, () => {
    const started = performance.now();
    computeFeatures(series, starts, plan);
    return (1000 * starts.length) / (performance.now() - started);
  });
  console.log(JSON.stringify({ windows_per_second: windowsPerSecond, values: plan.features.length }));
}
