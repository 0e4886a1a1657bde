/**
 * When a fall reaches a sensor, in rows from the window's first: where x first crosses halfway between the mean of the oldest
 * quarter and the mean of the newest one, straight between the two rows around it. NaN where the fall is less than eight times
 * the spread of the oldest quarter: halfway is then within the noise. Fronts smear on their way; halfway errs less than the foot.
 */
export function fallArrival(x: Float64Array, from: number, n: number): number {
  const quarter = n >> 2;
  let before = 0, after = 0;
  for (let i = 0; i < quarter; i++) {
    before += x[from + i]!;
    after += x[from + n - 1 - i]!;
  }
  before /= quarter;
  after /= quarter;
  let spread = 0;
  for (let i = 0; i < quarter; i++) spread += (x[from + i]! - before) ** 2;
  const fall = before - after;
  if (!(fall > 8 * Math.sqrt(spread / quarter) && fall > 1e-12 * Math.abs(before))) return NaN;
  const half = (before + after) / 2;
  for (let i = 1; i < n; i++) {
    const value = x[from + i]!;
    if (value > half) continue;
    const previous = x[from + i - 1]!;
    return previous > half ? i - 1 + (previous - half) / (previous - value) : i;
  }
  return NaN;
}

/**
 * Where a leak lies between two pressure sensors, in metres from the first: x = (L (c - v) + (c^2 - v^2) dt) / (2 c), from their
 * distance L in m, the wave speed c and the flow velocity v in m/s (towards the second sensor), and dt in s, the arrival at the
 * first minus that at the second. One row of resolution in dt is c step / 2 metres.
 */
export function waveLocation(distance: number, waveSpeed: number, arrivalDifference: number, flowVelocity = 0): number {
  return (distance * (waveSpeed - flowVelocity) + (waveSpeed ** 2 - flowVelocity ** 2) * arrivalDifference) / (2 * waveSpeed);
}
