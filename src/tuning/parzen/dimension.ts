import { highestValue, stepOf, valueAt, type Distribution, type ParameterValue } from '../searchSpace.js';

/** Where a kernel estimate of one parameter lives: numbers on a line, or numbers 0 .. choices - 1 of choices. */
export type Dimension = LineDimension | ChoiceDimension;

export interface LineDimension {
  readonly kind: 'line';
  /** Bounds of the kernels: widened by half a step where there are steps, then the logarithm where the scale is logarithmic. */
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  /** Values have a bin around them, one step wide before the logarithm; undefined where they are dense. */
  readonly step: number | undefined;
  readonly distribution: Exclude<Distribution, { type: 'categorical' }>;
}

export interface ChoiceDimension {
  readonly kind: 'choice';
  readonly choices: readonly ParameterValue[];
}

export function dimensionOf(distribution: Distribution): Dimension {
  if (distribution.type === 'categorical') return { kind: 'choice', choices: distribution.choices };
  const step = stepOf(distribution);
  const half = (step ?? 0) / 2;
  const log = distribution.log ?? false;
  const low = distribution.low - half, high = highestValue(distribution) + half;
  return { kind: 'line', low: log ? Math.log(low) : low, high: log ? Math.log(high) : high, log, step, distribution };
}

/** A value as the number that kernels are centred on; NaN where the dimension has no such value. */
export function positionOf(dimension: Dimension, value: ParameterValue | undefined): number {
  if (dimension.kind === 'choice') {
    const index = value === undefined ? -1 : dimension.choices.indexOf(value);
    return index < 0 ? NaN : index;
  }
  if (typeof value !== 'number') return NaN;
  return dimension.log ? Math.log(value) : value;
}

/** The value nearest to a position. */
export function valueOf(dimension: Dimension, position: number): ParameterValue {
  if (dimension.kind === 'choice') return dimension.choices[position]!;
  const { distribution, step } = dimension;
  const value = dimension.log ? Math.exp(position) : position;
  if (step === undefined) return Math.min(Math.max(value, distribution.low), distribution.high);
  const last = Math.round((highestValue(distribution) - distribution.low) / step);
  return valueAt(distribution, Math.min(Math.max(Math.round((value - distribution.low) / step), 0), last));
}

/** The edges of the bin around the value at a position, on the scale of the kernels. */
export function binOf(dimension: LineDimension, position: number): readonly [number, number] {
  const half = dimension.step! / 2;
  if (!dimension.log) return [position - half, position + half];
  const value = Math.exp(position);
  return [Math.log(value - half), Math.log(value + half)];
}
