// Peak memory of `penstock run` of ingest, on the embedded server, of one trend file that is larger than memory need be.
import { readFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { attachServer } from '../dist/src/runtime/server/index.js';
import { largeFile as recording, writeLongRecording } from './inputs.mjs';
import { hostAnswer, median, spread, tell } from './measure.mjs';
import { inScratch, writeConfig } from './scratch.mjs';

const penstock = fileURLToPath(new URL('../bin/penstock.js', import.meta.url));
const peakMemory = pathToFileURL(fileURLToPath(new URL('ours/peakMemory.mjs', import.meta.url))).href;
/** Megabytes that the process may take. */
const most = 400;

/** The file is written for the bench and removed behind it; one repetition. */
export async function largeFile({ gigabytes }) {
  await recording();
  return inScratch(async (folder) => {
    const source = join(folder, 'source');
    const state = join(folder, 'state');
    mkdirSync(source);
    const rows = await writeLongRecording(join(source, 'recording.tpl'), gigabytes * 1e9);
    const { size } = statSync(join(source, 'recording.tpl'));
    tell(`large-file: ${(size / 1e9).toFixed(1)} GB, ${rows} rows`);
    const config = writeConfig(join(folder, 'project'), { tpl_genkey_pipeline: { source_folder: source, output_folder: 'series' } });
    const server = await attachServer({ stateFolder: state, report: tell });
    try {
      const peakFile = join(folder, 'peak');
      const { outcome, metrics } = await hostAnswer(
        ['--import', peakMemory, penstock, 'run', 'tpl_genkey_pipeline', '--config', config, '--json'],
        { env: { PENSTOCK_STATE: state, PENSTOCK_EMBEDDED: '1', BENCH_PEAK: peakFile }, cwd: join(folder, 'project') },
      );
      if (outcome !== 'completed' || metrics.rows !== rows) throw new Error(`${outcome}, ${metrics.rows} of ${rows} rows`);
      const peak = Number(readFileSync(peakFile, 'utf8'));
      return [{
        what: `ingest of one .tpl of ${gigabytes} GB and ${(rows / 1e6).toFixed(1)} million rows: peak memory of the process, Temporal worker included`, peer: `${most} MB`,
        ratio: spread([most / peak]), target: { least: 1 }, ours: `${median([peak]).toFixed(0)} MB`, theirs: `${most} MB`,
      }];
    } finally {
      await server.release();
      rmSync(state, { recursive: true, force: true });
    }
  });
}
