/** When to stop: after `rounds` rounds in which the metric did not get better by more than `minDelta`. */
export interface EarlyStopping {
  readonly rounds: number;
  /** Default 0: any improvement counts. */
  readonly minDelta?: number;
  /** Default: the first metric. */
  readonly metric?: string;
  /** Name of the validation set watched. Default: the first. */
  readonly valid?: string;
}

const higherIsBetter = /^(auc|auc_mu|average_precision|ndcg(@\d+)?|map(@\d+)?|r2)$/;

/** True for metrics of which more is better. */
export function isHigherBetter(metric: string): boolean {
  return higherIsBetter.test(metric);
}

/** Follows one metric. `add` takes each round's value in turn and says whether to stop now. */
export function watchMetric(metric: string, options: EarlyStopping): { add(value: number): boolean; readonly bestIteration: number } {
  const sign = isHigherBetter(metric) ? -1 : 1;
  const minDelta = options.minDelta ?? 0;
  let best = Infinity;
  let bestIteration = 0;
  let iteration = 0;
  return {
    add(value) {
      iteration++;
      const cost = sign * value;
      if (bestIteration === 0 || cost < best - minDelta) {
        best = cost;
        bestIteration = iteration;
      }
      return iteration - bestIteration >= options.rounds;
    },
    get bestIteration() {
      return bestIteration;
    },
  };
}
