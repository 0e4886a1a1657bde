// Quality of the samplers over 30 seeds, and the time of one suggestion after 1,000 trials. `npm run build` first; `node bench/tuningQuality.mjs`.
import { mannWhitney, rankValues } from '../dist/src/numeric/index.js';
import { suggest } from '../dist/src/tuning/index.js';
import { runStudy, tuningProblems } from './tuningProblems.mjs';

const seeds = Number(process.argv[2] ?? 30);
const quantile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b), place = q * (sorted.length - 1), below = Math.floor(place);
  return sorted[below] + (place - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
};
const samplers = { random: { type: 'random' }, tpe: { type: 'tpe' }, 'tpe, one by one': { type: 'tpe', multivariate: false }, cmaes: { type: 'cmaes' } };

let missed = 0;
console.log(`best value, quartiles over ${seeds} seeds`);
for (const [name, problem] of Object.entries(tuningProblems)) {
  const best = Object.fromEntries(Object.entries(samplers).map(([title, sampler]) => [title, Array.from({ length: seeds }, (_, seed) => runStudy(problem, sampler, seed, suggest))]));
  for (const [title, values] of Object.entries(best)) {
    console.log(`  ${name.padEnd(10)} ${title.padEnd(16)} ${[0.25, 0.5, 0.75].map((q) => quantile(values, q).toPrecision(4).padStart(10)).join(' ')}`);
  }
  const { p } = mannWhitney(rankValues(Float64Array.of(...best.tpe, ...best.random)), [...best.tpe.map(() => 1), ...best.random.map(() => 0)]);
  const met = quantile(best.tpe, 0.5) <= problem.goal && p < 1e-4;
  if (!met) missed++;
  console.log(`  ${name.padEnd(10)} tpe: median to reach ${problem.goal}; Mann-Whitney against random p = ${p.toExponential(1)}: ${met ? 'met' : 'MISSED'}`);
}

const float = { type: 'float', low: 0, high: 1 }, leaves = { type: 'int', low: 2, high: 256 };
const spaces = {
  '8 floats': Object.fromEntries([...Array(8).keys()].map((i) => [`x${i}`, float])),
  '8 of LightGBM': {
    num_leaves: leaves, learning_rate: { type: 'float', low: 1e-3, high: 0.3, log: true }, feature_fraction: float, bagging_fraction: float,
    bagging_freq: { type: 'int', low: 1, high: 7 }, lambda_l1: { type: 'float', low: 1e-8, high: 10, log: true }, min_child_samples: { type: 'int', low: 5, high: 100, log: true },
    boosting: { type: 'categorical', choices: ['gbdt', 'dart', 'goss'] },
  },
  '8 whole numbers': Object.fromEntries([...Array(8).keys()].map((i) => [`x${i}`, leaves])),
};
console.log('one suggestion after 1,000 finished trials');
for (const [name, space] of Object.entries(spaces)) {
  const table = [];
  for (let number = 0; number < 1000; number++) {
    const params = suggest({ type: 'random' }, space, table, { seed: 1, number, direction: 'minimize' });
    table.push({ number, state: 'complete', params, value: Object.values(params).reduce((sum, value) => sum + (typeof value === 'number' ? Math.sin(3 * value) ** 2 : 0), 0) });
  }
  const cpu = process.cpuUsage();
  const times = Array.from({ length: 200 }, (_, i) => {
    const start = performance.now();
    suggest({ type: 'tpe' }, space, table, { seed: 1, number: 1000 + i, direction: 'minimize' });
    return performance.now() - start;
  });
  const { user, system } = process.cpuUsage(cpu);
  console.log(`  ${name.padEnd(16)} best ${Math.min(...times).toFixed(2)} ms, median ${quantile(times, 0.5).toFixed(2)} ms; processor time ${((user + system) / 1000 / times.length).toFixed(2)} ms`);
}
if (missed > 0) process.exitCode = 1;
