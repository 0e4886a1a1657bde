// Ingest, windows and features of 200 cases, planning and publication included, with one thread and with two.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { campaignFolder, campaigns } from './inputs.mjs';
import { answerOf, interleave, median, ratios, tell } from './measure.mjs';
import { chain, chainSections } from './chain.mjs';
import { inScratch, writeConfig } from './scratch.mjs';

const ours = fileURLToPath(new URL('ours/sections.mjs', import.meta.url));
const spin = fileURLToPath(new URL('ours/spin.mjs', import.meta.url));

export async function scaling({ repetitions }) {
  const source = await campaignFolder(campaigns.scaling);
  tell(`scaling: ${campaigns.scaling.total} cases with 1 and 2 threads`);
  return inScratch(async (scratch) => {
    const run = (threads) => (n) => answerOf(process.execPath, [ours, writeConfig(join(scratch, `${threads}-${n}`), chain(source)), threads, ...chainSections]);
    const answers = await interleave({
      one: run(1), two: run(2),
      spinOne: () => answerOf(process.execPath, [spin, 1]), spinTwo: () => answerOf(process.execPath, [spin, 2]),
    }, repetitions);
    const seconds = (side) => answers[side].map((answer) => answer.seconds);
    const shown = (side) => `${median(seconds(side)).toFixed(2)} s`;
    return [
      {
        what: `ingest, windows and features of ${campaigns.scaling.total} cases, 2 threads`, peer: 'the same with 1 thread',
        ratio: ratios(seconds('one'), seconds('two')), target: { least: 1.8 }, ours: shown('two'), theirs: shown('one'),
      },
      {
        what: 'twice the pure arithmetic, 2 threads: what this machine can give', peer: 'the same with 1 thread',
        ratio: ratios(seconds('spinOne').map((s) => 2 * s), seconds('spinTwo')), ours: shown('spinTwo'), theirs: `${(2 * median(seconds('spinOne'))).toFixed(2)} s`,
      },
    ];
  });
}
