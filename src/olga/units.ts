/** To the basic unit: `value * factor + offset`. */
export interface UnitScale {
  readonly factor: number;
  readonly offset: number;
}

export type Dimension = 'time' | 'length' | 'fraction' | 'massFlow' | 'volumeFlow' | 'pressure' | 'temperature' | 'velocity' | 'density' | 'speed' | 'mass' | 'volume' | 'compressibility';

const inch = 0.0254;
const foot = 0.3048;
const pound = 0.45359237;
const psi = (pound * 9.80665) / (inch * inch);
const barrel = 42 * 231 * inch ** 3;
const atmosphere = 101_325;

const tables: Readonly<Record<Dimension, Readonly<Record<string, number | readonly [number, number]>>>> = {
  /** Seconds. */
  time: {
    S: 1, SEC: 1, SECOND: 1, SECONDS: 1, MS: 0.001, M: 60, MIN: 60, MINUTE: 60, MINUTES: 60,
    H: 3600, HR: 3600, HOUR: 3600, HOURS: 3600, D: 86_400, DAY: 86_400, DAYS: 86_400,
  },
  /** Metres. */
  length: { M: 1, CM: 0.01, MM: 0.001, KM: 1000, IN: inch, INCH: inch, FT: foot, MI: 1609.344, MILE: 1609.344 },
  fraction: { '-': 1, '%': 0.01 },
  /** Kilograms per second. */
  massFlow: { 'KG/S': 1, 'KG/H': 1 / 3600, 'KG/D': 1 / 86_400, 'T/H': 1 / 3.6, 'LB/S': pound, 'LB/H': pound / 3600 },
  /** Cubic metres per second, at whatever conditions: standard volumes stay standard volumes. */
  volumeFlow: {
    'M3/S': 1, 'M3/H': 1 / 3600, 'M3/D': 1 / 86_400, 'SM3/S': 1, 'SM3/H': 1 / 3600, 'SM3/D': 1 / 86_400, 'L/S': 0.001, 'L/MIN': 0.001 / 60,
    'BBL/D': barrel / 86_400, 'BBL/H': barrel / 3600, 'STB/D': barrel / 86_400, 'SCF/D': foot ** 3 / 86_400, 'MMSCF/D': (1e6 * foot ** 3) / 86_400,
  },
  /** Pascals, absolute. A plain PSI or BAR is taken as absolute, as BARA is. */
  pressure: {
    PA: 1, KPA: 1000, MPA: 1e6, BAR: 1e5, BARA: 1e5, BARG: [1e5, atmosphere], ATM: atmosphere, 'KG/CM2': 98_066.5,
    PSI: psi, PSIA: psi, PSIG: [psi, atmosphere], KPAG: [1000, atmosphere], PAG: [1, atmosphere],
  },
  /** Kelvin. */
  temperature: { K: 1, C: [1, 273.15], F: [5 / 9, 273.15 - 160 / 9], R: 5 / 9 },
  /** Metres per second. */
  velocity: { 'M/S': 1, 'FT/S': foot, 'KM/H': 1 / 3.6 },
  /** Kilograms per cubic metre. */
  density: { 'KG/M3': 1, 'G/CM3': 1000, 'LB/FT3': pound / foot ** 3 },
  /** Turns per minute. */
  speed: { RPM: 1, HZ: 60 },
  /** Kilograms. */
  mass: { KG: 1, T: 1000, LB: pound },
  /** Cubic metres. */
  volume: { M3: 1, L: 0.001, BBL: barrel, FT3: foot ** 3 },
  /** 1 / pascal. */
  compressibility: { '1/PA': 1, '1/BAR': 1e-5, '1/PSI': 1 / psi },
};

/**
 * The way to seconds, metres, 1, kg/s, Pa, K ..., or undefined for a unit that is not known: no guess. The dimension
 * decides what a letter means: `M` is minutes for a time and metres for a length. A missing unit is the basic one.
 */
export function unitScale(unit: string | undefined, dimension: Dimension): UnitScale | undefined {
  if (unit === undefined || unit === '') return { factor: 1, offset: 0 };
  const table = tables[dimension];
  const name = unit.toUpperCase();
  if (!Object.hasOwn(table, name)) return undefined;
  const entry = table[name]!;
  return typeof entry === 'number' ? { factor: entry, offset: 0 } : { factor: entry[0], offset: entry[1] };
}

/** Turns a value into the basic unit; divides where the factor is the inverse of a whole number, so that 20 mm is 0.02 m. */
export function toBasic(value: number, { factor, offset }: UnitScale): number {
  const inverse = Math.round(1 / factor);
  const scaled = factor < 1 && 1 / inverse === factor ? value / inverse : value * factor;
  return offset === 0 ? scaled : scaled + offset;
}

/** The way back. */
export function fromBasic(value: number, { factor, offset }: UnitScale): number {
  const shifted = offset === 0 ? value : value - offset;
  const inverse = Math.round(1 / factor);
  return factor < 1 && 1 / inverse === factor ? shifted * inverse : shifted / factor;
}

/** The dimensions, other than time and length with their ambiguous `M`, are told by the unit itself. */
export function dimensionOf(unit: string): Dimension | undefined {
  const name = unit.toUpperCase();
  if (name === 'S') return 'time';
  return (Object.keys(tables) as Dimension[]).find((dimension) => dimension !== 'time' && Object.hasOwn(tables[dimension], name));
}

/** Seconds in one unit of the time column. */
export function secondsPer(unit: string): number | undefined {
  return unit === '' ? undefined : unitScale(unit, 'time')?.factor;
}
