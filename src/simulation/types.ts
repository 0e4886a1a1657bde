/** Shapes of the simulator. SI units throughout: m, s, kg, Pa (absolute), kg/s, unless a name says otherwise. */

export interface Fluid {
  /** kg/m3, constant. */
  readonly density: number;
  /** Pa absolute; a pressure below it ends the run with `simulation/column-separation`. */
  readonly vapourPressure: number;
  /** Pa s; needed only where a pipe gives a roughness instead of a friction factor. */
  readonly viscosity?: number;
}

/** One pipe of uniform diameter and slope. Pipes follow one another in the order of the list. */
export interface Pipe {
  readonly label: string;
  /** m along the pipe. */
  readonly length: number;
  /** Rise from its start to its end in m, negative downhill. */
  readonly rise: number;
  /** Inner diameter in m. */
  readonly diameter: number;
  /** m/s; adjusted by at most 1 % so that a wave crosses one cell in one step. */
  readonly waveSpeed: number;
  /** Darcy friction factor (a constant), or a wall roughness in m from which it is taken once, at the steady start. */
  readonly friction: { readonly factor: number } | { readonly roughness: number };
}

/**
 * A signal over time as a manual controller gives it: it heads for `setpoints[i]` from `times[i]` on, at the rate of one
 * full stroke (0 to 1) in `openingTime` seconds upwards and `closingTime` seconds downwards; 0 means at once.
 * `times[0]` is 0, and the run starts settled at `setpoints[0]`.
 */
export interface Schedule {
  readonly times: readonly number[];
  readonly setpoints: readonly number[];
  readonly openingTime: number;
  readonly closingTime: number;
}

/** Centrifugal pump with check valve: head = shutoffHead speed^2 - curvature Q^2 (m, with Q in m3/s, speed 1 = maxSpeed). */
export interface Pump {
  readonly shutoffHead: number;
  readonly curvature: number;
  /** rpm at signal 1. */
  readonly maxSpeed: number;
}

export type Inlet =
  | { readonly kind: 'pressure'; readonly pressure: number; readonly schedule?: Schedule }
  | { readonly kind: 'flow'; readonly massFlow: number; readonly schedule?: Schedule }
  | { readonly kind: 'pump'; readonly suctionPressure: number; readonly pump: Pump; readonly speed: Schedule };

/** A valve as an orifice: Q = opening Cd A sqrt(2 dp / density), in both directions. */
export interface Valve {
  readonly diameter: number;
  readonly dischargeCoefficient: number;
}

export type Outlet =
  | { readonly kind: 'pressure'; readonly pressure: number; readonly schedule?: Schedule }
  | { readonly kind: 'flow'; readonly massFlow: number; readonly schedule?: Schedule }
  | { readonly kind: 'valve'; readonly pressure: number; readonly valve: Valve; readonly opening: Schedule };

/** A control valve at an interior node. */
export interface InlineValve {
  readonly label: string;
  /** m from the inlet; snapped to the nearest node. */
  readonly position: number;
  readonly valve: Valve;
  readonly opening: Schedule;
}

/** An orifice in the wall: Q = opening Cd A sqrt(2 (p - backPressure) / density) outwards, never inwards. */
export interface Leak {
  /** m from the inlet; snapped to the nearest interior node. */
  readonly position: number;
  /** m; 0 makes a twin: the schedule runs, nothing leaves. */
  readonly diameter: number;
  readonly dischargeCoefficient: number;
  /** Pa absolute. */
  readonly backPressure: number;
  readonly opening: Schedule;
}

/** Another fluid that follows the one before from a time on, as a sharp front that moves with the flow. */
export interface Batch {
  /** Seconds at which it reaches the inlet; snapped to a solver step. */
  readonly time: number;
  /** kg/m3; wave speed, friction factor and vapour pressure stay those of the line. */
  readonly density: number;
}

/** Everything the solver needs to know of a line. */
export interface LineSystem {
  readonly fluid: Fluid;
  readonly pipes: readonly Pipe[];
  /** Elevation of the inlet in m. */
  readonly startElevation?: number;
  readonly inlet: Inlet;
  readonly outlet: Outlet;
  readonly valves?: readonly InlineValve[];
  readonly leaks?: readonly Leak[];
  /** In the order in which they come; none where the line holds one fluid. */
  readonly batches?: readonly Batch[];
}

export interface SolveOptions {
  readonly durationSeconds: number;
  /** Wanted cell length in m; the step is refined from there until every pipe takes Courant 1 within 1 % of its wave speed. */
  readonly cellLength: number;
  /** Places (m from the inlet, snapped to the nearest node) where pressure and flow are recorded at every step. */
  readonly probes?: readonly number[];
}

export interface Probe {
  /** m from the inlet, of the snapped node. */
  readonly position: number;
  /** Counted from 0 at the inlet. */
  readonly node: number;
  /** Pa absolute per step (upstream side, where the node is an in-line valve). */
  readonly pressure: Float64Array;
  /** kg/s per step (downstream side, where the node is a leak). */
  readonly flow: Float64Array;
}

export interface LeakTrace {
  readonly position: number;
  readonly node: number;
  /** Opening 0..1 per step. */
  readonly opening: Float64Array;
  /** Pa absolute in the line at the leak, per step. */
  readonly pressure: Float64Array;
  /** kg/s leaving, not negative, per step. */
  readonly flow: Float64Array;
}

/** The run: every array has `steps + 1` values, the first at time 0, value k at k `timeStep`. */
export interface LineRun {
  readonly timeStep: number;
  readonly steps: number;
  readonly grid: Grid;
  readonly probes: readonly Probe[];
  readonly leaks: readonly LeakTrace[];
  /** Pump speed, pressure or flow signal of the inlet (1 where it has no schedule). */
  readonly inletSignal: Float64Array;
  readonly outletSignal: Float64Array;
  readonly valveSignals: readonly Float64Array[];
  /** kg/s into the first and out of the last node. */
  readonly inflow: Float64Array;
  readonly outflow: Float64Array;
  /** kg in the line. */
  readonly linepack: Float64Array;
}

/** The cells of a line: node i is the left end of cell i; there is one node more than cells. */
export interface Grid {
  readonly timeStep: number;
  readonly cells: number;
  /** m from the inlet, per node. */
  readonly position: Float64Array;
  /** m, per node. */
  readonly elevation: Float64Array;
  /** Index of the pipe, per cell. */
  readonly pipeOfCell: Int32Array;
  /** Per pipe: its cells, and the relative change of its wave speed (at most 0.01 in size). */
  readonly pipes: readonly { readonly cells: number; readonly cellLength: number; readonly waveSpeed: number; readonly waveSpeedChange: number }[];
}
