// Simulated cases from .tpl to Parquet, through the stages of tpl_genkey, against pandas and pyarrow: as it is mostly written, and
// tuned by hand with as many processes as Penstock has threads.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { campaignFolder, campaigns } from './inputs.mjs';
import { answerOf, hostAnswer, interleave, median, ratios, tell } from './measure.mjs';
import { inScratch, writeConfig } from './scratch.mjs';

const ours = fileURLToPath(new URL('ours/sections.mjs', import.meta.url));
const peer = (name) => fileURLToPath(new URL(`peers/${name}.py`, import.meta.url));
const plainPeer = 'pandas + pyarrow as mostly written: one process, `read_csv(sep=r"\\s+")`, `to_parquet`';
const tunedPeer = (processes) => `pandas + pyarrow tuned by hand, ${processes === 1 ? 'one process' : `${processes} processes`}`;

export async function ingestCases({ python, repetitions }) {
  const small = await ingest(python, campaigns.ingest, ['plain', 'tuned2', 'tuned1'], repetitions);
  // Of the size that files of real lines have: the target stands here. Of short ones, threads that start take a greater part.
  const real = await ingest(python, campaigns.ingestReal, ['plain', 'tuned2'], repetitions, 5);
  return [...real, ...small];
}

async function ingest(python, campaign, peers, repetitions, target) {
  const source = await campaignFolder(campaign);
  const { total } = campaign;
  const what = `${total} cases of ${megabytes(source, total)} MB to Parquet`;
  tell(`ingest-cases: ${what}`);
  const scratch = await inScratch((folder) => folder);
  const config = (name) => writeConfig(join(scratch, name), { tpl_genkey_pipeline: { source_folder: source, output_folder: 'series' } });
  const product = (threads) => (n) => hostAnswer([ours, config(`ours${threads}-${n}`), threads, 'tpl_genkey_pipeline']);
  const tuned = (processes) => (n) => answerOf(python, [peer('ingest_cases'), source, join(scratch, `tuned${processes}-${n}`), processes]);
  const plain = (n) => answerOf(python, [peer('ingest_plain'), source, join(scratch, `plain-${n}`)], { env: { OMP_NUM_THREADS: '2' } });
  const contenders = { ours2: product(2), ours1: product(1), tuned2: tuned(2), tuned1: tuned(1), plain };
  const wanted = ['ours2', ...(peers.includes('tuned1') ? ['ours1'] : []), ...peers];
  const answers = await interleave(Object.fromEntries(wanted.map((name) => [name, contenders[name]])), repetitions);
  for (const name of ['tuned2', 'plain']) {
    const { worst } = await answerOf(python, [peer('compare_series'), join(scratch, 'ours2-0', 'series', 'data'), join(scratch, `${name}-0`)]);
    if (worst > 1e-12) throw new Error(`series differ by ${worst} from those of ${name}`);
  }
  const seconds = (side) => answers[side].map((answer) => answer.seconds);
  const rate = (side) => `${(total / median(seconds(side))).toFixed(0)} cases/s`;
  for (const side of wanted) tell(`  ${side}: ${median(seconds(side)).toFixed(2)} s, ${median(answers[side].map((answer) => answer.cpu)).toFixed(2)} s of CPU`);
  const row = (label, against, mine, theirs, target) => ({
    what: `${what}, ${label}`, peer: against, ratio: ratios(seconds(theirs), seconds(mine)), ...(target && { target: { least: target } }), ours: rate(mine), theirs: rate(theirs),
  });
  return [
    row('2 threads', plainPeer, 'ours2', 'plain', target),
    row('2 threads', tunedPeer(2), 'ours2', 'tuned2'),
    ...(peers.includes('tuned1') ? [row('1 thread', tunedPeer(1), 'ours1', 'tuned1')] : []),
  ];
}

/** Mean size of the trend files. */
function megabytes(folder, cases) {
  const bytes = readdirSync(folder).filter((name) => name.endsWith('.tpl')).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return (bytes / cases / 1e6).toFixed(1);
}
