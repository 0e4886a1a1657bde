/** One time during which a leak flows, in seconds; `peakFlow` in kg/s, NaN where the flow was not recorded. */
export interface LeakInterval {
  /** True onset: from the schedule, or the opening ramp extrapolated to zero; else the first row that leaks. */
  readonly start: number;
  readonly end: number;
  readonly peakFlow: number;
}

/** One leak of a case. */
export interface Leak {
  readonly name: string;
  readonly flowPath?: string;
  /** Metres along the flow path from its inlet. */
  readonly position?: number;
  /** The section in which the simulator applies the leak, in metres: the uncertainty of the position. */
  readonly section?: { readonly from: number; readonly to: number };
  /** Metres. */
  readonly diameter?: number;
  /** Pressure outside, Pa absolute. */
  readonly backPressure?: number;
  readonly intervals: readonly LeakInterval[];
  /** False where input file and recorded flow disagree; the recorded flow is then what the intervals say. */
  readonly consistent: boolean;
  /** The statements and columns that the entry rests on. */
  readonly provenance: string;
}
