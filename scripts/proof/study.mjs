// What a run of configs/proof.yml has published, read for judging and for tables.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pairedBootstrap } from '../../dist/src/fusion/index.js';
import { wilsonInterval } from '../../dist/src/metrics/index.js';

export const multiples = [0.5, 1, 3];
/** The detector that does best on B, which the report is about; the fusion, and the bundles of the single detectors it is made of. */
export const lead = 'pfm';
export const fused = 'fusion';
export const singles = ['pfm', 'observer'];

/** Report of a campaign: what each bundle did, and of every case the size of its leak in multiples of the API 1149 minimum. */
export function readStudy(folder, report, raw) {
  const json = (...path) => JSON.parse(readFileSync(join(folder, 'data', 'proof', ...path), 'utf8'));
  const manifest = json(raw, 'raw', 'manifest.json');
  const multipleOf = new Map(manifest.list.flatMap(({ name, size }) => (size ? [[name, size.ofMinimum]] : [])));
  const groupOf = new Map(manifest.list.map(({ name, group }) => [name, group]));
  const twins = new Set(manifest.list.filter(({ kind }) => kind === 'twin').map(({ name }) => name));
  const withoutLeak = new Set(manifest.list.filter(({ kind }) => kind !== 'leak').map(({ name }) => name));
  const metrics = json(report, 'metrics.json');
  return { manifest, multipleOf, groupOf, twins, withoutLeak, metrics, bundles: metrics.bundles };
}

/** The leaks of one size that count (onset after the warm-up), as a bundle met them. */
export function leaksOf({ multipleOf, bundles }, bundle, multiple) {
  return bundles[bundle].events.filter(({ caseId, outcome }) => outcome !== 'excluded' && multipleOf.get(caseId) === multiple);
}

/** Share of leaks found, at all or within so many seconds, with its Wilson interval. */
export function shareFound(leaks, within = Infinity) {
  const count = leaks.filter(({ delay }) => delay !== undefined && delay !== null && delay <= within).length;
  return { count, total: leaks.length, value: count / leaks.length, ...wilsonInterval(count, leaks.length) };
}

/** Difference of two bundles over groups of cases that share their noise: leaks missed, and false alarms in cases without a leak. */
export function difference({ groupOf, withoutLeak, bundles }, a, b) {
  const groups = [...new Set(groupOf.values())].sort((one, other) => (one < other ? -1 : 1));
  const perGroup = (names) => {
    const counts = new Map(groups.map((group) => [group, 0]));
    for (const name of names) counts.set(groupOf.get(name), counts.get(groupOf.get(name)) + 1);
    return [...counts.values()];
  };
  const missed = (bundle) => perGroup(bundles[bundle].events.filter(({ outcome }) => outcome === 'missed' || outcome === 'already-on').map(({ caseId }) => caseId));
  const falseAlarms = (bundle) => perGroup(bundles[bundle].alarms.filter(({ kind, caseId }) => kind === 'false' && withoutLeak.has(caseId)).map(({ caseId }) => caseId));
  return { missed: pairedBootstrap(missed(a), missed(b)), falseAlarms: pairedBootstrap(falseAlarms(a), falseAlarms(b)), groups: groups.length };
}
