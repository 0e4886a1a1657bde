import { lcg } from '../../src/numeric/index.js';

/** 200 rows with 60 positives; scores rounded to two digits, so that many are equal. */
export function goldenScores(): { labels: number[]; scores: number[] } {
  const u = lcg(400, 7);
  const labels = Array.from({ length: 200 }, (_, i) => (u[i]! < 0.3 ? 1 : 0));
  const scores = labels.map((label, i) => Number(Math.min(1, Math.max(0, 0.35 * label + 0.65 * u[200 + i]!)).toFixed(2)));
  return { labels, scores };
}
