// An offline test of 1,000 cases, from Parquet series and a bundle to scores, events, a chart of every case and the workbook, against the same in
// Python; and the memory that it takes for a quarter of the cases and for all of them.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { campaignFolder, campaigns } from './inputs.mjs';
import { answerOf, hostAnswer, interleave, median, ratios, tell } from './measure.mjs';
import { benchFolder } from './prepare.mjs';
import { inScratch, writeConfig } from './scratch.mjs';

const ours = (name) => fileURLToPath(new URL(`ours/${name}.mjs`, import.meta.url));
const peer = (name) => fileURLToPath(new URL(`peers/${name}.py`, import.meta.url));
const peakOfEach = pathToFileURL(ours('peakOfEach')).href;
const rules = { persistence: 2, hold_off_seconds: 60, grace_seconds: 0 };

export async function offline({ python, repetitions, offlineCases = 1000 }) {
  const prepared = await prepareOffline(offlineCases);
  return inScratch(async (scratch) => {
    const run = { ours: 0, theirs: 0 };
    const side = {
      ours: () => {
        const folder = join(scratch, `ours-${run.ours++}`);
        const config = writeConfig(folder, { test_offline_pipeline: { parquet_root: prepared.series, bundle_folder: prepared.training, output_report_folder: 'report', html_cases: 0, ...rules } });
        return hostAnswer([ours('offline'), config, 2, 'test_offline_pipeline']).then((answer) => ({ ...answer, folder: join(folder, 'report') }));
      },
      theirs: () => {
        const folder = join(scratch, `theirs-${run.theirs++}`);
        return answerOf(python, [peer('offline'), prepared.series, join(prepared.training, 'bundle'), folder, 2, offlineCases, JSON.stringify(rules)]).then((answer) => ({ ...answer, folder }));
      },
    };
    tell('offline: comparing results');
    await compare(python, await side.ours(), await side.theirs());
    const answers = await interleave(side, repetitions);
    const seconds = (name) => answers[name].map((answer) => answer.seconds);
    tell(`offline: parts in seconds ${JSON.stringify({ ours: answers.ours.at(-1).parts, theirs: answers.theirs.at(-1).parts })}`);
    return [...await memoryRows(scratch, prepared, offlineCases), {
      what: `offline test of ${offlineCases} cases with a chart of each and a workbook, two processes`, peer: 'pandas, NumPy + PyWavelets, LightGBM, matplotlib, openpyxl in two processes',
      ratio: ratios(seconds('theirs'), seconds('ours')), target: { least: 5 },
      ours: `${median(seconds('ours')).toFixed(1)} s`, theirs: `${median(seconds('theirs')).toFixed(1)} s`,
    }];
  });
}

/** Peak memory of the largest process, for a quarter of the cases and for all of them. */
async function memoryRows(scratch, { series, training }, total) {
  const peakOf = async (cases, n) => {
    const folder = join(scratch, `memory-${cases}-${n}`);
    const config = writeConfig(folder, { test_offline_pipeline: { parquet_root: series, bundle_folder: training, output_report_folder: 'report', max_cases: cases, series_charts: 100, ...rules } });
    const peaks = join(folder, 'peaks');
    await hostAnswer([ours('offline'), config, 2, 'test_offline_pipeline'], { env: { NODE_OPTIONS: `--import ${peakOfEach}`, BENCH_PEAKS: peaks } });
    // Its processes end when it has ended.
    await sleep(1000);
    return Math.max(...readFileSync(peaks, 'utf8').trim().split('\n').map(Number));
  };
  const { few, all } = await interleave({ few: (n) => peakOf(total / 4, n), all: (n) => peakOf(total, n) }, 3);
  return [{
    what: `offline test of ${total} cases: peak memory of the largest process`, peer: `the same with ${total / 4}`, ratio: ratios(all, few), target: { most: 1.2 },
    ours: `${median(all).toFixed(0)} MB`, theirs: `${median(few).toFixed(0)} MB`,
  }];
}

/** Both find the same events and raise the same alarms, and the scores are the same but where a float32 feature lies on a split. */
async function compare(python, left, right) {
  for (const key of ['events', 'events_found', 'false_alarms']) {
    if (left.metrics[key] !== right.metrics[key]) throw new Error(`${key}: ${left.metrics[key]} against ${right.metrics[key]}`);
  }
  const { rows, differing, worst } = await answerOf(python, [peer('compare_scores'), join(left.folder, 'scores'), join(right.folder, 'scores')]);
  if (differing > rows * 1e-3) throw new Error(`${differing} of ${rows} scores differ by more than 1e-6, by ${worst} at most`);
  tell(`offline: ${rows} windows, ${left.metrics.events_found} of ${left.metrics.events} events, ${left.metrics.false_alarms} false alarms on both sides; ${differing} scores differ`);
}

/** Series of the cases, and a bundle on the features of `window-features`, trained on a campaign of its own; made again only where something has changed. */
export async function prepareOffline(total) {
  const folder = await benchFolder('bench-inputs', `offline-${total}`);
  const places = { series: join(folder, 'series'), training: join(folder, 'training') };
  mkdirSync(folder, { recursive: true });
  const groups = ['raw', 'wavelet_coefficients', 'band_statistics', 'time_statistics', 'oscillation', 'spectral', 'differences', 'cross', 'pressure_wave', 'temporal_context', 'operational_context', 'tsfresh_minimal', 'tsfresh_efficient'];
  const on = ['wavelet_coefficients', 'band_statistics', 'time_statistics'];
  const config = writeConfig(folder, {
    fit: { pipeline: 'tpl_genkey', source_folder: await campaignFolder(campaigns.offlineFit), output_folder: 'fit' },
    held_out: { pipeline: 'tpl_genkey', source_folder: await campaignFolder(campaigns.offline(total)), output_folder: 'series' },
    windows_pipeline: { source_folder: 'fit', output_folder: 'windows', window_size: 300, step_size: 4 },
    features_pipeline: {
      source_folder: 'windows', output_folder: 'features', wavelet_level: 4, groups: Object.fromEntries(groups.filter((name) => name !== 'raw').map((name) => [name, on.includes(name)])),
      values: { band_statistics: ['energy', 'mean', 'std', 'max', 'entropy'], time_statistics: ['mean', 'std', 'min', 'max', 'skew', 'kurtosis', 'rms', 'p25', 'median', 'p75', 'mean_abs_diff'] },
    },
    training_pfm_detection_pipeline: { input_path: 'features', output_folder: 'training', num_boost_round: 60 },
  });
  tell('offline: preparing series and bundle');
  await hostAnswer([ours('sections'), config, 2, 'fit', 'held_out', 'windows_pipeline', 'features_pipeline', 'training_pfm_detection_pipeline']);
  return places;
}
