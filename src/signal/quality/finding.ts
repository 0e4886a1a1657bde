export const qualityCodes = ['range', 'time-order', 'flat-line', 'gap', 'rate-of-change', 'mass-balance'] as const;

export type QualityCode = (typeof qualityCodes)[number];

/** What a check found in one column: how often, the time of the first in seconds, and what was seen there. */
export interface QualityFinding {
  readonly code: QualityCode;
  readonly column: string;
  readonly count: number;
  readonly first_s: number;
  readonly detail: string;
}

/** Counts what a check comes across; undefined where it came across nothing. */
export function countFindings(code: QualityCode, column: string): { add(time: number, detail: () => string): void; finding(): QualityFinding[] } {
  let count = 0, first_s = NaN, text = '';
  return {
    add(time, detail) {
      if (count++ > 0) return;
      first_s = time;
      text = detail();
    },
    finding: () => (count > 0 ? [{ code, column, count, first_s, detail: text }] : []),
  };
}
