import type { SignalDescription } from './group.js';

/** A signal that has a place on the line. */
export interface Placed {
  readonly index: number;
  readonly at: number;
  readonly signal: SignalDescription;
}

/** Signals of one quantity along the line; of several at one position the first named. */
export function along(signals: readonly SignalDescription[], quantity: SignalDescription['quantity']): Placed[] {
  const placed: Placed[] = [];
  signals.forEach((signal, index) => {
    if (signal.quantity !== quantity || signal.position_m === undefined) return;
    if (!placed.some(({ at }) => at === signal.position_m)) placed.push({ index, at: signal.position_m, signal });
  });
  return placed.sort((a, b) => a.at - b.at);
}

/** For each flow the nearest pressure, the one upstream where two are equally near. */
export function pressureFlowPairs(signals: readonly SignalDescription[]): { pressure: number; flow: number }[] {
  const pressures = along(signals, 'pressure');
  if (pressures.length === 0) return [];
  return along(signals, 'flow').map((flow) => {
    const nearest = pressures.reduce((best, next) => (Math.abs(next.at - flow.at) < Math.abs(best.at - flow.at) ? next : best));
    return { pressure: nearest.index, flow: flow.index };
  });
}
