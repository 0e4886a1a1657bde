const epsilon = Number.EPSILON;
const tiny = 1e-300;

// Lanczos coefficients for g = 7, n = 9 (Godfrey); relative error below 1e-14.
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** Natural logarithm of the gamma function for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const base = shifted + 7.5;
  const sum = lanczos.reduce((total, coefficient, i) => (i === 0 ? coefficient : total + coefficient / (shifted + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** Regularised lower incomplete gamma function P(shape, x): the gamma distribution's cumulative probability at scale 1. */
export function gammaCdf(x: number, shape: number): number {
  if (x <= 0) return 0;
  return x < shape + 1 ? lowerSeries(x, shape) : 1 - upperFraction(x, shape);
}

/** 1 - `gammaCdf`, without losing small values. */
export function gammaSurvival(x: number, shape: number): number {
  if (x <= 0) return 1;
  return x < shape + 1 ? 1 - lowerSeries(x, shape) : upperFraction(x, shape);
}

function lowerSeries(x: number, shape: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; term > sum * epsilon && n < 100_000; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum * Math.exp(shape * Math.log(x) - x - logGamma(shape));
}

/** Continued fraction by Lentz's method. */
function upperFraction(x: number, shape: number): number {
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let i = 1; i < 100_000; i++) {
    const a = i * (shape - i);
    b += 2;
    d = a * d + b;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = b + a / c;
    if (Math.abs(c) < tiny) c = tiny;
    const factor = d * c;
    value *= factor;
    if (Math.abs(factor - 1) < epsilon) break;
  }
  return value * Math.exp(shape * Math.log(x) - x - logGamma(shape));
}

/** The x at which `gammaCdf(x, shape)` is `probability`, 0 <= probability < 1. */
export function gammaQuantile(probability: number, shape: number): number {
  if (!(probability >= 0 && probability < 1)) throw new RangeError(`the probability ${probability} is not in [0, 1)`);
  if (!(shape > 0)) throw new RangeError(`the shape ${shape} is not above 0`);
  if (probability === 0) return 0;
  let low = 0;
  let high = shape + 1;
  while (gammaCdf(high, shape) < probability) high *= 2;
  // Newton's steps inside a bracket that every step narrows: as fast as Newton's, as sure as bisection.
  let x = (low + high) / 2;
  for (let step = 0; step < 200; step++) {
    const excess = gammaCdf(x, shape) - probability;
    if (excess > 0) high = x;
    else low = x;
    const density = Math.exp((shape - 1) * Math.log(x) - x - logGamma(shape));
    const newton = x - excess / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 4 * epsilon * x) return next;
    x = next;
  }
  return x;
}

export function chiSquareCdf(x: number, degrees: number): number {
  return gammaCdf(x / 2, degrees / 2);
}

/** Probability of a value above x. */
export function chiSquareSurvival(x: number, degrees: number): number {
  return gammaSurvival(x / 2, degrees / 2);
}

export function chiSquareQuantile(probability: number, degrees: number): number {
  return 2 * gammaQuantile(probability, degrees / 2);
}

/** Probability that a standard normal value is at most x. */
export function normalCdf(x: number): number {
  const tail = gammaSurvival((x * x) / 2, 0.5) / 2;
  return x > 0 ? 1 - tail : tail;
}

/** The x at which `normalCdf(x)` is `probability`, 0 < probability < 1. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`the probability ${probability} is not in (0, 1)`);
  if (probability === 0.5) return 0;
  // Twice the tail beyond |x| is the chi-square tail beyond x squared.
  const tail = Math.min(probability, 1 - probability);
  return Math.sign(probability - 0.5) * normalTail(tail);
}

/** The x > 0 beyond which the standard normal tail is `tail`: Newton's steps on the tail's logarithm, from the asymptote. */
function normalTail(tail: number): number {
  let x = Math.sqrt(Math.max(0, -2 * Math.log(2 * tail)));
  for (let step = 0; step < 100; step++) {
    const probability = gammaSurvival((x * x) / 2, 0.5) / 2;
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const change = ((Math.log(probability) - Math.log(tail)) * probability) / density;
    x += change;
    if (Math.abs(change) <= 4 * epsilon * x) break;
  }
  return x;
}
