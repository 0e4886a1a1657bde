import { PenstockError } from '../errors/index.js';

/**
 * LeakDB's score of early detection for one leak, 0 to 100: 100 * 2 / (1 + exp(5 d / window)), where d is the steps from the start of the
 * leak (rows `first` to `last`, ends included) to the first alarm, and the window reaches `extra` steps beyond the end. 0 where no alarm comes within
 * the window, or where at most 75 % of the window's rest after it are alarms: a flickering alarm tells nobody anything.
 */
export function earlyDetection(alarm: ArrayLike<number>, leak: { readonly first: number; readonly last: number }, extra = 10): number {
  const window = leak.last + extra - leak.first;
  if (!(window > 0 && leak.first >= 0 && leak.last < alarm.length)) {
    throw new PenstockError('evaluation/invalid', `the leak lasts from row ${leak.first} to ${leak.last} of ${alarm.length}; rows of the series are needed`);
  }
  const end = Math.min(leak.first + window, alarm.length - 1);
  let hit = leak.first;
  while (hit <= end && alarm[hit] !== 1) hit++;
  if (hit > end) return 0;
  let on = 0;
  for (let row = hit; row <= end; row++) if (alarm[row] === 1) on++;
  return on / (end - hit + 1) > 0.75 ? 200 / (1 + Math.exp((5 * (hit - leak.first)) / window)) : 0;
}

/** A leak of the BattLeDIM year: outflow in m3/h by rows of equal step. */
export interface BattledimLeak {
  readonly startRow: number;
  readonly endRow: number;
  readonly flow: ArrayLike<number>;
}

export interface BattledimReport {
  readonly row: number;
  /** Pipe distance to each leak, m. */
  readonly distance: readonly number[];
}

export interface BattledimScore {
  readonly euros: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

const eurosPerCubicMetre = 0.8;
const repairEuros = 500;
const reach = 300;

/**
 * BattLeDIM's economic score. A report finds the nearest leak not found yet that is within 300 m and flows at that row: what it saves, the water from
 * then on at 0.80 EUR/m3, less 500 EUR in proportion to the distance. A report of a leak found before is worth nothing, any other costs 500 EUR.
 */
export function battledimScore(leaks: readonly BattledimLeak[], reports: readonly BattledimReport[], stepHours: number): BattledimScore {
  const found = new Set<number>();
  let euros = 0;
  let falsePositives = 0;
  for (const { row, distance } of [...reports].sort((a, b) => a.row - b.row)) {
    const near = leaks.flatMap((leak, l) => (distance[l]! <= reach && row >= leak.startRow && row <= leak.endRow ? [l] : [])).sort((a, b) => distance[a]! - distance[b]!);
    const hit = near.find((l) => !found.has(l));
    if (hit !== undefined) {
      found.add(hit);
      euros += savedBy(leaks[hit]!, row, stepHours) * eurosPerCubicMetre - repairEuros * (distance[hit]! / reach);
    } else if (near.length === 0) {
      falsePositives++;
      euros -= repairEuros;
    }
  }
  return { euros, truePositives: found.size, falsePositives, falseNegatives: leaks.length - found.size };
}

function savedBy({ flow, endRow }: BattledimLeak, from: number, stepHours: number): number {
  let volume = 0;
  for (let row = from; row <= endRow && row < flow.length; row++) volume += flow[row]! * stepHours;
  return volume;
}
