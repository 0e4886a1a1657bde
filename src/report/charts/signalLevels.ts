import type { LeakSeriesData, SignalPanel } from './leakSeriesData.js';

/** Levels this many times further apart than the signals vary make flat lines of them. */
const flatRatio = 5;

/**
 * The level that each signal of a panel is drawn from: its median before the first leak (warm-up left out), or undefined
 * where the signals are drawn as they are.
 */
export function signalLevels(panel: SignalPanel, data: LeakSeriesData): readonly number[] | undefined {
  const { draw = 'auto', series } = panel;
  if (draw === 'value') return undefined;
  const levels = series.map(({ values }) => levelOf(values, data));
  if (levels.some((level) => !Number.isFinite(level))) return undefined;
  if (draw === 'change') return levels;
  const apart = Math.max(...levels) - Math.min(...levels);
  const varies = Math.max(...series.map(({ values }, i) => furthestFrom(levels[i]!, values)));
  return varies > 0 && apart > flatRatio * varies ? levels : undefined;
}

function levelOf(values: ArrayLike<number>, { time, warmup, leaks }: LeakSeriesData): number {
  const from = warmup?.end ?? -Infinity;
  const to = Math.min(...leaks.map(({ start }) => start), Infinity);
  const all = Array.from(values);
  const quiet = all.filter((value, i) => Number.isFinite(value) && time[i]! >= from && time[i]! < to);
  const used = Float64Array.from(quiet.length > 0 ? quiet : all.filter(Number.isFinite)).sort();
  return used.length > 0 ? used[used.length >> 1]! : NaN;
}

function furthestFrom(level: number, values: ArrayLike<number>): number {
  let furthest = 0;
  for (let i = 0; i < values.length; i++) {
    const distance = Math.abs(values[i]! - level);
    if (distance > furthest && distance < Infinity) furthest = distance;
  }
  return furthest;
}
