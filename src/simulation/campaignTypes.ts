import type { Instruments, Line, Sampling } from './caseTypes.js';
import type { Factor, Range } from './factors.js';
import type { Fluid } from './types.js';

/**
 * What happens on the line beside a leak. `events`: pump speed changes and valve moves; `none`: nothing; `pump_trip`: one of two pumps in
 * series runs down and starts again; `packing`: the outlet valve throttles for some minutes, so that the line packs and unpacks;
 * `batch`: another fluid follows. Valve moves stay beside a trip, speed changes beside packing, both beside a batch.
 */
export const disturbances = ['events', 'none', 'pump_trip', 'packing', 'batch'] as const;
export type Disturbance = (typeof disturbances)[number];

/** The least detectable leak of API 1149, in which sizes may be told. */
export interface MinimumOptions {
  /** Averaging time in seconds. Default 600. */
  readonly seconds: number;
  /** 1.96 for 95 %, 2.576 for 99 %. Default 1.96. */
  readonly z: number;
  /** Standard deviation of a mean flow over that time, as a fraction; by default that of the meters: constant error, and noise over the root of the readings. */
  readonly flowUncertainty?: number;
  /** Standard deviation of the line pack at a time, in m3; by default what the noise of the pressure sensors gives. */
  readonly linePackUncertainty?: number;
}

/** Ranges of operating points. */
export interface OperatingRanges {
  /** m/s in the first pipe. */
  readonly velocity: Factor;
  /** Pump speed signal. */
  readonly speed: Range;
  /** Darcy friction factor of all pipes. */
  readonly friction: Range;
  /** Pa absolute. */
  readonly suction: Range;
  readonly outlet: Range;
  /** Opening of the outlet valve; a drawn point outside is drawn again. */
  readonly opening: Range;
}

export interface CampaignOptions {
  /** Random design: leak cases before they are repeated in sizes. Factorial design: repetitions of each combination of levels. */
  readonly cases: number;
  /** Any whole number; another seed is another campaign of the same family. */
  readonly seed: number;
  /** `random`: where a quantity has levels, as many cases take each. `factorial`: all levels are crossed. Default random. */
  readonly design?: 'random' | 'factorial';
  /** Further cases without leak, with operating points of their own. Default 0. */
  readonly leakFree?: number;
  /** Length of the leak-free runs. Default `durationSeconds`; where longer, time after that is healthy by the clock. */
  readonly leakFreeSeconds?: number;
  /** Length of every run. Default 1200. */
  readonly durationSeconds?: number;
  /** Geometry, fluid, machines and stations. Default `defaultLine()`. */
  readonly line?: Line;
  /** Several of them, as levels. Their stations should have the same names where their series are to be put together. */
  readonly lines?: readonly Line[];
  /** Fluids that take the place of the line's, as levels. */
  readonly fluids?: readonly Fluid[];
  /** Leak flow as a fraction of the initial flow, log-uniform from low to high. Default [0.005, 0.1]. */
  readonly leakFraction?: Factor;
  /** Leak flow as a multiple of the minimum; goes before `leakFraction`. */
  readonly leakMultiples?: Factor;
  readonly minimum?: Partial<MinimumOptions>;
  /** Where sizes have levels: every case comes in each of them, alike in all else, with one twin. Default true. */
  readonly commonRandomNumbers?: boolean;
  /** Place of the leak as a fraction of the length. Default [0.05, 0.95]. */
  readonly position?: Factor;
  /**
   * Seconds from opening to shut, drawn uniform. Default 5 to 7.5 % of the run. A leak that would still be open at the end of the
   * onset range stays open to the end of the run instead, so that the last part of a run holds as many leaks as the rest.
   */
  readonly leakSeconds?: Range;
  /** Seconds of the opening ramp, drawn log-uniform; at most 60 % of the leak. Default [1, 30]. */
  readonly rampSeconds?: Factor;
  /** Onset as a fraction of the run. Default [0.1, 0.9]; fixed levels tell the clock when leaks are. */
  readonly onsetRange?: Factor;
  readonly operating?: Partial<OperatingRanges>;
  /** As levels. Default ['events']. */
  readonly disturbances?: readonly Disturbance[];
  /** Pump speed changes and valve moves per case, each from 0 to this number. Default 3. */
  readonly mostEvents?: number;
  /** Density of a batch over that of the fluid before it. Default [0.94, 1.06]. */
  readonly batchDensity?: Range;
  readonly instruments?: Partial<Instruments>;
  readonly sampling?: Partial<Sampling>;
}
