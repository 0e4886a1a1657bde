import type { LineSystem, Pipe, Schedule } from '../../src/simulation/index.js';

export const gravity = 9.80665;
export const density = 850;
export const waveSpeed = 1000;
export const diameter = 0.5;
export const area = Math.PI * diameter ** 2 / 4;

/** 0 to 1 semantics: starts at 1, heads for `target` at `time`, taking `ramp` seconds. */
export function move(time: number, target: number, ramp: number, from = 1): Schedule {
  const stroke = ramp / Math.abs(target - from);
  return { times: [0, time], setpoints: [from, target], openingTime: stroke, closingTime: stroke };
}

export function pipe(changes: Partial<Pipe> = {}): Pipe {
  return { label: 'P-1', length: 20000, rise: 0, diameter, waveSpeed, friction: { factor: 0.02 }, ...changes };
}

/** A 20 km line from a 400 m reservoir to a given outflow of 1.5 m/s. */
export function reservoirLine(changes: Partial<LineSystem> = {}): LineSystem {
  return {
    fluid: { density, vapourPressure: 0 },
    pipes: [pipe()],
    inlet: { kind: 'pressure', pressure: 400 * density * gravity },
    outlet: { kind: 'flow', massFlow: density * area * 1.5 },
    ...changes,
  };
}
