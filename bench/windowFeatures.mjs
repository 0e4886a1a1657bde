// The value set of 20,000 windows of 300 samples, against NumPy and PyWavelets: whole arrays at once, and window by window.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { windowSamples, windowsFile } from './inputs.mjs';
import { answerOf, interleave, median, ratios, tell } from './measure.mjs';
import { inScratch } from './scratch.mjs';

const ours = fileURLToPath(new URL('ours/windowFeatures.mjs', import.meta.url));
const peer = (name) => fileURLToPath(new URL(`peers/${name}.py`, import.meta.url));

export async function windowFeatures({ python, repetitions }) {
  const path = await windowsFile();
  tell('window-features: comparing values');
  const values = await compare(python, path);
  tell(`window-features: ${windowSamples.windows} windows, ${values} values each`);
  const answers = await interleave({
    ours: () => answerOf(process.execPath, [ours, 'timed', path]),
    vectorised: () => answerOf(python, [peer('window_features'), 'vectorised', path]),
    single: () => answerOf(python, [peer('window_features'), 'single', path]),
  }, repetitions);
  const rate = (side) => answers[side].map((answer) => Math.max(...answer.windows_per_second));
  const row = (side, what, least) => ({
    what: `${values} values of a 300-sample window, one core`, peer: `NumPy + PyWavelets, ${what}`, ratio: ratios(rate('ours'), rate(side)), target: { least },
    ours: `${thousands(median(rate('ours')))} windows/s`, theirs: `${thousands(median(rate(side)))} windows/s`,
  });
  return [row('vectorised', 'vectorised', 2.5), row('single', 'one window at a time', 12)];
}

function compare(python, path) {
  return inScratch(async (scratch) => {
    const [left, right] = [join(scratch, 'ours.f32'), join(scratch, 'theirs.f64')];
    const { values } = await answerOf(process.execPath, [ours, 'write', path, left]);
    const theirs = await answerOf(python, [peer('window_features'), 'write', path, right]);
    if (values !== theirs.values) throw new Error(`${values} values per window against ${theirs.values}`);
    const { wrong, columns } = await answerOf(python, [peer('compare_features'), left, right, values]);
    if (wrong > 0) throw new Error(`${wrong} values differ by more than 1e-9, in columns ${columns.join(', ')}`);
    return values;
  });
}

function thousands(rate) {
  return `${(rate / 1000).toFixed(1)} thousand`;
}
