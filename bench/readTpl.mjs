// A .tpl file from header to columns, against pandas' C reader with the header read by hand, and against pyfas, which of the OLGA readers on
// PyPI is the one that installs and gives every number of the file: pypontem rounds and refuses variables that it does not know.
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { largeFile, realSizeFile } from './inputs.mjs';
import { answerOf, interleave, median, ratios, tell, worstDifference } from './measure.mjs';

const peers = { theirs: 'pandas, C reader', pyfas: 'pyfas, an OLGA reader' };
const ours = fileURLToPath(new URL('ours/readTrend.mjs', import.meta.url));
const scripts = {
  theirs: fileURLToPath(new URL('peers/read_trend.py', import.meta.url)),
  pyfas: fileURLToPath(new URL('peers/read_pyfas.py', import.meta.url)),
};
const recorded = fileURLToPath(new URL('../../shared/data/olga/gasoline_no_leak/01.tpl', import.meta.url));

const words = { whole: '', streamed: 'piece by piece, ' };

export async function readTpl({ python, repetitions }) {
  const simulated = await read(python, await realSizeFile(), 'simulated', 60, repetitions);
  const real = existsSync(recorded) ? await read(python, recorded, 'from OLGA', 60, repetitions) : [];
  const large = await read(python, await largeFile(), 'simulated', 2, repetitions, ['streamed', 'whole']);
  return [...simulated, ...real, ...large];
}

async function read(python, path, origin, repeats, repetitions, ways = ['whole']) {
  const megabytes = statSync(path).size / 1e6;
  const file = `${megabytes < 10 ? megabytes.toFixed(1) : megabytes.toFixed(0)} MB file ${origin}`;
  tell(`read-tpl: ${file}`);
  const answers = await interleave({
    ...Object.fromEntries(ways.map((way) => [way, () => answerOf(process.execPath, [ours, way, path, repeats])])),
    theirs: () => answerOf(python, [scripts.theirs, path, repeats]),
    // It reads the file anew for every variable: half a minute for the large one, once.
    pyfas: (n) => (megabytes < 10 || n === 0 ? answerOf(python, [scripts.pyfas, path, Math.min(repeats, 5)]) : undefined),
  }, repetitions);
  // pandas' reader rounds a last digit differently here and there; these are sums over whole columns.
  for (const way of ways) {
    for (const other of Object.keys(scripts)) {
      const difference = worstDifference(answers[way][0].sums, answers[other][0].sums);
      if (answers[way][0].rows !== answers[other][0].rows || difference > 1e-9) throw new Error(`${file}: columns differ by ${difference} from those of ${other}`);
    }
  }
  answers.pyfas = answers.pyfas.filter((answer) => answer !== undefined);
  const warm = (side) => answers[side].map((answer) => Math.min(...answer.again));
  const first = (side) => answers[side].map((answer) => answer.first);
  const row = (what, way, times, target, other = 'theirs') => ({
    what: `${file}, ${what}`, peer: peers[other], ratio: ratios(times(other), times(way)), ...(target && { target: { least: target } }),
    ours: `${(megabytes / median(times(way))).toFixed(0)} MB/s`, theirs: `${(megabytes / median(times(other))).toFixed(0)} MB/s`,
  });
  return ways.flatMap((way) => [
    // Files of this size are read piece by piece; at once is shown beside it.
    row(`${words[way]}best of a process`, way, warm, way === ways[0] ? 2.5 : undefined),
    row(`${words[way]}first read of a process`, way, first),
    ...(way === ways[0] ? [row(`${words[way]}${megabytes < 10 ? 'best' : 'first read'} of a process`, way, megabytes < 10 ? warm : first, 4, 'pyfas')] : []),
  ]);
}
