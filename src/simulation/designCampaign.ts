import { PenstockError } from '../errors/index.js';
import { createRandom, type Random } from '../numeric/index.js';
import { caseSystem } from './caseSystem.js';
import type { CaseSpec, Instruments, Line, OperatingPoint, Sampling } from './caseTypes.js';
import { defaultLine } from './defaultLine.js';
import { nearestNode } from './grid.js';
import { defaultInstruments } from './instruments.js';
import { buildModel } from './model.js';
import { drawOperatingPoint } from './operatingPoint.js';
import { solveSteadyState } from './steadyState.js';
import { gravity } from './elements.js';
import type { Grid, Leak, Schedule } from './types.js';

export interface CampaignOptions {
  /** Leak cases; each comes with a twin. */
  readonly cases: number;
  /** Any whole number; another seed is another campaign of the same family. */
  readonly seed: number;
  /** Further cases without leak, with operating points of their own. Default 0. */
  readonly leakFree?: number;
  /** Length of every run. Default 1200. */
  readonly durationSeconds?: number;
  /** Geometry, fluid, machines and stations, the same in all cases. Default `defaultLine()`. */
  readonly line?: Line;
  /** Leak flow as a fraction of the initial flow, drawn log-uniform from low to high. Default [0.005, 0.1]. */
  readonly leakFraction?: readonly [number, number];
  /**
   * Seconds from opening to shut, drawn uniform. Default 5 to 7.5 % of the run. A leak that would still be open at the end of the
   * onset range stays open to the end of the run instead, so that the last part of a run holds as many leaks as the rest.
   */
  readonly leakSeconds?: readonly [number, number];
  /** Seconds of the opening ramp, drawn log-uniform. Default [1, 30]. */
  readonly rampSeconds?: readonly [number, number];
  /** Range of the onset as fractions of the run. Default [0.1, 0.9]. */
  readonly onsetRange?: readonly [number, number];
  /** Pump speed changes and valve moves per case, each from 0 to this number. Default 3. */
  readonly mostEvents?: number;
  readonly instruments?: Partial<Instruments>;
  readonly sampling?: Partial<Sampling>;
}

const backPressure = 101325;
const dischargeCoefficient = 0.84;

/**
 * Draws the cases of a campaign: for each leak case a twin with the same seed, operating point and events and a leak diameter of 0,
 * then the leak-free ones. Onset, place, size, duration and ramp are stratified: each takes one draw from each of as many equal
 * slices as there are leak cases, in random order, so campaigns of one size have equal marginals and time of day tells nothing
 * (see `clockOnlyAuc`).
 * @throws PenstockError `simulation/invalid`
 */
export function designCampaign(options: CampaignOptions): CaseSpec[] {
  checkOptions(options);
  const line = options.line ?? defaultLine();
  const duration = options.durationSeconds ?? 1200;
  const campaign = createRandom(options.seed).derive('campaign');
  const strata = drawStrata(campaign, options.cases);
  const specs: CaseSpec[] = [];
  for (let i = 0; i < options.cases; i++) {
    const name = caseName('case', i);
    const base = drawCase(name, campaign.derive(name), line, duration, options);
    const schedule = leakSchedule(strata, i, duration, options);
    const leak = sizeLeak(base, strata.place[i]!, schedule, logBetween(options.leakFraction ?? [0.005, 0.1], strata.size[i]!));
    specs.push({ ...base, kind: 'leak', leak });
    specs.push({ ...base, name: `${name}_twin`, kind: 'twin', twinOf: name, leak: { ...leak, diameter: 0 } });
  }
  for (let i = 0; i < (options.leakFree ?? 0); i++) {
    const name = caseName('free', i);
    specs.push(drawCase(name, campaign.derive(name), line, duration, options));
  }
  return specs;
}

/** A leak-free case: operating point with its events, instruments, and a leak that stays shut. */
function drawCase(name: string, random: Random, line: Line, duration: number, options: CampaignOptions): CaseSpec {
  const opening: Schedule = { times: [0], setpoints: [0], openingTime: 0, closingTime: 0 };
  const length = line.pipes.reduce((sum, pipe) => sum + pipe.length, 0);
  const operating: OperatingPoint = drawOperatingPoint(line, duration, options.mostEvents ?? 3, random.derive('operating'));
  return {
    name, kind: 'free', seed: random.derive('instruments').bits(), durationSeconds: duration, line, operating,
    leak: { position: 0.5 * length, diameter: 0, dischargeCoefficient, backPressure, opening },
    instruments: { ...defaultInstruments, ...options.instruments },
    sampling: { interval: 1, mode: 'regular', ...options.sampling },
  };
}

