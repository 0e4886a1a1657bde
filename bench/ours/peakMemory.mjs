// Preloaded (`node --import`): writes the process's largest resident set, in MB, to the file that BENCH_PEAK names when it ends.
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.BENCH_PEAK;
if (isMainThread && file) process.once('exit', () => writeFileSync(file, String(process.resourceUsage().maxRSS / 1024)));
