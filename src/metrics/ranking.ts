import { PenstockError } from '../errors/index.js';

/** At each distinct score, from the highest down: how many rows score at least that much, and how many of them are positive. */
export interface ThresholdCounts {
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  /** Rows with a score of at least the threshold. */
  readonly predicted: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Counts by distinct score, so that equal scores are one threshold.
 *
 * Throws `evaluation/invalid` for labels other than 0 and 1, scores that are not numbers, or differing lengths.
 */
export function thresholdCounts(labels: ArrayLike<number>, scores: ArrayLike<number>): ThresholdCounts {
  checkPairs(labels, scores);
  checkBinary(labels);
  // Sorting indices by value in a typed array needs a comparator; sorting the values and counting twice does not.
  const all = Float64Array.from(scores).sort();
  const hits = Float64Array.from(scores).filter((_, i) => labels[i] === 1).sort();
  const thresholds: number[] = [];
  const predicted: number[] = [];
  const truePositives: number[] = [];
  let hit = hits.length;
  for (let i = all.length; i > 0; ) {
    const threshold = all[i - 1]!;
    while (i > 0 && all[i - 1] === threshold) i--;
    while (hit > 0 && hits[hit - 1] === threshold) hit--;
    thresholds.push(threshold);
    predicted.push(all.length - i);
    truePositives.push(hits.length - hit);
  }
  return {
    thresholds: Float64Array.from(thresholds),
    truePositives: Float64Array.from(truePositives),
    predicted: Float64Array.from(predicted),
    positives: hits.length,
    negatives: all.length - hits.length,
  };
}

/** Two equally long lists of numbers, at least one each. */
export function checkPairs(first: ArrayLike<number>, second: ArrayLike<number>): void {
  if (first.length !== second.length) throw invalid(`there are ${first.length} labels and ${second.length} scores; as many of each are needed`);
  if (first.length === 0) throw invalid('there are no rows to measure');
  for (let i = 0; i < first.length; i++) {
    if (Number.isNaN(first[i]) || Number.isNaN(second[i])) throw invalid(`row ${i} is not a number (${first[i]}, ${second[i]})`);
  }
}

export function checkBinary(labels: ArrayLike<number>): void {
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) throw invalid(`the label in row ${i} is ${labels[i]}; 0 and 1 are allowed (labels come first, scores second)`);
  }
}

export function invalid(message: string): PenstockError {
  return new PenstockError('evaluation/invalid', message);
}
