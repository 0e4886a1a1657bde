const time: Readonly<Record<string, number>> = {
  S: 1, SEC: 1, SECOND: 1, SECONDS: 1, MS: 0.001,
  M: 60, MIN: 60, MINUTE: 60, MINUTES: 60,
  H: 3600, HR: 3600, HOUR: 3600, HOURS: 3600,
  D: 86400, DAY: 86400, DAYS: 86400,
};

const length: Readonly<Record<string, number>> = {
  M: 1, CM: 0.01, MM: 0.001, KM: 1000, IN: 0.0254, INCH: 0.0254, FT: 0.3048, MI: 1609.344, MILE: 1609.344,
};

const fraction: Readonly<Record<string, number>> = { '-': 1, '%': 0.01 };

const massFlow: Readonly<Record<string, number>> = {
  'KG/S': 1, 'KG/H': 1 / 3600, 'KG/D': 1 / 86400, 'LB/S': 0.45359237, 'LB/H': 0.45359237 / 3600,
};

export type Dimension = 'time' | 'length' | 'fraction' | 'massFlow';

const tables: Readonly<Record<Dimension, Readonly<Record<string, number>>>> = { time, length, fraction, massFlow };

/**
 * The factor to seconds, metres, 1 or kg/s, or undefined for a unit that is not known: no guess. The dimension decides
 * what a letter means: `M` is minutes for a time and metres for a length. A missing unit is the basic one.
 */
export function toBasicUnit(unit: string | undefined, dimension: Dimension): number | undefined {
  if (unit === undefined || unit === '') return 1;
  const table = tables[dimension];
  const name = unit.toUpperCase();
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Seconds in one unit of the time column. */
export function secondsPer(unit: string): number | undefined {
  return unit === '' ? undefined : toBasicUnit(unit, 'time');
}
