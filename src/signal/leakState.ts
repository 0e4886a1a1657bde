/** A time span of one leak; seconds on the series' own clock, ends included. */
export interface LeakInterval {
  readonly start: number;
  readonly end: number;
}

/** One leak: every contiguous time span in which it flows, where it is and how wide, if known. */
export interface Leak {
  readonly intervals: readonly LeakInterval[];
  readonly position_m?: number | undefined;
  readonly diameter_m?: number | undefined;
}

export type Phase = 'warmup' | 'leak' | 'recovery' | 'healthy';

export interface ActiveLeak {
  readonly leak: Leak;
  readonly interval: LeakInterval;
}

/** Per row the leak that is active at its time, the one that began first where several are; undefined outside. */
export function activeLeak(time: Float64Array, leaks: readonly Leak[]): (ActiveLeak | undefined)[] {
  const spans = leaks.flatMap((leak) => leak.intervals.map((interval) => ({ leak, interval })));
  spans.sort((a, b) => a.interval.start - b.interval.start);
  return Array.from(time, (t) => spans.find(({ interval }) => t >= interval.start && t <= interval.end));
}

/**
 * Per row its phase, the first that applies: `warmup` until `warmupSeconds` after the first row, `leak` while one is active,
 * `recovery` until `recoverySeconds` after the end of any, `healthy` otherwise.
 */
export function leakPhases(
  time: Float64Array, active: readonly (ActiveLeak | undefined)[],
  options: { warmupSeconds: number; recoverySeconds: number; leaks: readonly Leak[] },
): Phase[] {
  const warm = (time[0] ?? 0) + options.warmupSeconds;
  const ends = options.leaks.flatMap((leak) => leak.intervals.map((interval) => interval.end));
  return Array.from(time, (t, row): Phase => {
    if (t < warm) return 'warmup';
    if (active[row]) return 'leak';
    return ends.some((end) => t > end && t <= end + options.recoverySeconds) ? 'recovery' : 'healthy';
  });
}

/**
 * The intervals of a series that knows only a flag per row: one per contiguous run of rows above 0, from the first to the
 * last of its times. The true onset may lie up to one step before.
 */
export function leakIntervals(time: Float64Array, flags: ArrayLike<number>): LeakInterval[] {
  const intervals: LeakInterval[] = [];
  for (let i = 0; i < time.length; i++) {
    if (!(flags[i]! > 0)) continue;
    const start = i;
    while (i + 1 < time.length && flags[i + 1]! > 0) i++;
    intervals.push({ start: time[start]!, end: time[i]! });
  }
  return intervals;
}
