import { phaseCode, type CaseLeak, type ScoredCase } from './types.js';

export interface PhaseOptions {
  /** Start-up settling, counted from `startSeconds`; 0 where the case starts from a steady state. */
  readonly warmupSeconds: number;
  /** Time after the end of a leak that is neither leak nor healthy: window + 4 L / a. */
  readonly recoverySeconds: number;
  /** Time of the first row of the case; default 0. */
  readonly startSeconds?: number | undefined;
}

/**
 * The phase of each window (codes of `phaseCode`) by the state at its last row. `time` in seconds. Warm-up goes before
 * everything, a leak before the recovery of another one.
 */
export function phasesOf(time: Float64Array, leaks: readonly CaseLeak[], options: PhaseOptions): Uint8Array {
  const { warmupSeconds, recoverySeconds, startSeconds = 0 } = options;
  const phase = new Uint8Array(time.length).fill(phaseCode.healthy);
  const intervals = leaks.flatMap((leak) => leak.intervals);
  for (let i = 0; i < time.length; i++) {
    const t = time[i]!;
    if (t - startSeconds < warmupSeconds) {
      phase[i] = phaseCode.warmup;
      continue;
    }
    for (const { start, end } of intervals) {
      if (t >= start && t <= end) {
        phase[i] = phaseCode.leak;
        break;
      }
      if (t > end && t <= end + recoverySeconds) phase[i] = phaseCode.recovery;
    }
  }
  return phase;
}

/** Seconds of a case in which an alarm would be false: its healthy windows, each standing for one step. */
export function leakFreeSeconds(scored: ScoredCase): number {
  let windows = 0;
  for (const code of scored.phase) if (code === phaseCode.healthy) windows++;
  return windows * scored.stepSeconds;
}
