import type { Calibration } from './calibration.js';
import { checkScores } from './checkScores.js';

/**
 * Platt's sigmoid 1 / (1 + exp(a score + b)) with his softened targets (N+ + 1) / (N+ + 2) and 1 / (N- + 2), so that perfectly
 * separated scores do not give infinite slopes. Newton's method with halved steps (Lin, Lin and Weng 2007), to the minimum that
 * scikit-learn's sigmoid calibration approaches. Fit it on rows that the model has not learned from.
 *
 * Throws `learning/invalid-data` unless both classes are there.
 */
export function fitPlatt(scores: ArrayLike<number>, labels: ArrayLike<number>): Extract<Calibration, { kind: 'platt' }> {
  const { positives, negatives } = checkScores(scores, labels);
  // On a common scale, so that the step sizes below fit raw scores as well as probabilities.
  let scale = 0;
  for (let i = 0; i < scores.length; i++) scale = Math.max(scale, Math.abs(scores[i]!));
  scale ||= 1;
  const x = Float64Array.from(scores, (score) => score / scale);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  const { a, b } = minimise(x, Float64Array.from(labels, (label) => (label === 1 ? high : low)), Math.log((negatives + 1) / (positives + 1)));
  return { kind: 'platt', a: a / scale, b };
}

/** 1 / (1 + exp(z)), without overflow. */
export function sigmoid(z: number): number {
  if (z < 0) return 1 / (1 + Math.exp(z));
  const e = Math.exp(-z);
  return e / (1 + e);
}

const maxSteps = 100;
/** Keeps the matrix of second derivatives invertible where all scores are equal. */
const ridge = 1e-12;

function minimise(x: Float64Array, target: Float64Array, startB: number): { a: number; b: number } {
  let [a, b] = [0, startB];
  let loss = lossOf(x, target, a, b);
  for (let step = 0; step < maxSteps; step++) {
    let [g1, g2, h11, h22, h21] = [0, 0, ridge, ridge, 0];
    for (let i = 0; i < x.length; i++) {
      const p = sigmoid(a * x[i]! + b);
      const d = target[i]! - p;
      const w = p * (1 - p);
      g1 += x[i]! * d;
      g2 += d;
      h11 += x[i]! * x[i]! * w;
      h22 += w;
      h21 += x[i]! * w;
    }
    if (Math.abs(g1) < 1e-10 && Math.abs(g2) < 1e-10) break;
    const determinant = h11 * h22 - h21 * h21;
    const da = -(h22 * g1 - h21 * g2) / determinant;
    const db = -(h11 * g2 - h21 * g1) / determinant;
    const better = lineSearch(x, target, { a, b, da, db, loss, slope: g1 * da + g2 * db });
    if (!better) break;
    ({ a, b, loss } = better);
  }
  return { a, b };
}

interface Direction {
  readonly a: number;
  readonly b: number;
  readonly da: number;
  readonly db: number;
  readonly loss: number;
  readonly slope: number;
}

function lineSearch(x: Float64Array, target: Float64Array, { a, b, da, db, loss, slope }: Direction): { a: number; b: number; loss: number } | undefined {
  for (let size = 1; size >= 1e-10; size /= 2) {
    const next = { a: a + size * da, b: b + size * db };
    const nextLoss = lossOf(x, target, next.a, next.b);
    if (nextLoss < loss + 1e-4 * size * slope) return { ...next, loss: nextLoss };
  }
  return undefined;
}

/** Cross-entropy of the targets and the sigmoid. */
function lossOf(x: Float64Array, target: Float64Array, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const z = a * x[i]! + b;
    sum += z >= 0 ? target[i]! * z + Math.log1p(Math.exp(-z)) : (target[i]! - 1) * z + Math.log1p(Math.exp(z));
  }
  return sum;
}