/** One number in [0, 1) per case and quantity. */
interface Strata {
  readonly onset: Float64Array;
  readonly place: Float64Array;
  readonly size: Float64Array;
  readonly length: Float64Array;
  readonly ramp: Float64Array;
  readonly shut: Float64Array;
}

function drawStrata(campaign: Random, n: number): Strata {
  const draw = (what: string): Float64Array => {
    const random = campaign.derive(`strata ${what}`);
    return Float64Array.from(random.permutation(n), (slice) => (slice + random.uniform()) / n);
  };
  return { onset: draw('onset'), place: draw('place'), size: draw('size'), length: draw('length'), ramp: draw('ramp'), shut: draw('shut') };
}

function leakSchedule(strata: Strata, i: number, duration: number, options: CampaignOptions): Schedule {
  const onsets = options.onsetRange ?? [0.1, 0.9];
  const onset = round(duration * between(onsets, strata.onset[i]!), 3);
  const seconds = between(options.leakSeconds ?? [0.05 * duration, 0.075 * duration], strata.length[i]!);
  // opening and shutting together take at most 80 % of the leak, so that it always opens fully
  const openingTime = round(Math.min(logBetween(options.rampSeconds ?? [1, 30], strata.ramp[i]!), 0.6 * seconds), 2);
  const closingTime = round(Math.min(between([1, 5], strata.shut[i]!), 0.2 * seconds), 2);
  // with onsets uniform up to here, keeping these open makes the share of open leaks the same at every time from one leak
  // length after the first onset to the end of the run; shutting them too would make late times healthy by the clock
  if (onset + seconds > onsets[1] * duration) return { times: [0, onset], setpoints: [0, 1], openingTime, closingTime };
  return { times: [0, onset, round(onset + seconds - closingTime, 3)], setpoints: [0, 1, 0], openingTime, closingTime };
}

/** Places the leak on a node and gives it the diameter that lets out `fraction` of the flow at the initial pressure there. */
function sizeLeak(spec: CaseSpec, place: number, opening: Schedule, fraction: number): Leak {
  const model = buildModel(caseSystem(spec), { durationSeconds: 1e-3, cellLength: spec.line.cellLength });
  const state = solveSteadyState(model, caseSystem(spec));
  const { grid } = model;
  const position = leakPlace(grid, place);
  const node = nearestNode(grid, position);
  const drop = state.headUp[node]! - grid.elevation[node]! - backPressure / (model.density * gravity);
  if (!(drop > 0)) throw new PenstockError('simulation/invalid', `${spec.name}: the pressure at ${position} m is not above the back pressure of ${backPressure} Pa; no leak flows there`, { key: 'line' });
  const opened = fraction * state.flowDown[0]! / (dischargeCoefficient * Math.sqrt(2 * gravity * drop));
  return { position, diameter: round(Math.sqrt(4 * opened / Math.PI), 6), dischargeCoefficient, backPressure, opening };
}

/** A node between 5 and 95 % of the line. */
function leakPlace(grid: Grid, place: number): number {
  const length = grid.position[grid.cells]!;
  return grid.position[nearestNode(grid, between([0.05 * length, 0.95 * length], place))]!;
}

function caseName(stem: string, i: number): string {
  return `${stem}_${`${i + 1}`.padStart(4, '0')}`;
}

function between([low, high]: readonly [number, number], u: number): number {
  return low + (high - low) * u;
}

function logBetween([low, high]: readonly [number, number], u: number): number {
  return low * (high / low) ** u;
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function checkOptions(options: CampaignOptions): void {
  const wholeNumbers = { cases: options.cases, leakFree: options.leakFree ?? 0, mostEvents: options.mostEvents ?? 3 };
  for (const [key, value] of Object.entries(wholeNumbers)) {
    if (!(Number.isInteger(value) && value >= 0)) throw new PenstockError('simulation/invalid', `found ${value}; it must be a whole number from 0`, { key });
  }
  const duration = options.durationSeconds ?? 1200;
  if (!(duration >= 60)) throw new PenstockError('simulation/invalid', `found a run of ${duration} s; it must be at least 60 s`, { key: 'durationSeconds' });
  const ranges = { leakFraction: options.leakFraction, leakSeconds: options.leakSeconds, rampSeconds: options.rampSeconds };
  for (const [key, range] of Object.entries(ranges)) {
    if (range && !(range[0] > 0 && range[1] >= range[0])) throw new PenstockError('simulation/invalid', `found ${range[0]} to ${range[1]}; both must be positive and rising`, { key });
  }
  const onset = options.onsetRange ?? [0.1, 0.9];
  if (!(onset[0] >= 0 && onset[1] <= 1 && onset[1] > onset[0])) throw new PenstockError('simulation/invalid', `found ${onset[0]} to ${onset[1]}; it must rise within 0 to 1`, { key: 'onsetRange' });
}
