import { PenstockError } from '../errors/index.js';
import { createRandom, type Random } from '../numeric/index.js';
import { disturbances as allDisturbances, type CampaignOptions, type Disturbance } from './campaignTypes.js';
import type { CaseSpec, Line } from './caseTypes.js';
import { defaultLine } from './defaultLine.js';
import { checkFactor, extent, pick, stratify, type Factor } from './factors.js';
import { defaultInstruments } from './instruments.js';
import { leakDiameter, leakPlace, minimumFraction, startState } from './leakSize.js';
import { defaultRanges, drawOperatingPoint } from './operatingPoint.js';
import type { Schedule } from './types.js';

/** A campaign laid out: its cases by name, each made when asked for, so that one of ten thousand costs no more than one of ten. */
export interface CampaignPlan {
  readonly names: readonly string[];
  /**
   * The case of a name, the same whatever was asked before.
   * @throws PenstockError `simulation/invalid` where the campaign has no such case, or the line no such operating point
   */
  design(name: string): CaseSpec;
}

const backPressure = 101325;
const dischargeCoefficient = 0.84;

/** All cases of a campaign; see `planCampaign`. */
export function designCampaign(options: CampaignOptions): CaseSpec[] {
  const plan = planCampaign(options);
  return plan.names.map((name) => plan.design(name));
}

/**
 * Lays out a campaign: for each leak case a twin with the same seed, operating point and events and a leak diameter of 0, then the
 * leak-free ones. Onset, place, size, duration and ramp are stratified: each takes one draw from each of as many equal slices as there
 * are leak cases, in random order, so campaigns of one size have equal marginals and time of day tells nothing (see `clockOnlyAuc`).
 * Where sizes have levels, each case comes in every size with the same noise, onset and operating point, and one twin serves them all.
 * @throws PenstockError `simulation/invalid`
 */
export function planCampaign(options: CampaignOptions): CampaignPlan {
  checkOptions(options);
  const layout = layOut(options);
  const entries = new Map<string, () => CaseSpec>();
  for (let i = 0; i < layout.cases; i++) {
    const name = caseName('case', i);
    if (layout.sizes.length === 0) entries.set(name, () => leakCase(layout, i, name, undefined));
    layout.sizes.forEach((size, s) => entries.set(`${name}_size${s + 1}`, () => leakCase(layout, i, `${name}_size${s + 1}`, size)));
    const first = layout.sizes.length === 0 ? name : `${name}_size1`;
    entries.set(`${name}_twin`, () => {
      const { size: _, ...leak } = leakCase(layout, i, first, layout.sizes[0]);
      return { ...leak, name: `${name}_twin`, kind: 'twin', twinOf: first, leak: { ...leak.leak, diameter: 0 } };
    });
  }
  for (let i = 0; i < (options.leakFree ?? 0); i++) {
    const name = caseName('free', i);
    entries.set(name, () => drawCase(layout, name, layout.freeLevels(i), layout.freeDuration));
  }
  return {
    names: [...entries.keys()],
    design: (name) => {
      const make = entries.get(name);
      if (!make) throw new PenstockError('simulation/invalid', `the campaign has no case ${name}; it has ${few([...entries.keys()])}`, { key: 'only' });
      return make();
    },
  };
}

/** What the cases of a campaign share. `u` are the places of case i in the factors, in [0, 1). */
interface Layout {
  readonly options: CampaignOptions;
  readonly random: Random;
  readonly cases: number;
  readonly duration: number;
  readonly freeDuration: number;
  readonly lines: readonly Line[];
  readonly disturbances: readonly Disturbance[];
  /** Levels of size in which every case comes; none where sizes are drawn. */
  readonly sizes: readonly number[];
  readonly u: Readonly<Record<Quantity, Float64Array>>;
  freeLevels(i: number): Levels;
}

const quantities = ['onset', 'place', 'size', 'length', 'ramp', 'shut', 'line', 'disturbance', 'velocity'] as const;
type Quantity = (typeof quantities)[number];

interface Levels {
  readonly line: Line;
  readonly disturbance: Disturbance;
  readonly velocity: number | undefined;
}

