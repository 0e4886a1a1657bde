// What the proof must hold, whatever its numbers are. Every violation is one line.
import { sizeReversals } from '../../dist/src/evaluation/index.js';
import { fused, lead, leaksOf, multiples, shareFound, singles } from './study.mjs';

const leastLeaks = 300;
const leastDays = 30;

export function violations(study) {
  const found = [];
  const { metrics, bundles, manifest } = study;
  const leaks = multiples.map((multiple) => leaksOf(study, lead, multiple).length);
  const counted = leaks.reduce((sum, count) => sum + count, 0);
  if (counted < leastLeaks) found.push(`${counted} leaks count; ${leastLeaks} are wanted`);
  if (new Set(leaks).size > 1) found.push(`sizes have ${leaks.join(', ')} leaks; with common random numbers they have as many each`);
  const days = metrics.false_alarms_without_leaks.leakFreeHours / 24;
  if (days < leastDays) found.push(`${days.toFixed(1)} leak-free days in cases without a leak; ${leastDays} are wanted`);
  if (manifest.list.length !== metrics.metrics.cases) found.push(`${metrics.metrics.cases} of ${manifest.list.length} cases were tested`);
  for (const bundle of [fused, ...singles]) {
    for (const { smaller, larger, within } of sizeReversals(mapOf(study, bundle))) {
      found.push(`${bundle}: leaks of ${larger} are found less often than those of ${smaller} ${within === null ? 'at all' : `within ${within} s`}, beyond both intervals`);
    }
    for (const { smaller, larger } of bundles[bundle].size_reversals) found.push(`${bundle}, map of the report: ${larger} below ${smaller}`);
  }
  return found;
}

/** The performance map by exact multiples, in the times of the report. */
function mapOf(study, bundle) {
  const { within } = study.bundles[bundle].detection_by_size;
  const rows = multiples.map((multiple) => {
    const leaks = leaksOf(study, bundle, multiple);
    return { label: `${multiple} x`, lower: multiple, upper: null, within: within.map((seconds) => shareFound(leaks, seconds)), recall: shareFound(leaks) };
  });
  return { within, rows };
}
