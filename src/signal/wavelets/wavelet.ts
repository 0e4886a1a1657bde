import { PenstockError } from '../../errors/index.js';
import { taps } from './taps.js';

/** The four filters of an orthogonal wavelet, each of the same even length, as PyWavelets names and orders them. */
export interface WaveletFilter {
  readonly name: string;
  readonly decLo: Float64Array;
  readonly decHi: Float64Array;
  readonly recLo: Float64Array;
  readonly recHi: Float64Array;
}

/** Every name that `wavelet` knows: haar, db1 to db20, sym2 to sym8, coif1 to coif3. */
export const waveletNames: readonly string[] = ['haar', ...Object.keys(taps)];

/**
 * The filters of a wavelet by its PyWavelets name; `haar` is `db1`.
 * @throws PenstockError `signal/invalid` for an unknown name, listing those that are known.
 */
export function wavelet(name: string): WaveletFilter {
  const recLo = Object.hasOwn(taps, name) ? taps[name] : name === 'haar' ? taps['db1'] : undefined;
  if (!recLo) throw new PenstockError('signal/invalid', `wavelet "${name}" is not known; allowed: ${waveletNames.join(', ')}`, { key: 'wavelet' });
  const decLo = Float64Array.from(recLo).reverse();
  const recHi = decLo.map((tap, k) => (k % 2 === 0 ? tap : -tap));
  return { name, decLo, decHi: recHi.slice().reverse(), recLo: Float64Array.from(recLo), recHi };
}

/**
 * The deepest useful decomposition of `n` values: floor(log2(n / (F - 1))), F being the filter's length, and 0 where
 * n < F - 1. As `pywt.dwt_max_level`.
 */
export function maxLevel(n: number, name: string): number {
  const span = wavelet(name).decLo.length - 1;
  let level = 0;
  while (span * 2 ** (level + 1) <= n) level++;
  return level;
}
