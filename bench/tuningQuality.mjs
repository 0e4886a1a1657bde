// Quality of the samplers over 30 seeds. `npm run build` first; `node bench/tuningQuality.mjs`.
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

if (missed > 0) process.exitCode = 1;
