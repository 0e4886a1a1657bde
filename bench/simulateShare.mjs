// A thread that simulates its share of a campaign.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { simulateCase } from '../dist/src/simulation/index.js';

for (const spec of workerData.specs) {
  const { name, tpl, genkey } = simulateCase(spec);
  for (const [file, text] of [[`${name}.genkey`, genkey], [`${name}.tpl`, tpl]]) {
    writeFileSync(join(workerData.folder, `${file}.part`), text);
    renameSync(join(workerData.folder, `${file}.part`), join(workerData.folder, file));
  }
}
