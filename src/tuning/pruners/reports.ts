import type { Report, Trial } from '../trials.js';

/** A report's value; null (what JSON makes of it) is NaN. */
export function reportValue(report: Report): number {
  return report.value ?? NaN;
}

export function lastStep(trial: Trial): number | undefined {
  return trial.reports?.at(-1)?.step;
}

/** The largest step that a complete trial has reported; undefined before there is one. */
export function largestStep(trials: readonly Trial[]): number | undefined {
  let largest: number | undefined;
  for (const trial of trials) {
    const step = trial.state === 'complete' ? lastStep(trial) : undefined;
    if (step !== undefined && !(largest !== undefined && largest >= step)) largest = step;
  }
  return largest;
}

/** The best value that is a number; NaN where there is none. `sign` is 1 where small values are good, else -1. */
export function bestOf(reports: readonly Report[], sign: number): number {
  let best = NaN;
  for (const report of reports) {
    const value = reportValue(report);
    if (!Number.isNaN(value) && !(sign * best <= sign * value)) best = value;
  }
  return best;
}

/** Judgements fall on warmup, warmup + interval ...; where nothing was reported at one of these steps, on the first report after it. */
export function isFirstInInterval(step: number, reports: readonly Report[], warmup: number, interval: number): boolean {
  const judged = Math.floor((step - warmup) / interval) * interval + warmup;
  let before = -1;
  for (const report of reports) if (report.step !== step && report.step > before) before = report.step;
  return before < judged;
}
