import { averagePrecisionOf, rocAucOf, rocCurveOf, thresholdCounts, type ThresholdCounts } from '../metrics/index.js';

/** Labels and scores of all windows so far, in memory that does not grow with their number. */
export interface ScoreTally {
  add(scores: Float64Array, labels: Int32Array): void;
  summary(): TallySummary;
}

export interface TallySummary {
  readonly auc: number | null;
  readonly averagePrecision: number | null;
  /** At most `mostPoints` points of the ROC curve, ends included. */
  readonly roc: { readonly falsePositiveRate: readonly number[]; readonly truePositiveRate: readonly number[] };
  /** False where there were so many windows that scores were rounded to 12 binary digits, which moves an area by less than 0.001. */
  readonly exact: boolean;
}

/** 10 MB per tally; beyond it scores are counted in bins. */
const mostExact = 1 << 20;
const mostPoints = 400;

/** Counts scores of 0/1 labels. NaN must be left out by the caller. */
export function openTally(exactUpTo = mostExact): ScoreTally {
  let scores = new Float64Array(1024);
  let labels = new Int32Array(1024);
  let count = 0;
  let bins: Bins | undefined;
  return {
    add(more, truth) {
      if (!bins && count + more.length > exactUpTo) {
        bins = openBins();
        bins.add(scores.subarray(0, count), labels.subarray(0, count));
        [scores, labels] = [new Float64Array(0), new Int32Array(0)];
      }
      if (bins) return bins.add(more, truth);
      if (count + more.length > scores.length) {
        const size = Math.min(exactUpTo, Math.max(2 * scores.length, count + more.length));
        [scores, labels] = [grown(scores, new Float64Array(size)), grown(labels, new Int32Array(size))];
      }
      scores.set(more, count);
      labels.set(truth, count);
      count += more.length;
    },
    summary() {
      if (!bins && count === 0) return { auc: null, averagePrecision: null, roc: { falsePositiveRate: [], truePositiveRate: [] }, exact: true };
      const counts = bins ? bins.counts() : thresholdCounts(labels.subarray(0, count), scores.subarray(0, count));
      const both = counts.positives > 0 && counts.negatives > 0;
      return {
        auc: both ? rocAucOf(counts) : null,
        averagePrecision: counts.positives > 0 ? averagePrecisionOf(counts) : null,
        roc: both ? thinned(rocCurveOf(counts)) : { falsePositiveRate: [], truePositiveRate: [] },
        exact: !bins,
      };
    },
  };
}

function grown<T extends Float64Array | Int32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** Evenly along the curve's own length, so that steep and flat parts keep their shape. */
function thinned({ falsePositiveRate: x, truePositiveRate: y }: { falsePositiveRate: Float64Array; truePositiveRate: Float64Array }): TallySummary['roc'] {
  const kept = [0];
  let walked = 0;
  for (let i = 1; i < x.length; i++) {
    walked += x[i]! - x[i - 1]! + (y[i]! - y[i - 1]!);
    if (i === x.length - 1 || x.length <= mostPoints || walked >= 2 / (mostPoints - 2)) {
      kept.push(i);
      walked = 0;
    }
  }
  return { falsePositiveRate: kept.map((i) => x[i]!), truePositiveRate: kept.map((i) => y[i]!) };
}

interface Bins {
  add(scores: Float64Array, labels: Int32Array): void;
  counts(): ThresholdCounts;
}

/** Bits of a float32 that are dropped: 12 of 23 binary digits stay. */
const dropped = 11;
const half = 0x3f000000 >>> dropped;
const one = 0x3f800000 >>> dropped;
const infinite = 0x7f800000 >>> dropped;
/** Below 0; 0 to 1, as fine near 1 as near 0, because probabilities crowd at both ends; above 1. */
const zeroAt = infinite;
const oneAt = zeroAt + 2 * half;
const binCount = oneAt + (infinite - one) + 2;

function openBins(): Bins {
  const negatives = new Float64Array(binCount);
  const positives = new Float64Array(binCount);
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  const key = (value: number): number => {
    float[0] = value;
    return bits[0]! >>> dropped;
  };
  const binOf = (score: number): number => {
    if (score < 0) return zeroAt - key(-score) - 1;
    if (score < 0.5) return zeroAt + key(score);
    if (score <= 1) return oneAt - key(1 - score);
    return oneAt + 1 + (key(score) - one);
  };
  const highest = new Map<number, number>();
  return {
    add(scores, labels) {
      for (let i = 0; i < scores.length; i++) {
        const bin = Math.max(0, binOf(scores[i]!));
        (labels[i] === 1 ? positives : negatives)[bin]!++;
        if (!((highest.get(bin) ?? -Infinity) >= scores[i]!)) highest.set(bin, scores[i]!);
      }
    },
    counts() {
      const used = [...highest.keys()].sort((a, b) => b - a);
      const truePositives = new Float64Array(used.length);
      const predicted = new Float64Array(used.length);
      let hits = 0;
      let all = 0;
      used.forEach((bin, i) => {
        hits += positives[bin]!;
        all += positives[bin]! + negatives[bin]!;
        truePositives[i] = hits;
        predicted[i] = all;
      });
      return { thresholds: Float64Array.from(used, (bin) => highest.get(bin)!), truePositives, predicted, positives: hits, negatives: all - hits };
    },
  };
}
