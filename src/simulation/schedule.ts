import { PenstockError } from '../errors/index.js';
import type { Schedule } from './types.js';

/** Corners of a piecewise linear signal; two corners at one time are a jump, and the later one holds at that time. */
export interface Corners {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** A schedule that never moves. */
export function constantSchedule(value: number): Schedule {
  return { times: [0], setpoints: [value], openingTime: 0, closingTime: 0 };
}

/** The path of a schedule's output: towards each set point at the stroke rate until there, or until the next one comes. */
export function scheduleCorners(schedule: Schedule, key = 'schedule'): Corners {
  checkSchedule(schedule, key);
  const { times: starts, setpoints } = schedule;
  let value = setpoints[0]!;
  const times = [0];
  const values = [value];
  for (let i = 1; i < starts.length; i++) {
    const start = starts[i]!, target = setpoints[i]!;
    if (target === value) continue;
    const stroke = target > value ? schedule.openingTime : schedule.closingTime;
    const arrival = start + Math.abs(target - value) * stroke;
    const next = starts[i + 1] ?? Infinity;
    times.push(start);
    values.push(value);
    const reached = arrival <= next ? target : value + (target - value) * (next - start) / (arrival - start);
    times.push(Math.min(arrival, next));
    values.push(reached);
    value = reached;
  }
  return { times, values };
}

/** A signal at k `step`, asked for with k that never falls: it keeps no value per step, so that a run of a month needs no more memory than one of a minute. */
export type Signal = (k: number) => number;

/** The signal of a schedule; 1 at all times where there is none. */
export function createSignal(schedule: Schedule | undefined, step: number, key?: string): Signal {
  if (schedule === undefined) return () => 1;
  const { times, values } = scheduleCorners(schedule, key);
  // a corner counts as reached within a billionth of a step, so that rounding of k * step delays no event
  const slack = 1e-9 * step;
  let corner = 0;
  return (k) => {
    const t = k * step;
    while (corner + 1 < times.length && times[corner + 1]! <= t + slack) corner++;
    const from = values[corner]!;
    if (corner + 1 === times.length) return from;
    return from + (values[corner + 1]! - from) * Math.max(0, t - times[corner]!) / (times[corner + 1]! - times[corner]!);
  };
}

/** The signal at k `step` for k = 0 .. `steps`. */
export function sampleSchedule(schedule: Schedule | undefined, step: number, steps: number, key?: string): Float64Array {
  const signal = createSignal(schedule, step, key);
  return Float64Array.from({ length: steps + 1 }, (_, k) => signal(k));
}

/** Where the output is above 0: `[start, end]` in seconds, cut at the end of the run. */
export function openIntervals(schedule: Schedule, duration: number): { start: number; end: number }[] {
  const { times, values } = scheduleCorners(schedule);
  const found: { start: number; end: number }[] = [];
  let start = values[0]! > 0 ? 0 : NaN;
  for (let i = 1; i < times.length; i++) {
    if (values[i]! > 0 && Number.isNaN(start)) start = times[i - 1]!;
    if (!(values[i]! > 0) && !Number.isNaN(start)) {
      found.push({ start, end: times[i]! });
      start = NaN;
    }
  }
  if (!Number.isNaN(start)) found.push({ start, end: Infinity });
  return found.filter((one) => one.start < duration).map((one) => ({ start: one.start, end: Math.min(one.end, duration) }));
}

function checkSchedule(schedule: Schedule, key: string): void {
  const { times, setpoints, openingTime, closingTime } = schedule;
  const fail = (what: string): never => {
    throw new PenstockError('simulation/invalid', `${what} in a schedule`, { key });
  };
  if (times.length === 0 || times.length !== setpoints.length) fail(`found ${times.length} times and ${setpoints.length} set points; as many of both are needed, at least one,`);
  if (times[0] !== 0) fail(`found first time ${times[0]} s; it must be 0`);
  for (let i = 1; i < times.length; i++) if (!(times[i]! > times[i - 1]!)) fail(`found time ${times[i]} s after ${times[i - 1]} s; times must increase`);
  if (!setpoints.every((value) => value >= 0 && value <= 1e3)) fail(`found set points ${setpoints.join(', ')}; they must not be negative`);
  if (!(openingTime >= 0 && closingTime >= 0)) fail(`found opening time ${openingTime} s and closing time ${closingTime} s; they must not be negative`);
}
