import type { Random } from '../../numeric/index.js';
import { highestValue, stepOf, valueAt, valueCount, type Distribution, type ParameterValue } from '../searchSpace.js';

/** The value at a share 0 <= share < 1 of the distribution: equal shares for equal ranges (for equal ratios with `log`) or for each choice. */
export function valueAtShare(distribution: Distribution, share: number): ParameterValue {
  if (distribution.type === 'categorical') return distribution.choices[Math.min(Math.floor(share * distribution.choices.length), distribution.choices.length - 1)]!;
  const { low, high, log } = distribution;
  const step = stepOf(distribution);
  if (step === undefined) {
    const value = log ? Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low))) : low + share * (high - low);
    return Math.min(Math.max(value, low), high);
  }
  if (!log) return valueAt(distribution, Math.min(Math.floor(share * valueCount(distribution)), valueCount(distribution) - 1));
  const from = Math.log(low - 0.5), to = Math.log(high + 0.5);
  return Math.min(Math.max(Math.round(Math.exp(from + share * (to - from))), low), highestValue(distribution));
}

export function drawValue(distribution: Distribution, random: Random): ParameterValue {
  return valueAtShare(distribution, random.uniform());
}
