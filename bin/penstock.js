#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/src/cli/main.js', import.meta.url);
if (!existsSync(main)) {
  process.stderr.write('penstock is not built yet: run `npm run prepare-all` once\n');
  process.exit(3);
}
await import(main.href);
