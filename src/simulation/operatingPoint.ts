import { PenstockError } from '../errors/index.js';
import type { Random } from '../numeric/index.js';
import type { Disturbance, OperatingRanges } from './campaignTypes.js';
import type { Line, OperatingPoint } from './caseTypes.js';
import { gravity } from './elements.js';
import { extent, pick, type Range } from './factors.js';
import { area } from './model.js';
import type { Batch, Schedule } from './types.js';

export const defaultRanges: OperatingRanges = {
  velocity: [1.2, 1.7], speed: [0.85, 0.97], friction: [0.014, 0.02], suction: [3e5, 5e5], outlet: [3e5, 7e5], opening: [0.2, 0.8],
};

export interface EventOptions {
  readonly duration: number;
  readonly disturbance: Disturbance;
  readonly mostEvents: number;
  readonly batchDensity: Range;
  /** Whether the case may hold batches: then densities are measured. */
  readonly densities: boolean;
}

/**
 * Draws flow, pump speed, friction and end pressures, and from them the valve opening that gives this flow; then pump speed changes
 * (1 to 5 % of full speed) and valve moves (3 to 15 % of the opening) at uniformly random times, or what the disturbance asks for.
 * `velocity` takes the place of a draw.
 * @throws PenstockError `simulation/invalid` where pump, line and valve have no common operating point in the ranges
 */
export function drawOperatingPoint(line: Line, ranges: OperatingRanges, events: EventOptions, random: Random, velocity?: number): OperatingPoint {
  const first = line.pipes[0]!;
  for (let attempt = 0; attempt < 1000; attempt++) {
    const flow = pick(velocity === undefined ? ranges.velocity : [velocity, velocity], random.uniform()) * area(first.diameter);
    const speed = round(draw(random, ranges.speed), 4);
    const frictionFactor = round(draw(random, ranges.friction), 5);
    const suctionPressure = round(draw(random, ranges.suction), -2);
    const outletPressure = round(draw(random, ranges.outlet), -2);
    const opening = round(openingFor(line, flow, speed, frictionFactor, suctionPressure - outletPressure), 4);
    if (!(opening >= ranges.opening[0] && opening <= ranges.opening[1])) continue;
    const pumpMoves = drawMoves(speed, () => speed + sign(random) * random.uniform(0.01, 0.05), [60, 240], events, random);
    const valveMoves = drawMoves(opening, () => opening * (1 + sign(random) * random.uniform(0.03, 0.15)), [40, 160], events, random);
    const own = random.derive('disturbance');
    return {
      suctionPressure, outletPressure, frictionFactor,
      pumpSpeed: events.disturbance === 'pump_trip' ? drawTrip(speed, events.duration, own) : pumpMoves,
      valveOpening: events.disturbance === 'packing' ? drawPacking(opening, events.duration, own) : valveMoves,
      ...(events.densities && { batches: events.disturbance === 'batch' ? drawBatches(line.fluid.density, events, own) : [] }),
    };
  }
  throw new PenstockError('simulation/invalid', `pump, pipes and outlet valve of line ${line.name} have no operating point with ${extent(ranges.velocity).join(' to ')} m/s and the valve ` +
    `${100 * ranges.opening[0]} to ${100 * ranges.opening[1]} % open; change the pump's shut-off head, the valve's diameter or the ranges`, { key: 'line' });
}

/** Opening of the outlet valve at which pump head, end pressures, elevation and friction leave just this flow; NaN where none does. */
function openingFor(line: Line, flow: number, speed: number, factor: number, pressureGain: number): number {
  const friction = line.pipes.reduce((sum, pipe) => sum + factor * pipe.length / (2 * gravity * pipe.diameter * area(pipe.diameter) ** 2), 0);
  const rise = line.pipes.reduce((sum, pipe) => sum + pipe.rise, 0);
  const pump = line.pump.shutoffHead * speed * speed - line.pump.curvature * flow * flow;
  const drop = pump + pressureGain / (line.fluid.density * gravity) - rise - friction * flow * flow;
  return flow / (line.outletValve.dischargeCoefficient * area(line.outletValve.diameter) * Math.sqrt(2 * gravity * drop));
}

function drawMoves(start: number, target: () => number, stroke: Range, { duration, mostEvents, disturbance }: EventOptions, random: Random): Schedule {
  const count = random.integer(0, mostEvents);
  // times on whole tenths from 1 s on, each once, so that the list rises strictly
  const times = new Set<number>();
  for (let i = 0; i < count; i++) times.add(round(random.uniform(1, duration), 1));
  const strokeTime = round(draw(random, stroke), 1);
  const rising = disturbance === 'none' ? [] : [...times].sort((a, b) => a - b);
  const setpoints = rising.map(() => round(Math.min(1, target()), 4));
  return { times: [0, ...rising], setpoints: [start, ...setpoints], openingTime: strokeTime, closingTime: strokeTime };
}

/**
 * One of two pumps in series runs down within 5 to 20 s, which leaves 80 to 90 % of the speed that would give the same head alone, stands
 * for 3 to 10 minutes and runs up again within 30 to 120 s of full stroke. Both at the same rate for every move of the case.
 */
function drawTrip(speed: number, duration: number, random: Random): Schedule {
  const start = round(random.uniform(1, duration), 1);
  const left = round(speed * random.uniform(0.8, 0.9), 4);
  const back = round(start + random.uniform(180, 600), 1);
  const closingTime = round(random.uniform(5, 20) / (speed - left), 1);
  const openingTime = round(random.uniform(30, 120) / (speed - left), 1);
  if (back >= duration) return { times: [0, start], setpoints: [speed, left], openingTime, closingTime };
  return { times: [0, start, back], setpoints: [speed, left, speed], openingTime, closingTime };
}

/** The outlet valve throttles to 50 to 75 % of its opening for 5 to 20 minutes: the line packs, and unpacks when it opens again. */
function drawPacking(opening: number, duration: number, random: Random): Schedule {
  const start = round(random.uniform(1, duration), 1);
  const throttled = round(opening * random.uniform(0.5, 0.75), 4);
  const stroke = round(random.uniform(60, 240), 1);
  const back = round(start + random.uniform(300, 1200), 1);
  if (back >= duration) return { times: [0, start], setpoints: [opening, throttled], openingTime: stroke, closingTime: stroke };
  return { times: [0, start, back], setpoints: [opening, throttled, opening], openingTime: stroke, closingTime: stroke };
}

/** One or two batches that reach the inlet at uniformly random times. */
function drawBatches(density: number, { duration, batchDensity }: EventOptions, random: Random): Batch[] {
  const times = Array.from({ length: random.integer(1, 2) }, () => round(random.uniform(1, duration), 1)).sort((a, b) => a - b);
  const batches: Batch[] = [];
  let before = density;
  for (const time of times) {
    const last = batches.at(-1);
    if (last && time - last.time < 60) continue;
    before = round(before * draw(random, batchDensity), 1);
    batches.push({ time, density: before });
  }
  return batches;
}

function draw(random: Random, [low, high]: Range): number {
  return random.uniform(low, high);
}

function sign(random: Random): number {
  return random.uniform() < 0.5 ? -1 : 1;
}

function round(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return decimals < 0 ? Math.round(value * scale) / scale : Number(value.toFixed(decimals));
}
