/** A detector by its rates: alarms where there is a leak, and where there is none. */
export interface DetectorRates {
  readonly truePositive: number;
  readonly falsePositive: number;
}

/**
 * Probability of a leak from alarms of detectors that err independently of one another: posterior odds = prior odds times the product
 * of likelihood ratios. For detectors on the same sensors it overstates what they know; give those one stacked score instead.
 */
export function independentPosterior(prior: number, detectors: readonly DetectorRates[], alarms: readonly boolean[]): number {
  const odds = detectors.reduce((product, { truePositive, falsePositive }, i) =>
    product * (alarms[i] ? truePositive / falsePositive : (1 - truePositive) / (1 - falsePositive)), prior / (1 - prior));
  return odds / (1 + odds);
}

/** Belief of a source: that there is a leak, that there is none, and what it leaves open. They sum to 1. */
export interface Belief {
  readonly leak: number;
  readonly none: number;
  readonly unknown: number;
}

/** Dempster's rule: two independent sources put together, and the share of their evidence that contradicts itself. */
export function combineBeliefs(a: Belief, b: Belief): Belief & { readonly conflict: number } {
  const conflict = a.leak * b.none + a.none * b.leak;
  const rest = 1 - conflict;
  return {
    conflict,
    leak: (a.leak * (b.leak + b.unknown) + a.unknown * b.leak) / rest,
    none: (a.none * (b.none + b.unknown) + a.unknown * b.none) / rest,
    unknown: (a.unknown * b.unknown) / rest,
  };
}
