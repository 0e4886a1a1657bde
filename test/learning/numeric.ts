import { readFileSync } from 'node:fs';

type Bins = [edges: number[], bins: number[]];
type Report = Record<string, { precision: number; recall: number; 'f1-score': number; support: number }>;

/** Values computed by scikit-learn 1.9.1 on closed-form inputs. */
export const scikitLearn = JSON.parse(readFileSync(new URL('../fixtures/scikit_learn_learning.json', import.meta.url), 'utf8')) as {
  isotonic: { x: number[]; y: number[]; at: number[]; value: number[]; seed: number[] };
  platt: { a: number; b: number; at: number[]; value: number[]; seed: [number, number]; large: [number, number] };
  scalers: Record<'x' | 'standard' | 'minmax' | 'robust', (number | null)[][]>;
  bins: { sizes: Record<string, Bins>; skewed: Record<string, Bins> & { values: number[] }; ties: Record<string, Bins> & { values: number[] } };
  kmeans: { sizes: [number[], number]; plane: [number[][], number]; skewed: [number[], number] };
  multiclass: Record<'ovr' | 'ovr_weighted' | 'ovo' | 'ovo_weighted' | 'log_loss', number> & Record<'report0' | 'report1', Report>;
  curve: { quantile5: [number[], number[]]; uniform5: [number[], number[]]; trapezoid: number };
};

/** Largest distance of two lists; Infinity where their lengths or missing values differ. */
export function distance(found: ArrayLike<number>, expected: ArrayLike<number | null>): number {
  if (found.length !== expected.length) return Infinity;
  let most = 0;
  for (let i = 0; i < found.length; i++) {
    const wanted = expected[i]!;
    if (wanted === null) most = Number.isNaN(found[i]!) ? most : Infinity;
    else if (!(Math.abs(found[i]! - wanted) <= most)) most = Number.isNaN(found[i]!) ? Infinity : Math.abs(found[i]! - wanted);
  }
  return most;
}
