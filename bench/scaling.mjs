// Ingest, windows and features of 500 cases, planning and publication included, with one thread on one core and with two on two: what compiles and
// collects beside one thread would else have the second core to itself.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { campaignFolder, campaigns } from './inputs.mjs';
import { answerOf, hostAnswer, interleave, median, ratios, tell } from './measure.mjs';
import { chain, chainSections } from './chain.mjs';
import { inScratch, writeConfig } from './scratch.mjs';

const ours = fileURLToPath(new URL('ours/sections.mjs', import.meta.url));
const spin = fileURLToPath(new URL('ours/spin.mjs', import.meta.url));

export async function scaling({ repetitions }) {
  const source = await campaignFolder(campaigns.ingest);
  tell(`scaling: ${campaigns.ingest.total} cases on 1 and 2 cores`);
  return inScratch(async (scratch) => {
    const run = (threads) => (n) => hostAnswer([ours, writeConfig(join(scratch, `${threads}-${n}`), chain(source)), threads, ...chainSections], { oneCore: threads === 1 });
    const answers = await interleave({
      one: run(1), two: run(2),
      spinOne: () => answerOf(process.execPath, [spin, 1]), spinTwo: () => answerOf(process.execPath, [spin, 2]),
    }, repetitions);
    const seconds = (side) => answers[side].map((answer) => answer.seconds);
    const shown = (side) => `${median(seconds(side)).toFixed(2)} s`;
    return [
      {
        what: `ingest, windows and features of ${campaigns.ingest.total} cases, 2 threads on 2 cores`, peer: 'the same with 1 thread on 1 core',
        ratio: ratios(seconds('one'), seconds('two')), target: { least: 1.8 }, ours: shown('two'), theirs: shown('one'),
      },
      {
        what: 'twice the pure arithmetic, 2 threads: what this machine can give', peer: 'the same with 1 thread',
        ratio: ratios(seconds('spinOne').map((s) => 2 * s), seconds('spinTwo')), ours: shown('spinTwo'), theirs: `${(2 * median(seconds('spinOne'))).toFixed(2)} s`,
      },
    ];
  });
}