function layOut(options: CampaignOptions): Layout {
  const random = createRandom(options.seed).derive('campaign');
  const duration = options.durationSeconds ?? 1200;
  const base = options.lines ?? [options.line ?? defaultLine()];
  const fluids = options.fluids ?? [];
  const lines = fluids.length === 0 ? base : base.flatMap((line) => fluids.map((fluid) => ({ ...line, fluid })));
  const kinds = options.disturbances ?? ['events'];
  const size = options.leakMultiples ?? options.leakFraction;
  const sizes = size !== undefined && 'levels' in size && (options.commonRandomNumbers ?? true) ? size.levels : [];
  const crossed = options.design === 'factorial' ? crossedLevels(options, lines.length, kinds.length, sizes.length > 0 ? undefined : size) : [];
  const cases = options.cases * crossed.reduce((product, [, levels]) => product * levels, 1);
  const draw = (n: number, suffix = '') => Object.fromEntries(quantities.map((what) => [what, stratify(random.derive(`strata ${what}${suffix}`), n)])) as Record<Quantity, Float64Array>;
  const u = draw(cases);
  let stride = options.cases;
  for (const [what, levels] of crossed) {
    for (let i = 0; i < cases; i++) u[what][i] = (Math.floor(i / stride) % levels + 0.5) / levels;
    stride *= levels;
  }
  const free = draw(options.leakFree ?? 0, ' free');
  const levelsOf = (places: Record<Quantity, Float64Array>, i: number): Levels => {
    const velocity = options.operating?.velocity;
    return {
      line: lines[Math.floor(places.line[i]! * lines.length)]!, disturbance: kinds[Math.floor(places.disturbance[i]! * kinds.length)]!,
      velocity: velocity !== undefined && 'levels' in velocity ? pick(velocity, places.velocity[i]!) : undefined,
    };
  };
  return {
    options, random, cases, duration, freeDuration: options.leakFreeSeconds ?? duration, lines, disturbances: kinds, sizes, u,
    freeLevels: (i) => levelsOf(free, i),
  };
}

/** The quantities that have levels, with how many: all of them are crossed. */
function crossedLevels(options: CampaignOptions, lines: number, kinds: number, size: Factor | undefined): (readonly [Quantity, number])[] {
  const levelsOf = (factor: Factor | undefined): number => (factor !== undefined && 'levels' in factor ? factor.levels.length : 1);
  const all: (readonly [Quantity, number])[] = [
    ['size', levelsOf(size)], ['place', levelsOf(options.position)], ['onset', levelsOf(options.onsetRange)], ['ramp', levelsOf(options.rampSeconds)],
    ['velocity', levelsOf(options.operating?.velocity)], ['disturbance', kinds], ['line', lines],
  ];
  return all.filter(([, levels]) => levels > 1);
}

function leakCase(layout: Layout, i: number, name: string, size: number | undefined): CaseSpec {
  const { options, u, lines, disturbances } = layout;
  const velocity = options.operating?.velocity;
  const base = drawCase(layout, caseName('case', i), {
    line: lines[Math.floor(u.line[i]! * lines.length)]!, disturbance: disturbances[Math.floor(u.disturbance[i]! * disturbances.length)]!,
    velocity: velocity !== undefined && 'levels' in velocity ? pick(velocity, u.velocity[i]!) : undefined,
  }, layout.duration);
  const start = startState(base);
  const position = leakPlace(start.model.grid, pick(options.position ?? [0.05, 0.95], u.place[i]!));
  const placed: CaseSpec = { ...base, name, kind: 'leak', leak: { ...base.leak, position, opening: leakSchedule(layout, i) } };
  const minimum = minimumFraction(placed, start, options.minimum);
  const drawn = size ?? pick(options.leakMultiples ?? options.leakFraction ?? [0.005, 0.1], u.size[i]!, true);
  const fraction = options.leakMultiples === undefined ? drawn : drawn * minimum;
  return { ...placed, size: { fraction, ofMinimum: fraction / minimum }, leak: { ...placed.leak, diameter: leakDiameter(placed, start, fraction) } };
}

