import { createFft, type Fft } from '../../numeric/fft.js';

/** What several calculators need of one series, each worked out when first asked for. */
export interface Series {
  readonly x: Float64Array;
  readonly n: number;
  readonly mean: number;
  /** Of the population. */
  readonly variance: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  readonly sorted: Float64Array;
  /** rfft(x), bins 0 .. floor(n / 2). */
  readonly spectrum: { readonly re: Float64Array; readonly im: Float64Array };
  /** Welch's density: Hann segments of at most 256 rows overlapping by half, each without its mean, one-sided, per unit frequency. */
  readonly density: Float64Array;
  readonly median: number;
  /** Seconds from row to row, 1 where not known. */
  readonly stepSeconds: number;
}

const transforms = new Map<number, Fft>();

function transformOf(n: number): Fft {
  let found = transforms.get(n);
  if (!found) {
    // A few lengths are in use at a time; more would only hold memory.
    if (transforms.size > 8) transforms.clear();
    transforms.set(n, (found = createFft(n)));
  }
  return found;
}

export function seriesOf(x: Float64Array, stepSeconds = 1): Series {
  const n = x.length;
  let sum = 0;
  let min = x[0]!;
  let max = min;
  for (const value of x) {
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const mean = sum / n;
  let squares = 0;
  for (const value of x) squares += (value - mean) ** 2;
  const variance = squares / n;
  return new LazySeries(x, stepSeconds, { n, mean, variance, std: Math.sqrt(variance), min, max });
}

/** State that is worked out once, when asked for. */
class LazySeries implements Series {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  #sorted: Float64Array | undefined;
  #spectrum: Series['spectrum'] | undefined;
  #density: Float64Array | undefined;

  constructor(readonly x: Float64Array, readonly stepSeconds: number, known: Pick<Series, 'n' | 'mean' | 'variance' | 'std' | 'min' | 'max'>) {
    ({ n: this.n, mean: this.mean, variance: this.variance, std: this.std, min: this.min, max: this.max } = known);
  }

  get sorted(): Float64Array {
    return (this.#sorted ??= this.x.slice().sort());
  }

  get median(): number {
    return quantileOf(this.sorted, 0.5);
  }

  get spectrum(): Series['spectrum'] {
    return (this.#spectrum ??= realTransform(this.x));
  }

  get density(): Float64Array {
    return (this.#density ??= welch(this.x));
  }
}

/** NumPy's default quantile of sorted values: linear between places. */
export function quantileOf(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1);
  const low = Math.floor(place);
  const part = place - low;
  const below = sorted[low]!;
  const above = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return part < 0.5 ? below + (above - below) * part : above - (above - below) * (1 - part);
}

function realTransform(x: Float64Array): { re: Float64Array; im: Float64Array } {
  const re = x.slice();
  const im = new Float64Array(x.length);
  transformOf(x.length).forward(re, im);
  const bins = (x.length >> 1) + 1;
  return { re: re.subarray(0, bins), im: im.subarray(0, bins) };
}

function welch(x: Float64Array): Float64Array {
  const m = Math.min(x.length, 256);
  const hop = m - (m >> 1);
  const hann = Float64Array.from({ length: m }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / m));
  const weight = hann.reduce((sum, w) => sum + w * w, 0);
  const bins = (m >> 1) + 1;
  const density = new Float64Array(bins);
  const re = new Float64Array(m);
  const im = new Float64Array(m);
  let segments = 0;
  for (let at = 0; at + m <= x.length; at += hop, segments++) {
    let mean = 0;
    for (let i = 0; i < m; i++) mean += x[at + i]!;
    mean /= m;
    for (let i = 0; i < m; i++) re[i] = hann[i]! * (x[at + i]! - mean);
    im.fill(0);
    transformOf(m).forward(re, im);
    for (let k = 0; k < bins; k++) density[k]! += re[k]! ** 2 + im[k]! ** 2;
  }
  for (let k = 0; k < bins; k++) {
    const once = k === 0 || (m % 2 === 0 && k === bins - 1);
    density[k]! *= (once ? 1 : 2) / (weight * segments);
  }
  return density;
}
