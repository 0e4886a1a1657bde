/** Texts of hundredths, made when first asked for: a chart has ten thousand coordinates, and those of the next chart are mostly the same. */
const texts = new Array<string | undefined>(150_000);

/**
 * An SVG path of straight lines through points, as d3-shape's `line` draws them with two decimals: y that is no number breaks
 * it, and a point alone is closed, so that round ends make a dot of it.
 */
export function pathThrough(x: ArrayLike<number>, y: ArrayLike<number>, scaleX: (value: number) => number, scaleY: (value: number) => number): string {
  let path = '';
  let run = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(y[i]!)) {
      path += `${run === 0 ? 'M' : 'L'}${hundredths(scaleX(x[i]!))},${hundredths(scaleY(y[i]!))}`;
      run++;
    } else {
      if (run === 1) path += 'Z';
      run = 0;
    }
  }
  return run === 1 ? `${path}Z` : path;
}

function hundredths(value: number): string {
  const n = Math.round(value * 100);
  return n >= 0 && n < texts.length ? (texts[n] ??= String(n / 100)) : String(n / 100);
}
