import { readFileSync } from 'node:fs';

/** Numbers that the reference implementations gave. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/tuning/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** The largest difference; fails where the lengths differ. */
export function largestDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  if (found.length !== expected.length) throw new Error(`${found.length} values instead of ${expected.length}`);
  return Math.max(...expected.map((value, i) => Math.abs(found[i]! - value)));
}
