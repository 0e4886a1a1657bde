import { coefficientsOf, leastSquares } from '../numeric/index.js';

/** What a line's ends and pressures say, row by row, at one sampling time. */
export interface LineSignals {
  /** kg/s */
  readonly inflow: Float64Array;
  /** kg/s */
  readonly outflow: Float64Array;
  /** Pa, one array per sensor. */
  readonly pressures: readonly Float64Array[];
  /** Seconds from one row to the next. */
  readonly interval: number;
}

/** Modified volume balance (API RP 1130): imbalance corrected by what the line packs, kg/s = capacity (kg/Pa, per sensor) * rate of pressure + bias. */
export interface BalanceModel {
  readonly bias: number;
  readonly capacities: readonly number[];
}

/**
 * Fits the packing of the line to healthy rows: in - out = bias + sum of capacity * dp/dt. The rate of pressure is the difference over
 * `lag` rows behind, so that it uses no row of the future. `healthy` marks the rows that count.
 */
export function fitBalance(lines: readonly { readonly signals: LineSignals; readonly healthy: Uint8Array }[], lag: number): BalanceModel {
  const width = lines[0]?.signals.pressures.length ?? 0;
  const columns: number[][] = Array.from({ length: width + 1 }, () => []);
  const target: number[] = [];
  for (const { signals, healthy } of lines) {
    const rates = signals.pressures.map((pressure) => rate(pressure, lag, signals.interval));
    const imbalance = meanImbalance(signals, lag);
    for (let i = lag; i < healthy.length; i++) {
      if (!healthy[i] || !Number.isFinite(imbalance[i]!) || rates.some((values) => !Number.isFinite(values[i]!))) continue;
      target.push(imbalance[i]!);
      columns[0]!.push(1);
      rates.forEach((values, j) => columns[j + 1]!.push(values[i]!));
    }
  }
  if (target.length <= 2 * (width + 1)) return { bias: 0, capacities: new Array<number>(width).fill(0) };
  const found = coefficientsOf(leastSquares(columns.map((column) => Float64Array.from(column)), Float64Array.from(target)));
  const usable = [...found].map((value) => (Number.isFinite(value) ? value : 0));
  return { bias: usable[0]!, capacities: usable.slice(1) };
}

/** What is missing from the balance, kg/s, averaged over the last `lag` rows; NaN in the first ones. A leak of q shows as q. */
export function balanceResidual(signals: LineSignals, model: BalanceModel, lag: number): Float64Array {
  const residual = meanImbalance(signals, lag);
  signals.pressures.forEach((pressure, j) => {
    const rates = rate(pressure, lag, signals.interval);
    for (let i = 0; i < residual.length; i++) residual[i]! -= model.capacities[j]! * rates[i]!;
  });
  for (let i = 0; i < residual.length; i++) residual[i]! -= model.bias;
  return residual;
}

function rate(pressure: Float64Array, lag: number, interval: number): Float64Array {
  return Float64Array.from(pressure, (value, i) => (i < lag ? NaN : (value - pressure[i - lag]!) / (lag * interval)));
}

function meanImbalance({ inflow, outflow }: LineSignals, lag: number): Float64Array {
  const out = new Float64Array(inflow.length).fill(NaN);
  for (let i = lag; i < inflow.length; i++) {
    let sum = 0;
    for (let j = i - lag + 1; j <= i; j++) sum += inflow[j]! - outflow[j]!;
    out[i] = sum / lag;
  }
  return out;
}
