import { balanceResidual, fitBalance, type BalanceModel, type LineSignals } from './balance.js';
import { cusum, cusumThreshold } from './cusum.js';
import { deviation } from './deviation.js';
import { sprt, sprtBoundsForRate, type SprtBounds } from './sprt.js';
import { fitAutoregression, whiten, type Autoregression } from './whiten.js';

/** The detectors that need no model of leaks, only healthy rows of the line. */
export const lineDetectorNames = ['mass_balance', 'sprt', 'cusum', 'pressure_wave', 'flow_deviation'] as const;
export type LineDetectorName = (typeof lineDetectorNames)[number];

export interface LineDetectorOptions {
  /** Rows over which the balance is averaged. */
  readonly balanceRows: number;
  /** Shift that the sequential tests look for, in standard deviations of the whitened balance. */
  readonly shift: number;
  /** False alarms per sample that each sequential test may give by itself on healthy, independent noise. */
  readonly alarmsPerSample: number;
  /** Newest rows, and rows before them, that deviations compare. */
  readonly shortRows: number;
  readonly longRows: number;
  /** Rows for which a wave that has passed still counts. */
  readonly waveRows: number;
}

/** What the detectors of a line have learnt from its healthy rows. */
export interface LineDetectors {
  readonly options: LineDetectorOptions;
  /** Null where the flows of both ends are not measured: mass balance, SPRT and CUSUM then have no answer. */
  readonly balance: BalanceDetectors | null;
}

/** Of the balance over `balanceRows` (slow) and of each row alone (fast): its model and its noise. */
export interface BalanceDetectors {
  readonly slowBalance: BalanceModel;
  readonly slowNoise: Autoregression;
  readonly fastBalance: BalanceModel;
  readonly fastNoise: Autoregression;
  readonly sprtBounds: SprtBounds;
  readonly cusumThreshold: number;
}

export interface HealthyRows {
  readonly signals: LineSignals;
  /** 1 for rows that are neither warm-up, leak nor recovery. */
  readonly healthy: Uint8Array;
}

/**
 * Learns the packing of the line and the noise of its balance from healthy rows of leak-free stretches. `hasFlows`: both ends are measured.
 * @throws PenstockError `fusion/invalid` where too few healthy rows are there
 */
export function fitLineDetectors(lines: readonly HealthyRows[], options: LineDetectorOptions, hasFlows = true): LineDetectors {
  return { options, balance: hasFlows ? fitBalanceDetectors(lines, options) : null };
}

function fitBalanceDetectors(lines: readonly HealthyRows[], options: LineDetectorOptions): BalanceDetectors {
  const slowBalance = fitBalance(lines, options.balanceRows);
  const fastBalance = fitBalance(lines, 1);
  const noiseOf = (model: BalanceModel, rows: number): Autoregression =>
    fitAutoregression(lines.map(({ signals, healthy }) => balanceResidual(signals, model, rows).map((value, i) => (healthy[i] ? value : NaN))));
  return {
    slowBalance, fastBalance,
    slowNoise: noiseOf(slowBalance, options.balanceRows), fastNoise: noiseOf(fastBalance, 1),
    sprtBounds: sprtBoundsForRate(options.alarmsPerSample, options.shift, 0.05),
    cusumThreshold: cusumThreshold(1 / options.alarmsPerSample, options.shift / 2),
  };
}

/**
 * The score of every detector at every row, from this row and earlier ones only: the balance in its healthy deviations; the sequential tests
 * relative to their alarm bound (1 = alarm); the sharpest recent fall of a pressure, and inflow rising against outflow, in spreads of what
 * was before. NaN where a detector has no answer yet.
 */
export function runLineDetectors(signals: LineSignals, fitted: LineDetectors): Record<LineDetectorName, Float64Array> {
  const { options } = fitted;
  const inflow = deviation(signals.inflow, options.shortRows, options.longRows);
  const outflow = deviation(signals.outflow, options.shortRows, options.longRows);
  return {
    ...runBalanceDetectors(signals, fitted),
    pressure_wave: pressureWave(signals, options),
    flow_deviation: inflow.map((value, i) => Math.max(-limit, Math.min(limit, value - outflow[i]!))),
  };
}

function runBalanceDetectors(signals: LineSignals, { options, balance }: LineDetectors): Record<'mass_balance' | 'sprt' | 'cusum', Float64Array> {
  const silent = (): Float64Array => new Float64Array(signals.inflow.length).fill(NaN);
  if (!balance) return { mass_balance: silent(), sprt: silent(), cusum: silent() };
  const { slowNoise, sprtBounds } = balance;
  const slow = balanceResidual(signals, balance.slowBalance, options.balanceRows);
  const spread = slowNoise.deviation / Math.sqrt(1 - slowNoise.phi ** 2);
  const z = whiten(balanceResidual(signals, balance.fastBalance, 1), balance.fastNoise);
  return {
    mass_balance: slow.map((value) => (value - slowNoise.mean) / spread),
    sprt: sprt(z, options.shift, sprtBounds).map((value) => value / sprtBounds.upper),
    cusum: cusum(z, options.shift / 2).map((value) => value / balance.cusumThreshold),
  };
}

/** Beyond this a spread says no more: a noise-free signal would give any number. */
const limit = 50;

/** The sharpest fall of any pressure in the last `waveRows` rows, in spreads of its changes before. */
function pressureWave({ pressures }: LineSignals, { shortRows, longRows, waveRows }: LineDetectorOptions): Float64Array {
  const rows = pressures[0]?.length ?? 0;
  const fall = new Float64Array(rows).fill(NaN);
  for (const pressure of pressures) {
    // Changes over `shortRows`, so that packing and unpacking of the line, which is slow, is no wave.
    const change = pressure.map((value, i) => (i < shortRows ? NaN : value - pressure[i - shortRows]!));
    const moved = deviation(change, shortRows, longRows);
    for (let i = 0; i < rows; i++) {
      const value = -moved[i]!;
      if (!Number.isNaN(value) && !(fall[i]! >= value)) fall[i] = Math.min(limit, value);
    }
  }
  const held = fall.slice();
  for (let i = 0; i < rows; i++) for (let j = Math.max(0, i - waveRows + 1); j < i; j++) if (fall[j]! > held[i]!) held[i] = fall[j]!;
  return held;
}
