// `node readTrend.mjs FILE REPEATS`: seconds of the first read of this process and of each of REPEATS further ones.
import { readFileSync } from 'node:fs';
import { readTpl } from '../../dist/src/olga/index.js';

const [, , path, repeats] = process.argv;
const timed = () => {
  const started = performance.now();
  const file = readTpl(readFileSync(path));
  return { seconds: (performance.now() - started) / 1000, file };
};
const first = timed();
const again = Array.from({ length: Number(repeats) }, () => timed().seconds);
const { rows, columns, time } = first.file;
const sums = [time.seconds, ...columns].map((column) => column.reduce((sum, value) => sum + value, 0));
console.log(JSON.stringify({ first: first.seconds, again, rows, sums }));
