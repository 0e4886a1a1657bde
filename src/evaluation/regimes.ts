import { quantile } from './summaries.js';
import { regimeNames } from './types.js';

/** What tells the regimes apart. */
export interface RegimeRule {
  /** Below this share of the line's own flow, in %, it is shut in. */
  readonly shutInPercent: number;
  /** A change of flow or pressure by more than this, in % of its level, within `transientSeconds` is a transient. */
  readonly transientPercent: number;
  readonly transientSeconds: number;
  /** A pressure at or below this is slack flow or column separation, in the unit of the pressures; null: not looked for. */
  readonly slackPressure: number | null;
}

/** The signals that regimes are told from: flows and pressures by row, in the order of their positions. */
export interface RegimeSignals {
  readonly time: Float64Array;
  readonly flows: readonly ArrayLike<number>[];
  readonly pressures: readonly ArrayLike<number>[];
}

const code = Object.fromEntries(regimeNames.map((name, i) => [name, i])) as Record<(typeof regimeNames)[number], number>;

/** The rule in words, for people who read a report. */
export function regimeRule({ shutInPercent, transientPercent, transientSeconds, slackPressure }: RegimeRule): string {
  const slack = slackPressure === null ? 'slack is not looked for (no vapour pressure is given)' : `slack where any pressure is at or below ${slackPressure}`;
  return (
    `Told from measured signals, the first that applies: ${slack}; shut-in where the first flow is below ${shutInPercent} % of its 90 % quantile over the case; ` +
    `transient where, within the last ${transientSeconds} s, the first flow or a pressure at an end of the line moved by more than ${transientPercent} % of its level (90 % quantile over the case); steady otherwise. ` +
    'An event belongs to the regime of the window before its onset, a false alarm and leak-free time to that of their windows.'
  );
}

/**
 * The regime of every row, as places in `regimeNames`, by `regimeRule`. Looks only at measured signals, never at leaks; a leak
 * that moves the signals enough is a transient from then on, which is why events count by the window before their onset.
 */
export function regimesOf({ time, flows, pressures }: RegimeSignals, rule: RegimeRule): Uint8Array {
  const regime = new Uint8Array(time.length).fill(code.steady);
  const ends = pressures.length > 1 ? [pressures[0]!, pressures.at(-1)!] : pressures;
  for (const signal of [...flows.slice(0, 1), ...ends]) {
    markMoves(regime, time, signal, (rule.transientPercent / 100) * levelOf(signal), rule.transientSeconds);
  }
  const [flow] = flows;
  const limit = flow ? (rule.shutInPercent / 100) * levelOf(flow) : 0;
  for (let row = 0; row < time.length; row++) {
    if (flow && Math.abs(flow[row]!) < limit) regime[row] = code['shut-in'];
    if (rule.slackPressure !== null && pressures.some((values) => values[row]! <= rule.slackPressure!)) regime[row] = code.slack;
  }
  return regime;
}

function levelOf(signal: ArrayLike<number>): number {
  const sizes = Float64Array.from(signal, Math.abs).filter((value) => !Number.isNaN(value)).sort();
  return quantile(sizes, 0.9) ?? 0;
}

/** Marks rows before which the signal moved by more than `most`: highest less lowest of the last seconds, kept in two monotone queues. */
function markMoves(regime: Uint8Array, time: Float64Array, signal: ArrayLike<number>, most: number, seconds: number): void {
  const high = new Int32Array(time.length);
  const low = new Int32Array(time.length);
  let [highFrom, highTo, lowFrom, lowTo] = [0, 0, 0, 0];
  for (let row = 0; row < time.length; row++) {
    const value = signal[row]!;
    if (!Number.isNaN(value)) {
      while (highTo > highFrom && signal[high[highTo - 1]!]! <= value) highTo--;
      while (lowTo > lowFrom && signal[low[lowTo - 1]!]! >= value) lowTo--;
      high[highTo++] = row;
      low[lowTo++] = row;
    }
    while (highFrom < highTo && time[row]! - time[high[highFrom]!]! > seconds) highFrom++;
    while (lowFrom < lowTo && time[row]! - time[low[lowFrom]!]! > seconds) lowFrom++;
    if (highFrom < highTo && lowFrom < lowTo && signal[high[highFrom]!]! - signal[low[lowFrom]!]! > most) regime[row] = code.transient;
  }
}
