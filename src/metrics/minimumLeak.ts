import { PenstockError } from '../errors/index.js';

/** Uncertainties of a volume balance, one standard deviation each. Any unit of flow, if the line pack is in that unit times seconds. */
export interface BalanceUncertainty {
  readonly inlet: number;
  readonly outlet: number;
  /** Of the line pack at one end of the averaging window. */
  readonly linePack: number;
}

/**
 * The least leak that a volume balance over a window of `seconds` can tell from nothing, in the unit of the flows (API 1149):
 * z * sqrt(inlet^2 + outlet^2 + 2 linePack^2 / T^2). `z` is 1.96 for 95 %, 2.576 for 99 %.
 */
export function minimumLeak({ inlet, outlet, linePack }: BalanceUncertainty, seconds: number, z = 1.96): number {
  if (!(seconds > 0)) throw new PenstockError('evaluation/invalid', `the averaging window is ${seconds} s; a positive time is needed`, { key: 'seconds' });
  return z * Math.sqrt(inlet * inlet + outlet * outlet + (2 * linePack * linePack) / (seconds * seconds));
}
