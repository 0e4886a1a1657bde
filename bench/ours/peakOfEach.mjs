// Preloaded by NODE_OPTIONS (`--import`): every process adds its largest resident set, in MB, as a line to the file that BENCH_PEAKS names when it ends.
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.BENCH_PEAKS;
if (isMainThread && file) process.once('exit', () => appendFileSync(file, `${process.resourceUsage().maxRSS / 1024}\n`));
