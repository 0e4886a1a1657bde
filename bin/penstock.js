#!/usr/bin/env -S node --single-threaded-gc
// V8's helpers that look through memory would take the cores that the threads of stages need: there are as many as cores. This must be said before Node starts.
import { existsSync } from 'node:fs';

const main = new URL('../dist/src/cli/main.js', import.meta.url);
if (!existsSync(main)) {
  process.stderr.write('penstock is not built yet: run `npm run prepare-all` once\n');
  process.exit(3);
}
await import(main.href);
