import type { Trouble } from '../../signal/index.js';

/** An alarm of a recording. Times in seconds since its start. */
export interface PredictedAlarm {
  readonly start: number;
  /** Time of the last window for which it was on. */
  readonly end: number;
  readonly peak_score: number;
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
  readonly alarms: readonly PredictedAlarm[];
  /** Where there is no score, and why. */
  readonly troubles: readonly Trouble[];
  readonly notes: readonly string[];
}

export interface PredictResult {
  readonly bundle: { readonly sha256: string; readonly source: string; readonly task: string; readonly threshold: number | null };
  readonly files: readonly FilePrediction[];
  /** Where the scores were written. */
  readonly out: string | null;
}
