// `node spin.mjs THREADS`: seconds in which THREADS threads do the same amount of arithmetic each: what the machine itself scales by.
import { Worker, isMainThread } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

if (isMainThread) {
  const started = performance.now();
  await Promise.all(Array.from({ length: Number(process.argv[2]) }, () =>
    new Promise((resolve) => new Worker(fileURLToPath(import.meta.url)).once('exit', resolve))));
  console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000 }));
} else {
  let x = 1;
  for (let n = 0; n < 1_000_000_000; n++) x = (Math.imul(x, 1103515245) + 12345) | 0;
  // Used, so that the loop is not optimised away.
  process.exitCode = x === 0 ? 1 : 0;
}
