import { countFindings, type QualityFinding } from './finding.js';

/** Rows whose value lies outside least .. most, both included. Missing values are none. */
export function checkRange(name: string, values: Float64Array, time: Float64Array, [least, most]: readonly [number, number]): QualityFinding[] {
  const { add, finding } = countFindings('range', name);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value < least || value > most) add(time[row]!, () => `${value} is not in ${least} .. ${most}`);
  }
  return finding();
}

/** Stretches of one and the same value that last longer than so many seconds. */
export function checkFlatLine(name: string, values: Float64Array, time: Float64Array, seconds: number): QualityFinding[] {
  const { add, finding } = countFindings('flat-line', name);
  for (let start = 0; start < values.length;) {
    let end = start + 1;
    while (end < values.length && values[end] === values[start]) end++;
    const lasts = time[end - 1]! - time[start]!;
    const from = start;
    if (lasts > seconds) add(time[from]!, () => `${values[from]} for ${lasts} s`);
    start = end;
  }
  return finding();
}

/** Rows reached from the one before by a change above `perSecond`, up or down. Rows without a later time are left out. */
export function checkRate(name: string, values: Float64Array, time: Float64Array, perSecond: number): QualityFinding[] {
  const { add, finding } = countFindings('rate-of-change', name);
  for (let row = 1; row < values.length; row++) {
    const rate = (values[row]! - values[row - 1]!) / (time[row]! - time[row - 1]!);
    if (time[row]! > time[row - 1]! && Math.abs(rate) > perSecond) add(time[row]!, () => `${rate} per second`);
  }
  return finding();
}
