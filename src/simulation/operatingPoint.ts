import { PenstockError } from '../errors/index.js';
import type { Random } from '../numeric/index.js';
import type { Line, OperatingPoint } from './caseTypes.js';
import { gravity } from './elements.js';
import { area } from './model.js';
import type { Schedule } from './types.js';

/** Ranges of operating points. Flows as velocity in the first pipe (m/s), pressures in Pa absolute. */
const ranges = {
  velocity: [1.2, 1.7], speed: [0.85, 0.97], friction: [0.014, 0.02], suction: [3e5, 5e5], outlet: [3e5, 7e5], opening: [0.2, 0.8],
} as const;

/**
 * Draws flow, pump speed, friction and end pressures, and from them the valve opening that gives this flow; then pump speed changes
 * (1 to 5 % of full speed) and valve moves (3 to 15 % of the opening) at uniformly random times.
 * @throws PenstockError `simulation/invalid` where pump, line and valve have no common operating point in the ranges
 */
export function drawOperatingPoint(line: Line, duration: number, mostEvents: number, random: Random): OperatingPoint {
  const first = line.pipes[0]!;
  for (let attempt = 0; attempt < 1000; attempt++) {
    const flow = draw(random, ranges.velocity) * area(first.diameter);
    const speed = round(draw(random, ranges.speed), 4);
    const frictionFactor = round(draw(random, ranges.friction), 5);
    const suctionPressure = round(draw(random, ranges.suction), -2);
    const outletPressure = round(draw(random, ranges.outlet), -2);
    const opening = round(openingFor(line, flow, speed, frictionFactor, suctionPressure - outletPressure), 4);
    if (!(opening >= ranges.opening[0] && opening <= ranges.opening[1])) continue;
    return {
      suctionPressure, outletPressure, frictionFactor,
      pumpSpeed: drawMoves(speed, () => speed + sign(random) * random.uniform(0.01, 0.05), 1, [60, 240], duration, mostEvents, random),
      valveOpening: drawMoves(opening, () => opening * (1 + sign(random) * random.uniform(0.03, 0.15)), 1, [40, 160], duration, mostEvents, random),
    };
  }
  throw new PenstockError('simulation/invalid', `pump, pipes and outlet valve of line ${line.name} have no operating point with 1.2 to 1.7 m/s and the valve 20 to 80 % open; change the pump's shut-off head or the valve's diameter`, { key: 'line' });
}

/** Opening of the outlet valve at which pump head, end pressures, elevation and friction leave just this flow; NaN where none does. */
function openingFor(line: Line, flow: number, speed: number, factor: number, pressureGain: number): number {
  const friction = line.pipes.reduce((sum, pipe) => sum + factor * pipe.length / (2 * gravity * pipe.diameter * area(pipe.diameter) ** 2), 0);
  const rise = line.pipes.reduce((sum, pipe) => sum + pipe.rise, 0);
  const pump = line.pump.shutoffHead * speed * speed - line.pump.curvature * flow * flow;
  const drop = pump + pressureGain / (line.fluid.density * gravity) - rise - friction * flow * flow;
  return flow / (line.outletValve.dischargeCoefficient * area(line.outletValve.diameter) * Math.sqrt(2 * gravity * drop));
}

function drawMoves(start: number, target: () => number, most: number, stroke: readonly [number, number], duration: number, mostEvents: number, random: Random): Schedule {
  const count = random.integer(0, mostEvents);
  // times on whole tenths from 1 s on, each once, so that the list rises strictly
  const times = new Set<number>();
  for (let i = 0; i < count; i++) times.add(round(random.uniform(1, duration), 1));
  const strokeTime = round(draw(random, stroke), 1);
  const rising = [...times].sort((a, b) => a - b);
  const setpoints = rising.map(() => round(Math.min(most, target()), 4));
  return { times: [0, ...rising], setpoints: [start, ...setpoints], openingTime: strokeTime, closingTime: strokeTime };
}

function draw(random: Random, [low, high]: readonly [number, number]): number {
  return random.uniform(low, high);
}

function sign(random: Random): number {
  return random.uniform() < 0.5 ? -1 : 1;
}

function round(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return decimals < 0 ? Math.round(value * scale) / scale : Number(value.toFixed(decimals));
}
