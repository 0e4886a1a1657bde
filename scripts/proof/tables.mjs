// The tables of docs/proof.md.
import { quantile } from 'd3-array';
import { normalCdf } from '../../dist/src/numeric/index.js';
import { number } from '../runConfig.mjs';
import { difference, fused, lead, leaksOf, multiples, shareFound, singles } from './study.mjs';

const names = { fusion: 'fusion', pfm: 'PFM', observer: 'OBSERVER', imbalance: 'flow in - flow out', clock_only: 'clock alone' };
const places = { place_pfm: 'PFM', place_observer: 'OBSERVER', pressure_wave: 'pressure wave' };

/** The leading detector by size. */
export function sizeTable(study, sizes = multiples) {
  const rows = sizes.map((multiple) => {
    const leaks = leaksOf(study, lead, multiple);
    const delays = leaks.flatMap(({ delay }) => delay ?? []).sort((a, b) => a - b);
    return [
      `${multiple} x (${fluxOf(leaks)})`, leaks.length, shareFound(leaks).count, share(shareFound(leaks)), share(shareFound(leaks, 300)), share(shareFound(leaks, 600)),
      seconds(quantile(delays, 0.5)), seconds(quantile(delays, 0.9)), ...Object.keys(places).map((model) => placeError(study, model, leaks)),
    ];
  });
  return table([
    'size of the leak, of the API 1149 minimum (of the flow)', 'leaks', 'found', 'probability of detection', 'within 5 min', 'within 10 min', 'median delay', 'P90 delay',
    ...Object.values(places).map((name) => `place, ${name}: median error`),
  ], rows);
}

/** Every detector by the same rules, and the controls that say what no skill looks like. */
export function detectorTable(study, sizes = multiples) {
  const { bundles, metrics } = study;
  const head = ['detector', ...sizes.map((multiple) => `${multiple} x`), 'median delay', 'P90 delay', `false alarms in ${number(metrics.false_alarms_without_leaks.leakFreeHours, 0)} h`, 'per month of 30 days', 'AUC of windows'];
  const learned = [...singles, fused].map((bundle) => {
    const row = bundles[bundle].detectors[0];
    return [names[bundle], ...sizes.map((multiple) => share(shareFound(leaksOf(study, bundle, multiple)))), seconds(row.medianDelay), seconds(row.p90Delay), ...falseAlarms(bundles[bundle].false_alarms_without_leaks), number(row.auc, 3)];
  });
  const controls = ['imbalance', 'clock_only'].map((detector) => {
    const row = metrics.detectors.find((one) => one.detector === detector);
    const own = metrics.baselines[detector];
    return [`control: ${names[detector]}`, ...own.delay_by_size.map(({ recall }) => share(recall)), seconds(row.medianDelay), seconds(row.p90Delay), ...falseAlarms(own.false_alarms_without_leaks), number(row.auc, 3)];
  });
  return table(head, [...learned, balanceRow(sizes), ...controls]);
}

/** A balance that is no better than its uncertainty: at the minimum it finds one leak in two, in a twentieth of its healthy averages (two-sided) it is beyond the bound. */
function balanceRow(sizes) {
  const z = 1.96;
  const perMonth = (1 - normalCdf(z)) * (30 * 24 * 6);
  return ['volume balance of API 1149, calculated', ...sizes.map((multiple) => `${number(100 * normalCdf(z * (multiple - 1)), 0)} %`), '10 min', '10 min', '-', `${number(perMonth, 0)}`, '-'];
}

/** What the other controls say, and whether the fusion is worth it. */
export function statements(study) {
  const { metrics, twins, bundles } = study;
  const onTwins = metrics.alarms.filter(({ kind, caseId }) => kind === 'false' && twins.has(caseId)).length;
  const endOf = new Map(metrics.events.map(({ caseId, end }) => [caseId, end]));
  const besideLeaks = metrics.alarms.filter(({ kind, caseId }) => kind === 'false' && endOf.has(caseId));
  const after = besideLeaks.filter(({ caseId, time }) => time > endOf.get(caseId));
  const hours = metrics.false_alarms.leakFreeHours - metrics.false_alarms_without_leaks.leakFreeHours;
  const sign = (value) => (value > 0 ? `+${value}` : `${value}`);
  const against = singles.map((single) => {
    const { missed, falseAlarms, groups } = difference(study, fused, single);
    const verdict = missed.upper <= 0 && falseAlarms.upper <= 0 ? 'the fusion is shown to be no worse in either'
      : missed.upper < 0 ? 'it is shown to find more; that it gives no more false alarms is not shown'
        : falseAlarms.upper < 0 ? 'it is shown to give fewer false alarms; that it finds as many is not shown'
          : missed.lower > 0 || falseAlarms.lower > 0 ? `${names[single]} alone does better` : 'no difference is shown';
    return `- Fusion against ${names[single]}, paired bootstrap over ${groups} groups of cases: leaks missed ${sign(missed.difference)} (90 % interval ${sign(missed.lower)} to ${sign(missed.upper)}), `
      + `false alarms ${sign(falseAlarms.difference)} (${sign(falseAlarms.lower)} to ${sign(falseAlarms.upper)}): ${verdict}.`;
  });
  return [
    `- ${names[lead]} on twins, the same cases without the leak: ${onTwins} ${onTwins === 1 ? 'alarm' : 'alarms'} in ${twins.size}. Labels shifted in time: AUC ${number(metrics.shifted_labels.auc, 3)} within cases (0.45 to 0.55 is no skill).`,
    `- ${names[lead]} in the leak cases, beside the leaks: ${besideLeaks.length} more false alarms in ${number(hours, 0)} h, ${after.length} of them after a leak had ended and its recovery was over (in ${new Set(after.map(({ caseId }) => caseId)).size} cases).`,
    ...metrics.warnings.map((warning) => `- ${warning}.`),
    ...against,
    ...(bundles[lead].detection_by_size.rows.length === multiples.length ? [] : ['- The map of the report has other rows than the sizes.']),
  ];
}

function table(head, rows) {
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rows.map((row) => `| ${row.join(' | ')} |`)];
}

function share({ total, value, lower, upper }) {
  return total === 0 ? '-' : `${number(100 * value, 0)} % (${number(100 * lower, 0)} to ${number(100 * upper, 0)})`;
}

function falseAlarms({ count, monthly }) {
  return [count, monthly ? `${number(monthly.rate, 1)} (${number(monthly.lower, 1)} to ${number(monthly.upper, 1)})` : '-'];
}

function seconds(value) {
  return value === null || value === undefined ? '-' : value < 120 ? `${number(value, 0)} s` : `${number(value / 60, 1)} min`;
}

function fluxOf(leaks) {
  const sizes = leaks.map(({ size }) => size).sort((a, b) => a - b);
  return `${number(sizes[0], 2)} to ${number(sizes.at(-1), 2)} %`;
}

/** Of the leaks that were found. */
function placeError({ metrics }, model, leaks) {
  const found = new Set(leaks.filter(({ outcome }) => outcome === 'detected').map(({ caseId }) => caseId));
  const errors = metrics.estimates.filter((one) => one.model === model && found.has(one.caseId)).map(({ error }) => error).sort((a, b) => a - b);
  return errors.length === 0 ? '-' : `${number(quantile(errors, 0.5) / 1000, 1)} km`;
}
