import type { DetectionMap } from './types.js';

/** A larger leak that was found less often than a smaller one, by more than their intervals allow. */
export interface SizeReversal {
  /** Labels of the two rows. */
  readonly smaller: string;
  readonly larger: string;
  /** Seconds from onset; null: found at all. */
  readonly within: number | null;
  /** Least share of the smaller leaks that is likely, and the highest of the larger ones: the second is below the first. */
  readonly lowerOfSmaller: number;
  readonly upperOfLarger: number;
}

/**
 * Rows of a map by size that contradict that larger leaks are easier to find: the upper bound of a larger size lies below the lower bound of a
 * smaller one, in any column. Empty where none does; nothing is smoothed. Rows in ascending order of size.
 */
export function sizeReversals({ within, rows }: DetectionMap): SizeReversal[] {
  const columns = [...within.keys(), null];
  return rows.flatMap((smaller, i) => rows.slice(i + 1).flatMap((larger) => columns.flatMap((column): SizeReversal[] => {
    const [low, high] = column === null ? [smaller.recall, larger.recall] : [smaller.within[column]!, larger.within[column]!];
    if (high.upper >= low.lower) return [];
    return [{ smaller: smaller.label, larger: larger.label, within: column === null ? null : within[column]!, lowerOfSmaller: low.lower, upperOfLarger: high.upper }];
  })));
}
