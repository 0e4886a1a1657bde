import type { Matrix } from '../lightgbm/matrix.js';

/**
 * One row per case group and label: the mean of its rows, missing values left out. Windows of one case overlap and share its
 * operating point, so a test that took each for an independent observation would find everything significant. With
 * `byLabel: false` (a label that is a number) one row per group, the label averaged too.
 */
export function onePerCase({ rows, groups }: { readonly rows: Matrix; readonly groups: readonly string[] }, byLabel: boolean): Matrix {
  const places = new Map<string, number>();
  const placeOf = Int32Array.from(groups, (group, row) => {
    const key = byLabel ? `${rows.labels[row]}/${group}` : group;
    return places.get(key) ?? places.set(key, places.size).size - 1;
  });
  const { columns } = rows;
  const sums = new Float64Array(places.size * columns);
  const counts = new Uint32Array(places.size * columns);
  const labels = new Float64Array(places.size);
  const sizes = new Uint32Array(places.size);
  for (let row = 0; row < rows.rows; row++) {
    const place = placeOf[row]!;
    labels[place]! += rows.labels[row]!;
    sizes[place]!++;
    for (let column = 0; column < columns; column++) {
      const value = rows.values[row * columns + column]!;
      if (Number.isNaN(value)) continue;
      sums[place * columns + column]! += value;
      counts[place * columns + column]!++;
    }
  }
  return {
    rows: places.size, columns,
    // 0 / 0 is NaN: a feature that is missing in all rows stays missing.
    values: Float32Array.from(sums, (sum, i) => sum / counts[i]!),
    labels: Float32Array.from(labels, (sum, place) => sum / sizes[place]!),
  };
}
