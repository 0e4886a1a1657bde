import { proportion } from './proportion.js';
import type { CaseEvent, DetectionMap, DetectionRow } from './types.js';

const times = [10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];

/** Times from onset that the columns stand for: up to the first one that no event outlasts. */
export function mapTimes(events: readonly CaseEvent[]): number[] {
  const longest = events.reduce((most, event) => Math.max(most, event.delay ?? 0, event.outcome === 'excluded' ? 0 : event.end - event.onset), 0);
  const last = times.findIndex((time) => time >= longest);
  return times.slice(0, last < 0 ? times.length : last + 1);
}

/** Probability of detection by size and time from onset; empty bins are left out. */
export function mapBySize(events: readonly CaseEvent[], edges: readonly number[], unit: string, confidence: number): DetectionMap {
  return mapOf(events, edges.map((lower, i) => ({ lower, upper: edges[i + 1] ?? null })), (event) => event.size, unit === 'kg/s' ? 'kg/s' : '%', confidence);
}

const fifths = [0, 20, 40, 60, 80].map((lower) => ({ lower, upper: lower === 80 ? null : lower + 20 }));

/** Probability of detection by place along the line, in % of its length. */
export function mapByPosition(events: readonly CaseEvent[], confidence: number): DetectionMap {
  const placed = events.filter((event) => event.position !== undefined && event.lineLength !== undefined && event.lineLength > 0);
  const map = mapOf(placed, fifths, (event) => (100 * event.position!) / event.lineLength!, '%', confidence);
  return { ...map, rows: map.rows.map((row) => ({ ...row, label: `${row.lower} to ${row.upper ?? 100} % of the line` })) };
}

function mapOf(
  events: readonly CaseEvent[], bins: readonly { lower: number; upper: number | null }[], valueOf: (event: CaseEvent) => number, unit: string, confidence: number,
): DetectionMap {
  const counted = events.filter((event) => event.outcome !== 'excluded');
  const within = mapTimes(counted);
  const rows = bins.flatMap(({ lower, upper }): DetectionRow[] => {
    const inside = counted.filter((event) => valueOf(event) >= lower && (upper === null || valueOf(event) < upper));
    if (inside.length === 0) return [];
    const found = (seconds: number): number => inside.filter((event) => event.delay !== undefined && event.delay <= seconds).length;
    return [{
      label: `${upper === null ? `${lower} or more` : `${lower} to ${upper}`} ${unit}`, lower, upper,
      within: within.map((seconds) => proportion(found(seconds), inside.length, confidence)),
      recall: proportion(found(Infinity), inside.length, confidence),
    }];
  });
  return { within, rows };
}
