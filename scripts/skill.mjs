// How well the seven models do on operating points that none has seen: runs configs/skill.yml and prints its tables as Markdown.
//   node scripts/skill.mjs [--folder FOLDER]     (simulates, ingests, trains and tests; a second run does no work)
// Data, bundles and the report lie in FOLDER/data/skill; by default FOLDER is this checkout.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { number, root, runConfig } from './runConfig.mjs';

const { values: options } = parseArgs({ options: { folder: { type: 'string', default: root } } });
const folder = resolve(options.folder);
await runConfig('skill.yml', 'skill', folder);
const report = JSON.parse(readFileSync(join(folder, 'data', 'skill', 'report', 'metrics.json'), 'utf8'));
console.log([...detectionTable(report), '', ...estimateTable(report)].join('\n'));

/** A row per detector, and the controls that say what no skill looks like. */
function detectionTable({ bundles }) {
  const names = { pfm_detection: 'PFM', observer_detection: 'OBSERVER', clock_only: 'clock alone', imbalance: 'imbalance threshold' };
  const { metrics, detectors } = bundles.pfm_detection;
  const rows = [...detectors.filter(({ detector }) => detector === 'pfm_detection'), ...bundles.observer_detection.detectors.filter(({ detector }) => detector === 'observer_detection'), ...detectors.filter(({ detector }) => detector in names && detector !== 'pfm_detection')];
  return [
    `| detector | ROC-AUC of windows | leaks found | median delay | false alarms in ${number(metrics.leak_free_hours, 1)} leak-free hours |`,
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${names[row.detector]} | ${number(row.auc, 3)} | ${row.eventRecall.count} of ${row.eventRecall.total} | ${row.medianDelay === null ? '-' : `${number(row.medianDelay, 1)} s`} | ${row.falseAlarms} |`),
    `| labels shifted | ${number(bundles.pfm_detection.shifted_labels.auc, 3)} | | | |`,
  ];
}

function estimateTable({ estimate_summaries: summaries }) {
  const names = { pfm_size: 'size, PFM', observer_size: 'size, OBSERVER', pfm_location: 'place, PFM', observer_location: 'place, OBSERVER', pfm_leakflow: 'leak flow, PFM' };
  const result = (one) => {
    if (one.quantity === 'size class') return [`class right for ${number(100 * one.rightShare, 1)} %`, `commonest class: ${number(100 * one.noSkillShare, 1)} %`];
    if (one.quantity === 'flow') return [`R2 ${number(one.r2, 3)}, median error ${number(one.medianError, 2)} kg/s (${number(one.medianPercent, 1)} %)`, 'mean flow: R2 0'];
    return [`median error ${number(one.medianError, 0)} m (${number(one.medianPercent, 1)} % of the line), R2 ${number(one.r2, 3)}`, `middle of the line: ${number(one.noSkillError, 0)} m`];
  };
  return ['| what, of how many leaks | on unseen leaks | without skill |', '|---|---|---|', ...summaries.map((one) => `| ${names[one.model] ?? one.model}, ${one.count} | ${result(one).join(' | ')} |`)];
}
