import { createShannon } from '../../numeric/shannon.js';
import { powerEntropy } from '../statistics/entropy.js';
import { mean } from '../statistics/moments.js';
import { createSpectrum } from '../statistics/spectrum.js';
import type { FeatureDefinition, FeatureGroup, FeatureOptions } from './group.js';
import { squared } from './units.js';

/** Upper ends of the bands as shares of the highest frequency that the rows can hold. */
const edges = [1 / 8, 1 / 4, 1 / 2, 1];
const perSignal = 2 + edges.length;

/** Where a signal moves along the frequencies, from the periodogram of its window without the mean. */
export const spectral: FeatureGroup = {
  name: 'spectral',
  needsWavelets: false,
  definitions(signals, options) {
    const { step, frequency } = axis(options);
    const ends = lastBins(options.windowSize);
    return signals.flatMap(({ name, unit }): FeatureDefinition[] => {
      const define = (suffix: string, formula: string, of: string): FeatureDefinition =>
        ({ name: `${name}_${suffix}`, formula, unit: of, signal: name, group: 'spectral' });
      return [
        define('spectral_entropy', '-sum p log p, p = P[k] as shares, P[k] = |rfft(x - mean)[k]|^2, k from 1; 0 where x is constant', 'nat'),
        define('dominant_frequency', 'k / (n step) of the largest P[k]; NaN where x is constant', frequency),
        ...ends.map((end, b) => {
          const first = (ends[b - 1] ?? 0) + 1;
          const range = first > end ? 'no bin' : `k = ${first}..${end}, ${show(first, options.windowSize, step)} to ${show(end, options.windowSize, step)} ${frequency}`;
          return define(`spectral_energy_${b + 1}`, `2 / n^2 sum P[k] over ${range} (the last bin of an even n once); all together are the variance`, squared(unit));
        }),
      ];
    });
  },
  kernel(_signals, options) {
    const n = options.windowSize;
    const { step } = axis(options);
    const spectrum = createSpectrum(n);
    const shannon = createShannon(spectrum.bins);
    const ends = Int32Array.from(lastBins(n));
    return ({ columns, start, size }, out, offset) => {
      for (let s = 0; s < columns.length; s++) {
        const x = columns[s]!;
        const { power, bins } = spectrum;
        const total = spectrum.run(x, start, levelOf(x, start, size));
        if (Number.isNaN(total)) out.fill(NaN, offset, offset + perSignal);
        else {
          out[offset] = powerEntropy(power, bins, total, shannon);
          out[offset + 1] = total === 0 ? NaN : (largest(power, bins) + 1) / (n * step);
          for (let b = 0, k = 0; b < ends.length; b++) {
            let sum = 0;
            for (; k < ends[b]!; k++) sum += n % 2 === 0 && k === bins - 1 ? power[k]! / 2 : power[k]!;
            out[offset + 2 + b] = (2 * sum) / (n * n);
          }
        }
        offset += perSignal;
      }
    };
  },
};

/** Seconds per row where known, and the unit of frequencies. */
function axis({ stepSeconds }: FeatureOptions): { step: number; frequency: string } {
  return stepSeconds === undefined ? { step: 1, frequency: '1/row' } : { step: stepSeconds, frequency: 'Hz' };
}

function lastBins(n: number): number[] {
  const bins = n >> 1;
  return edges.map((share) => Math.floor(share * bins));
}

function show(bin: number, n: number, step: number): string {
  return String(Number((bin / (n * step)).toPrecision(4)));
}

/** The mean; the value itself where all are the same, so that a constant has no power from rounding. */
function levelOf(x: Float64Array, from: number, n: number): number {
  const first = x[from]!;
  for (let i = from + 1; i < from + n; i++) if (x[i] !== first) return mean(x, from, n);
  return first;
}

function largest(power: Float64Array, n: number): number {
  let best = 0;
  for (let k = 1; k < n; k++) if (power[k]! > power[best]!) best = k;
  return best;
}
