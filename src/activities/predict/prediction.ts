import type { Trouble } from '../../signal/index.js';

/** An alarm of a recording. Times in seconds since its start. */
export interface PredictedAlarm {
  readonly start: number;
  /** Time of the last window for which it was on. */
  readonly end: number;
  readonly peak_score: number;
  /** Where the pressure wave of its onset puts the leak, m; null where no wave stands out, or places or wave speed are not known. */
  readonly position_m: number | null;
}

/** A run of windows for which the model says the same class. Probability: mean over the run. */
export interface PredictedClass {
  readonly class: string;
  readonly start: number;
  readonly end: number;
  readonly windows: number;
  readonly probability: number;
}

/** The values of a recording's windows. */
export interface PredictedValues {
  readonly unit: string;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** What a bundle makes of one recording. */
export interface FilePrediction {
  readonly file: string;
  /** `scored`: at least one window has a score; `unavailable`: none has, `reason` says why; `failed`: the file cannot be read. */
  readonly status: 'scored' | 'unavailable' | 'failed';
  readonly reason: string | null;
  /** Windows in all, and those with a score. Windows of the warm-up have a score but raise no alarm. */
  readonly windows: number;
  readonly scored: number;
  /** Of a detector; none of other models. */
  readonly alarms: readonly PredictedAlarm[];
  /** Of a model that tells classes, such as sizes or segments: they mean something while there is a leak. */
  readonly classes: readonly PredictedClass[];
  /** Of a model that tells a value, such as the leak's flow, also where it is the second of a bundle that tells classes; else null. */
  readonly values: PredictedValues | null;
  /** Where there is no score, and why. */
  readonly troubles: readonly Trouble[];
  readonly notes: readonly string[];
}

export interface PredictResult {
  readonly bundle: { readonly sha256: string; readonly source: string; readonly task: string; readonly target: string; readonly threshold: number | null };
  readonly files: readonly FilePrediction[];
  /** Where the scores were written. */
  readonly out: string | null;
}
