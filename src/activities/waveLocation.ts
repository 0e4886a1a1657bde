import type { EventEstimate, LeakEvent } from '../evaluation/index.js';
import { toBasic, unitScale } from '../olga/index.js';
import { locateWave, quantityOf, type PressureSensor, type WaveOrigin } from '../signal/index.js';
import type { Column, Table } from '../table/index.js';
import type { RecordedCase } from './offlineSources.js';

/** How the negative pressure wave of a leak is looked for. */
export interface WaveRule {
  /** m/s; null takes the speed of sound that the recording has. */
  readonly waveSpeed: number | null;
  /** The wave began at most so long before the alarm, s. */
  readonly searchSeconds: number;
  readonly frontSeconds: number;
}

/** What holds where nobody asks for something else: the wave of a leak that is found within a minute. */
export const defaultWave = { waveSpeed: null, searchSeconds: 60, frontSeconds: 10 } as const satisfies WaveRule;

/** Name of this estimate among those of bundles. */
export const waveModel = 'pressure_wave';

/** Finds where the wave began that led to an alarm; undefined where no fall of pressure stands out. */
export type WaveLocator = (alarmTime: number) => WaveOrigin | undefined;

/** A locator for a recording, or why there is none. */
export function waveLocator(recorded: Table, { waveSpeed, searchSeconds, frontSeconds }: WaveRule): WaveLocator | { readonly unavailable: string } {
  const sensors = pressureSensors(recorded);
  if (sensors.length < 2) return { unavailable: 'pressure is measured at fewer than two known places' };
  const speed = waveSpeed ?? recordedSpeed(recorded);
  if (speed === undefined) return { unavailable: 'the wave speed is not known: it is not given, and no speed of sound was recorded' };
  const clock = recorded.columns.find(({ name, role }) => role === 'clock' && name === 'time');
  if (!clock) return { unavailable: 'the recording has no column time' };
  const time = clock.values as Float64Array;
  return (alarmTime) => locateWave(time, sensors, { from: alarmTime - searchSeconds, to: alarmTime, waveSpeed: speed, width: frontSeconds });
}

/** Where the wave puts each leak that was found. A leak whose place is not known, or whose wave does not stand out, is left out. */
export function estimateByWave(recorded: RecordedCase, caseId: string, events: readonly LeakEvent[], rule: WaveRule): EventEstimate[] {
  const found = events.filter(({ alarmTime, position }) => alarmTime !== undefined && position !== undefined);
  if (found.length === 0) return [];
  const locate = waveLocator(recorded.table, rule);
  if (typeof locate !== 'function') return [];
  return found.flatMap((event): EventEstimate[] => {
    const origin = locate(event.alarmTime!);
    if (!origin) return [];
    const error = Math.abs(origin.position - event.position!);
    const length = recorded.lengthM;
    return [{
      model: waveModel, quantity: 'position', caseId, leak: event.leak, interval: event.interval, truth: event.position!, estimate: origin.position,
      error, errorPercent: length !== null && length > 0 ? (100 * error) / length : null, windows: 0,
    }];
  });
}

/** Pressures with a place, in Pa; of several variables (at pipe positions, at valves) the one with the most places. */
function pressureSensors(recorded: Table): PressureSensor[] {
  const byVariable = new Map<string, Map<number, Column>>();
  for (const column of recorded.columns) {
    const place = Number(column.attributes?.['position_m'] ?? NaN);
    if (column.role !== 'measured' || Number.isNaN(place) || quantityOf(column) !== 'pressure') continue;
    const variable = column.attributes?.['name'] ?? '';
    const places = byVariable.get(variable) ?? new Map<number, Column>();
    if (!places.has(place)) places.set(place, column);
    byVariable.set(variable, places);
  }
  const [most] = [...byVariable.values()].sort((a, b) => b.size - a.size);
  return [...(most ?? [])].sort(([a], [b]) => a - b).map(([position, column]) => {
    const scale = unitScale(column.unit, 'pressure') ?? { factor: 1, offset: 0 };
    return { position, pressure: Float64Array.from(column.values as ArrayLike<number>, (value) => toBasic(value, scale)) };
  });
}

/** Mean speed of sound over the places and rows that have one, m/s. */
function recordedSpeed(recorded: Table): number | undefined {
  let [sum, count] = [0, 0];
  for (const { role, attributes, unit, values } of recorded.columns) {
    const scale = unitScale(unit, 'velocity');
    if (role !== 'measured' || attributes?.['name'] !== 'SSP' || !scale) continue;
    for (const value of values as Float64Array) {
      if (!(value > 0)) continue;
      sum += toBasic(value, scale);
      count++;
    }
  }
  return count === 0 ? undefined : sum / count;
}