/** A leak-free case: operating point with its events, instruments, and a leak that stays shut. */
function drawCase({ options, random: campaign, disturbances }: Layout, name: string, levels: Levels, duration: number): CaseSpec {
  const random = campaign.derive(name);
  const { line, disturbance } = levels;
  const length = line.pipes.reduce((sum, pipe) => sum + pipe.length, 0);
  const operating = drawOperatingPoint(line, { ...defaultRanges, ...options.operating }, {
    duration, disturbance, mostEvents: options.mostEvents ?? 3, batchDensity: options.batchDensity ?? [0.94, 1.06], densities: disturbances.includes('batch'),
  }, random.derive('operating'), levels.velocity);
  return {
    name, kind: 'free', seed: random.derive('instruments').bits(), durationSeconds: duration, disturbance, line, operating,
    leak: { position: 0.5 * length, diameter: 0, dischargeCoefficient, backPressure, opening: { times: [0], setpoints: [0], openingTime: 0, closingTime: 0 } },
    instruments: { ...defaultInstruments, ...options.instruments },
    sampling: { interval: 1, mode: 'regular', ...options.sampling },
  };
}

function leakSchedule({ options, u, duration }: Layout, i: number): Schedule {
  const onsets = options.onsetRange ?? [0.1, 0.9];
  const onset = round(duration * pick(onsets, u.onset[i]!), 3);
  const seconds = pick(options.leakSeconds ?? [0.05 * duration, 0.075 * duration], u.length[i]!);
  // opening and shutting together take at most 80 % of the leak, so that it always opens fully
  const openingTime = round(Math.min(pick(options.rampSeconds ?? [1, 30], u.ramp[i]!, true), 0.6 * seconds), 2);
  const closingTime = round(Math.min(pick([1, 5], u.shut[i]!), 0.2 * seconds), 2);
  // with onsets uniform up to here, keeping these open makes the share of open leaks the same at every time from one leak
  // length after the first onset to the end of the run; shutting them too would make late times healthy by the clock
  if (onset + seconds > extent(onsets)[1] * duration) return { times: [0, onset], setpoints: [0, 1], openingTime, closingTime };
  return { times: [0, onset, round(onset + seconds - closingTime, 3)], setpoints: [0, 1, 0], openingTime, closingTime };
}

function caseName(stem: string, i: number): string {
  return `${stem}_${`${i + 1}`.padStart(4, '0')}`;
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function few(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} ... ${names.at(-1)}` : names.join(', ');
}

function checkOptions(options: CampaignOptions): void {
  const wholeNumbers = { cases: options.cases, leakFree: options.leakFree ?? 0, mostEvents: options.mostEvents ?? 3 };
  for (const [key, value] of Object.entries(wholeNumbers)) {
    if (!(Number.isInteger(value) && value >= 0)) throw new PenstockError('simulation/invalid', `found ${value}; it must be a whole number from 0`, { key });
  }
  const duration = options.durationSeconds ?? 1200;
  for (const [key, seconds] of [['durationSeconds', duration], ['leakFreeSeconds', options.leakFreeSeconds ?? duration]] as const) {
    if (!(seconds >= 60)) throw new PenstockError('simulation/invalid', `found a run of ${seconds} s; it must be at least 60 s`, { key });
  }
  const least = Number.MIN_VALUE;
  checkFactor(options.leakFraction, 'leakFraction', least, 1);
  checkFactor(options.leakMultiples, 'leakMultiples', least, 1e6);
  checkFactor(options.leakSeconds, 'leakSeconds', least, Infinity);
  checkFactor(options.rampSeconds, 'rampSeconds', least, Infinity);
  checkFactor(options.position, 'position', 0, 1);
  checkFactor(options.onsetRange, 'onsetRange', 0, 1);
  checkFactor(options.operating?.velocity, 'operating.velocity', least, 100);
  checkFactor(options.batchDensity, 'batchDensity', 0.5, 2);
  const shortest = (options.leakSeconds ?? [0.05 * duration, 0.075 * duration])[0], ramp = options.rampSeconds;
  if (ramp !== undefined && 'levels' in ramp && extent(ramp)[1] > 0.6 * shortest) {
    throw new PenstockError('simulation/invalid', `a ramp of ${extent(ramp)[1]} s takes more than 60 % of the shortest leak of ${shortest} s; lengthen leakSeconds`, { key: 'rampSeconds' });
  }
  const strange = (options.disturbances ?? []).find((kind) => !allDisturbances.includes(kind));
  if (strange !== undefined || options.disturbances?.length === 0) throw new PenstockError('simulation/invalid', `found disturbance ${strange ?? '(none listed)'}; allowed are ${allDisturbances.join(', ')}`, { key: 'disturbances' });
}
