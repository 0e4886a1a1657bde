import { PenstockError } from '../../errors/index.js';

/** Scores and 0/1 labels of both classes: from one class alone no probability can be learned. */
export function checkScores(scores: ArrayLike<number>, labels: ArrayLike<number>): { positives: number; negatives: number } {
  if (scores.length !== labels.length) throw invalid(`there are ${scores.length} scores and ${labels.length} labels; as many of each are needed`);
  let positives = 0;
  for (let i = 0; i < labels.length; i++) {
    if (!Number.isFinite(scores[i])) throw invalid(`the score in row ${i} is ${scores[i]}; a finite number is needed (scores come first, labels second)`);
    if (labels[i] !== 0 && labels[i] !== 1) throw invalid(`the label in row ${i} is ${labels[i]}; 0 and 1 are allowed (scores come first, labels second)`);
    positives += labels[i]!;
  }
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) throw invalid(`${positives} of ${labels.length} rows are positive; a calibration needs rows of both classes`);
  return { positives, negatives };
}

function invalid(message: string): PenstockError {
  return new PenstockError('learning/invalid-data', message);
}
