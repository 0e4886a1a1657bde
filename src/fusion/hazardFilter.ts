import { PenstockError } from '../errors/index.js';

/** A hidden state, leaking or not, that changes between updates with small probabilities. */
export interface HazardOptions {
  /** Probability that a leak begins between two updates. */
  readonly onsetHazard: number;
  /** Probability that a leak ends between two updates. Default 0. */
  readonly endHazard?: number;
  /** Probability of a leak before the first update. Default 1e-6. */
  readonly prior?: number;
}

/**
 * Probability of a leak after each update: the forecast p + (1 - p) onset - p end, then Bayes' rule with the update's likelihood
 * ratio (forward filter of a two-state hidden Markov model). `logRatios` are natural logarithms of p(scores | leak) / p(scores | healthy);
 * NaN, where no detector had a score, counts as no evidence. Works in log-odds, so that certainty is left again when evidence turns.
 */
export function hazardFilter(logRatios: Float64Array, options: HazardOptions): Float64Array {
  const { onsetHazard, endHazard = 0, prior = 1e-6 } = options;
  checkProbability('onset_hazard', onsetHazard);
  checkProbability('end_hazard', endHazard);
  checkProbability('prior', prior);
  const out = new Float64Array(logRatios.length);
  let leak = prior;
  let healthy = 1 - prior;
  for (let i = 0; i < logRatios.length; i++) {
    const forecastLeak = leak * (1 - endHazard) + healthy * onsetHazard;
    const forecastHealthy = healthy * (1 - onsetHazard) + leak * endHazard;
    const evidence = logRatios[i]!;
    const odds = Number.isNaN(evidence) ? forecastLeak / forecastHealthy : Math.exp(Math.log(forecastLeak) - Math.log(forecastHealthy) + evidence);
    // Kept as a pair: 1 - p would be 0 long before the odds are beyond return.
    leak = odds === Infinity ? 1 : odds / (1 + odds);
    healthy = 1 / (1 + odds);
    out[i] = leak;
  }
  return out;
}

function checkProbability(key: string, value: number): void {
  if (!(value >= 0 && value < 1)) throw new PenstockError('fusion/invalid', `found ${value}; a probability from 0 to below 1 is needed`, { key });
}
