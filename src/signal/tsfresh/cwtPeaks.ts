import { quantileOf } from './series.js';

/** A ridge: a maximum followed from wide wavelets to narrow ones. */
interface Ridge {
  readonly rows: number[];
  readonly columns: number[];
  gap: number;
}

/**
 * The peaks that SciPy's find_peaks_cwt finds with Ricker wavelets of widths 1 .. most and its defaults (after Du, Kibbe and Lin
 * 2006): ridges at least a quarter of the widths long whose height is at least the noise, the 10th percentile nearby.
 */
export function numberCwtPeaks(x: Float64Array, most: number): number {
  const transforms = Array.from({ length: most }, (_, i) => rickerTransform(x, i + 1));
  const least = Math.ceil(most / 4);
  return ridges(transforms).filter(({ rows, columns }) => {
    if (rows.length < least) return false;
    // The end of the ridge at the narrowest width.
    const last = rows.indexOf(Math.min(...rows));
    return !(Math.abs(transforms[rows[last]!]![columns[last]!]! / localNoise(transforms[0]!, columns[last]!)) < 1);
  }).length;
}

/** Convolution with a Ricker wavelet of 10 widths (at most n points), as long as x. */
function rickerTransform(x: Float64Array, width: number): Float64Array {
  const n = x.length;
  const size = Math.min(10 * width, n);
  const factor = 2 / (Math.sqrt(3 * width) * Math.PI ** 0.25);
  const wavelet = Float64Array.from({ length: size }, (_, i) => {
    const square = ((i - (size - 1) / 2) / width) ** 2;
    return factor * (1 - square) * Math.exp(-square / 2);
  });
  const first = (size - 1) >> 1;
  return Float64Array.from({ length: n }, (_, row) => {
    const at = row + first;
    let sum = 0;
    for (let i = Math.max(0, at - n + 1); i < size && i <= at; i++) sum += wavelet[i]! * x[at - i]!;
    return sum;
  });
}

function maximaOf(row: Float64Array): number[] {
  const found: number[] = [];
  for (let i = 1; i < row.length - 1; i++) if (row[i]! > row[i - 1]! && row[i]! > row[i + 1]!) found.push(i);
  return found;
}

function ridges(transforms: readonly Float64Array[]): Ridge[] {
  const maxima = transforms.map(maximaOf);
  const start = maxima.findLastIndex((found) => found.length > 0);
  if (start < 0) return [];
  let open = maxima[start]!.map((column): Ridge => ({ rows: [start], columns: [column], gap: 0 }));
  const closed: Ridge[] = [];
  for (let row = start - 1; row >= 0; row--) {
    for (const ridge of open) ridge.gap++;
    const ends = open.map(({ columns }) => columns.at(-1)!);
    for (const column of maxima[row]!) {
      let closest = -1;
      for (let r = 0; r < ends.length; r++) if (closest < 0 || Math.abs(column - ends[r]!) < Math.abs(column - ends[closest]!)) closest = r;
      // A maximum may move by a quarter of the width.
      if (closest >= 0 && Math.abs(column - ends[closest]!) <= (row + 1) / 4) {
        open[closest]!.rows.push(row);
        open[closest]!.columns.push(column);
        open[closest]!.gap = 0;
      } else open.push({ rows: [row], columns: [column], gap: 0 });
    }
    closed.push(...open.filter(({ gap }) => gap > 1));
    open = open.filter(({ gap }) => gap <= 1);
  }
  return [...closed, ...open];
}

/** The 10th percentile of the rows around one. */
function localNoise(row: Float64Array, at: number): number {
  const size = Math.ceil(row.length / 20);
  const half = size >> 1;
  const near = row.slice(Math.max(0, at - half), Math.min(row.length, at + half + (size % 2)));
  for (let i = 1; i < near.length; i++) {
    const value = near[i]!;
    let j = i;
    for (; j > 0 && near[j - 1]! > value; j--) near[j] = near[j - 1]!;
    near[j] = value;
  }
  return quantileOf(near, 0.1);
}
