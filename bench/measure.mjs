// Fresh processes, taken in turn, and what their times say: ratios with their spread.
import { execFile } from 'node:child_process';
import { loadavg } from 'node:os';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The answer of a module that Node runs as bin/penstock.js has it; on one core where the system can hold it there. */
export function hostAnswer(args, { oneCore = false, ...options } = {}) {
  const [command, ...all] = [...(oneCore ? ['taskset', '-c', '0'] : []), process.execPath, '--single-threaded-gc', ...args];
  return answerOf(command, all, options);
}

/** Runs a program that answers one JSON document on standard output. One thread per numeric library: cores are given by the bench. */
export async function answerOf(command, args, { env = {}, cwd } = {}) {
  const threads = Object.fromEntries(['OMP', 'OPENBLAS', 'MKL', 'ARROW'].map((name) => [`${name}_NUM_THREADS`, '1']));
  const { stdout } = await execute(command, args.map(String), { cwd, maxBuffer: 1e9, env: { ...process.env, ...threads, ...env } });
  return JSON.parse(stdout);
}

/**
 * Runs the contenders `repetitions` times, one after the other and in turning order, so that what slows the machine for a while
 * meets all of them; what the one before has written is on the disk first. Answers one list of answers per contender.
 */
export async function interleave(contenders, repetitions) {
  const names = Object.keys(contenders);
  const answers = Object.fromEntries(names.map((name) => [name, []]));
  for (let n = 0; n < repetitions; n++) {
    const shift = n % names.length;
    for (const name of [...names.slice(shift), ...names.slice(0, shift)]) {
      await execute('sync');
      answers[name].push(await contenders[name](n));
    }
    tell(`  repetition ${n + 1} of ${repetitions}, load ${load()}`);
  }
  return answers;
}

/** Of the ratios of each repetition: the middle one and both ends. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: middle(sorted), min: sorted[0], max: sorted.at(-1) };
}

export function ratios(above, below) {
  return spread(above.map((value, n) => value / below[n]));
}

export function median(values) {
  return middle(values.toSorted((a, b) => a - b));
}

/** Largest relative difference of two lists of numbers. */
export function worstDifference(a, b) {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`);
  return Math.max(...a.map((value, at) => Math.abs(value - b[at]) / Math.max(Math.abs(b[at]), 1e-300)));
}

export function load() {
  return loadavg()[0].toFixed(2);
}

export function tell(line) {
  process.stderr.write(`${line}\n`);
}

function middle(sorted) {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
