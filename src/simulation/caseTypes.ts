import type { Disturbance } from './campaignTypes.js';
import type { Batch, Fluid, Leak, Pipe, Pump, Schedule, Valve } from './types.js';

/** A measuring station. Pressure is always measured; flow where there is a meter. */
export interface Station {
  /** m from the inlet; snapped to the nearest node. */
  readonly position: number;
  readonly flowMeter: boolean;
}

/** What stays the same over the cases of a campaign and over campaigns: geometry, fluid, machines, stations. */
export interface Line {
  /** Name of the flow path; sensors are called `NAME@<metres>M`. */
  readonly name: string;
  readonly fluid: Fluid;
  readonly pipes: readonly Pipe[];
  /** m. */
  readonly startElevation: number;
  /** m, see `SolveOptions.cellLength`. */
  readonly cellLength: number;
  readonly stations: readonly Station[];
  readonly pump: Pump;
  readonly outletValve: Valve;
}

/** What the instruments do to the truth. All of it is seeded by case and sensor, so a leak case and its twin see the same noise. */
export interface Instruments {
  /** Standard deviation of flow noise as a fraction of the reading. Default 0.0025; 0 switches it off. */
  readonly flowNoise: number;
  /** Standard deviation of pressure noise as a fraction of `pressureSpan`. Default 0.0005. */
  readonly pressureNoise: number;
  /** Standard deviation of a flow meter's constant error as a fraction of the reading; drawn per case and meter. Default 0. */
  readonly flowBias: number;
  /** Standard deviation of a pressure sensor's constant error as a fraction of `pressureSpan`. Default 0. */
  readonly pressureBias: number;
  /** Pa. Default 6e6. */
  readonly pressureSpan: number;
  /** kg/s; reference of the flow deadband. Default 400. */
  readonly flowSpan: number;
  /** Fraction of span by which a value must move before it is reported again. Default 0 (off). */
  readonly deadband: number;
  /** Seconds between two scans of a sensor, held in between; each sensor has its own phase. Default 0 (every row). */
  readonly scanInterval: number;
  /** Standard deviation in seconds of a constant clock error per station. Default 0. */
  readonly clockSkew: number;
}

export interface Sampling {
  /** Seconds between rows. */
  readonly interval: number;
  /** `regular`: a row at each multiple of the interval, holding the last solver step; `solver`: at the first solver step at or after it. */
  readonly mode: 'regular' | 'solver';
}

/** Pressures in Pa absolute. */
export interface OperatingPoint {
  readonly suctionPressure: number;
  readonly outletPressure: number;
  /** Darcy friction factor of all pipes; absent: what each pipe says. */
  readonly frictionFactor?: number;
  /** Signal of the pump speed, 1 = `pump.maxSpeed`. */
  readonly pumpSpeed: Schedule;
  /** Opening of the outlet valve, 0..1. */
  readonly valveOpening: Schedule;
  /** Fluids that follow the line's own; where the member is there, also if empty, densities are measured at the stations. */
  readonly batches?: readonly Batch[];
}

/** One case, complete: simulated from this alone, the same bytes every time. Plain JSON. */
export interface CaseSpec {
  /** Also the stem of the file names. */
  readonly name: string;
  readonly kind: 'leak' | 'twin' | 'free';
  /** Of a twin: the name of its leak case. */
  readonly twinOf?: string;
  /** Seed of the instruments; the same in a leak case and its twin. */
  readonly seed: number;
  readonly durationSeconds: number;
  /** What happens beside the leak. */
  readonly disturbance?: Disturbance;
  /** Of a leak: its wanted flow as a fraction of the initial flow, and as a multiple of the least detectable one (see `minimumFraction`). */
  readonly size?: { readonly fraction: number; readonly ofMinimum: number };
  readonly line: Line;
  readonly operating: OperatingPoint;
  /** Always there, so that the columns are the same in every case; diameter 0 where nothing leaks. */
  readonly leak: Leak;
  readonly instruments: Instruments;
  readonly sampling: Sampling;
}

export interface LeakInterval {
  /** Seconds; the opening leaves 0. */
  readonly start: number;
  /** Seconds; the opening is back at 0, or the run ends. */
  readonly end: number;
  /** kg/s, not negative. */
  readonly peakFlow: number;
}

export interface CaseTruth {
  readonly name: string;
  readonly kind: CaseSpec['kind'];
  readonly twinOf?: string;
  readonly seed: number;
  /** Metres of the snapped node. */
  readonly leakPosition: number;
  readonly lineLength: number;
  /** m; 0 in twins and leak-free cases. */
  readonly leakDiameter: number;
  readonly intervals: readonly LeakInterval[];
  /** kg released in all. */
  readonly releasedMass: number;
  /** kg/s through the inlet at the start. */
  readonly initialFlow: number;
  readonly timeStep: number;
  /** Largest relative change of a wave speed, at most 0.01. */
  readonly waveSpeedChange: number;
  /** (inflow - outflow - leak - change of linepack) / inflow over the run, at solver steps. */
  readonly massBalance: number;
}

export interface SimulatedCase {
  readonly name: string;
  /** Text of `<name>.tpl`. */
  readonly tpl: string;
  /** Text of `<name>.genkey`. */
  readonly genkey: string;
  readonly truth: CaseTruth;
}
