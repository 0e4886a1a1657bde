// 500 simulated cases from .tpl to Parquet on two cores, through the stages of tpl_genkey, against pandas and pyarrow in two processes.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { campaignFolder, campaigns } from './inputs.mjs';
import { answerOf, interleave, median, ratios, tell } from './measure.mjs';
import { inScratch, writeConfig } from './scratch.mjs';

const cores = 2;
const ours = fileURLToPath(new URL('ours/sections.mjs', import.meta.url));
const peer = (name) => fileURLToPath(new URL(`peers/${name}.py`, import.meta.url));

export async function ingestCases({ python, repetitions }) {
  const source = await campaignFolder(campaigns.ingest);
  tell(`ingest-cases: ${campaigns.ingest.total} cases`);
  return inScratch(async (scratch) => {
    const config = (n) => writeConfig(join(scratch, `ours-${n}`), { tpl_genkey_pipeline: { source_folder: source, output_folder: 'series' } });
    const answers = await interleave({
      ours: (n) => answerOf(process.execPath, [ours, config(n), cores, 'tpl_genkey_pipeline']),
      theirs: (n) => answerOf(python, [peer('ingest_cases'), source, join(scratch, `theirs-${n}`), cores]),
    }, repetitions);
    const { worst } = await answerOf(python, [peer('compare_series'), join(scratch, 'ours-0', 'series', 'data'), join(scratch, 'theirs-0')]);
    if (worst > 1e-12) throw new Error(`series differ by ${worst}`);
    const seconds = (side) => answers[side].map((answer) => answer.seconds);
    const rate = (side) => `${(campaigns.ingest.total / median(seconds(side))).toFixed(0)} cases/s`;
    return [{
      what: `${campaigns.ingest.total} cases of 0.3 MB to Parquet on ${cores} cores`, peer: `pandas + pyarrow, ${cores} processes, the same job: pairs, hashes, roles, units, leak labels, metadata; both zstd`,
      ratio: ratios(seconds('theirs'), seconds('ours')), target: { least: 5 }, ours: rate('ours'), theirs: rate('theirs'),
    }];
  });
}
