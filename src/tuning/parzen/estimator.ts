import type { Random } from '../../numeric/index.js';
import { binOf, positionOf, valueOf, type Dimension, type LineDimension } from './dimension.js';
import { bandwidths, type BandwidthOptions } from './bandwidths.js';
import { logMass, logSqrtTwoPi, mass, truncatedQuantile } from './normal.js';

export interface EstimatorOptions extends BandwidthOptions {
  readonly priorWeight: number;
}

/** Of one line dimension: one normal per observation and, last, the prior's, all truncated to the bounds. */
export interface LineKernels {
  readonly mu: Float64Array;
  readonly sigma: Float64Array;
}

/**
 * A mixture of products: component k is the product of kernel k of every dimension; the last component is the prior. The joint
 * density of dense dimensions and probability of those with steps or choices, on the scale of the kernels (no Jacobian of the logarithm).
 */
export interface Estimator {
  readonly dimensions: readonly Dimension[];
  readonly components: number;
  /** Shares of the components; they add up to 1. */
  readonly weights: Float64Array;
  /** By dimension; undefined where it has choices. */
  readonly lines: readonly (LineKernels | undefined)[];
  /** By dimension: the number of the choice observed, by component (the prior's is not used). */
  readonly observed: readonly (Float64Array | undefined)[];
  readonly priorWeight: number;
}

/**
 * The estimate from observations: `positions[j][i]` is observation i in dimension j, in chronological order, which decides on the
 * weights. Without any observation only the prior is left.
 */
export function buildEstimator(dimensions: readonly Dimension[], positions: readonly Float64Array[], weights: Float64Array, options: EstimatorOptions): Estimator {
  const lines = dimensions.map((dimension, j) => (dimension.kind === 'line' ? lineKernels(dimension, positions[j]!, options) : undefined));
  return mixture(dimensions, positions, weights, lines, options.priorWeight);
}

/** The estimate from kernels already made. */
export function mixture(
  dimensions: readonly Dimension[], positions: readonly Float64Array[], weights: Float64Array, lines: readonly (LineKernels | undefined)[], priorWeight: number,
): Estimator {
  const components = weights.length + 1;
  const shares = new Float64Array(components);
  shares.set(weights);
  shares[components - 1] = components === 1 ? 1 : priorWeight;
  const sum = shares.reduce((total, share) => total + share, 0);
  const observed = dimensions.map((dimension, j) => (dimension.kind === 'choice' ? positions[j]! : undefined));
  return { dimensions, components, weights: shares.map((share) => share / sum), lines, observed, priorWeight };
}

function lineKernels({ low, high }: LineDimension, positions: Float64Array, options: BandwidthOptions): LineKernels {
  const n = positions.length;
  const mu = new Float64Array(n + 1);
  const sigma = new Float64Array(n + 1);
  mu.set(positions);
  sigma.set(bandwidths(positions, low, high, options));
  mu[n] = 0.5 * (low + high);
  sigma[n] = high - low;
  return { mu, sigma };
}

/** Probabilities of the choices in one component: observed ones get 1 more than the prior's share. */
export function choiceProbability(estimator: Estimator, dimension: number, component: number, choice: number): number {
  const { dimensions, components, observed, priorWeight } = estimator;
  const chosen = dimensions[dimension]!;
  const count = chosen.kind === 'choice' ? chosen.choices.length : 0;
  if (component === components - 1) return 1 / count;
  const share = priorWeight / components;
  return ((observed[dimension]![component] === choice ? 1 : 0) + share) / (1 + count * share);
}

/** Positions of `count` draws: `result[j][i]` is draw i in dimension j. */
export function sampleEstimator(estimator: Estimator, count: number, random: Random): Float64Array[] {
  const { dimensions, components, weights } = estimator;
  const result = dimensions.map(() => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    let rest = random.uniform();
    let component = 0;
    while (component < components - 1 && rest >= weights[component]!) rest -= weights[component++]!;
    dimensions.forEach((_, j) => {
      result[j]![i] = sampleKernel(estimator, j, component, random.uniform());
    });
  }
  return result;
}

function sampleKernel(estimator: Estimator, j: number, component: number, share: number): number {
  const dimension = estimator.dimensions[j]!;
  if (dimension.kind === 'choice') {
    let choice = 0;
    for (let rest = share; choice < dimension.choices.length - 1; choice++) {
      rest -= choiceProbability(estimator, j, component, choice);
      if (rest < 0) break;
    }
    return choice;
  }
  const { mu, sigma } = estimator.lines[j]!;
  const centre = mu[component]!, width = sigma[component]!;
  const position = centre + width * truncatedQuantile(share, (dimension.low - centre) / width, (dimension.high - centre) / width);
  // The position of the value that it stands for, so that densities are asked for where the value really is.
  return positionOf(dimension, valueOf(dimension, position));
}

/** Smaller terms than this share of the largest one, in log, change no digit of a sum of thousands of them. */
const negligible = 40;

/** log of the density (probability) at each of the points: `points[j][i]` is point i in dimension j. */
export function logDensity(estimator: Estimator, points: readonly Float64Array[]): Float64Array {
  const { dimensions, components, lines } = estimator;
  const dense: number[] = [], binned: number[] = [], chosen: number[] = [];
  dimensions.forEach((dimension, j) => (dimension.kind === 'choice' ? chosen : dimension.step === undefined ? dense : binned).push(j));
  const d = dense.length;
  // Component by component, so that the inner loop reads memory in one direction: (x - mu) / sigma = x * scale - shift.
  const scale = new Float64Array(components * d);
  const shift = new Float64Array(components * d);
  const constant = constants(estimator, [...dense, ...binned]);
  dense.forEach((j, e) => {
    const { mu, sigma } = lines[j]!;
    for (let k = 0; k < components; k++) {
      scale[k * d + e] = 1 / sigma[k]!;
      shift[k * d + e] = mu[k]! / sigma[k]!;
    }
  });
  const known = binned.map((j) => knownBins(dimensions[j] as LineDimension, lines[j]!));
  const count = points[0]?.length ?? 0;
  const result = new Float64Array(count);
  const terms = new Float64Array(components);
  const x = new Float64Array(d);
  for (let i = 0; i < count; i++) {
    for (let e = 0; e < d; e++) x[e] = points[dense[e]!]![i]!;
    const least = priorTerm(estimator, constant, points, i) - negligible;
    denseTerms(terms, constant, scale, shift, x, least);
    for (const j of chosen) addChoice(terms, estimator, j, points[j]![i]!);
    binned.forEach((j, e) => addBin(terms, lines[j]!, binOf(dimensions[j] as LineDimension, points[j]![i]!), points[j]![i]!, least, known[e]));
    result[i] = logSumExp(terms);
  }
  return result;
}

/** log of each component's weight over the normals' norms. */
function constants({ dimensions, components, weights, lines }: Estimator, names: readonly number[]): Float64Array {
  const constant = weights.map(Math.log);
  const product = new Float64Array(components).fill(1);
  for (const j of names) {
    const { low, high, step } = dimensions[j] as LineDimension;
    const { mu, sigma } = lines[j]!;
    // In units of the range, so that a product of dozens of them stays a number; one logarithm then does for all.
    const unit = step === undefined ? 1 / (high - low) : 0;
    for (let k = 0; k < components; k++) {
      const width = sigma[k]!;
      const norm = mass((low - mu[k]!) / width, (high - mu[k]!) / width);
      product[k]! *= unit === 0 ? norm : norm * width * unit;
    }
    if (unit !== 0) for (let k = 0; k < components; k++) constant[k]! -= logSqrtTwoPi - Math.log(unit);
  }
  for (let k = 0; k < components; k++) constant[k]! -= Math.log(product[k]!);
  return constant;
}

/** log of what the prior alone adds to the density: a bound below which terms do not count. */
function priorTerm({ dimensions, components, lines }: Estimator, constant: Float64Array, points: readonly Float64Array[], i: number): number {
  const last = components - 1;
  return dimensions.reduce((sum, dimension, j) => {
    const position = points[j]![i]!;
    if (dimension.kind === 'choice') return sum - Math.log(dimension.choices.length);
    const centre = lines[j]!.mu[last]!, width = lines[j]!.sigma[last]!;
    if (dimension.step === undefined) return sum - 0.5 * ((position - centre) / width) ** 2;
    const [from, to] = binOf(dimension, position);
    return sum + logMass((from - centre) / width, (to - centre) / width);
  }, constant[last]!);
}

/** Everything but the constant makes a term smaller, so one that has fallen below `least` is left out at once. */
function denseTerms(terms: Float64Array, constant: Float64Array, scale: Float64Array, shift: Float64Array, x: Float64Array, least: number): void {
  const d = x.length;
  for (let k = 0; k < terms.length; k++) {
    const from = k * d;
    let term = constant[k]!;
    for (let e = 0; e < d && term >= least; e++) {
      const z = x[e]! * scale[from + e]! - shift[from + e]!;
      term -= 0.5 * z * z;
    }
    terms[k] = term >= least ? term : -Infinity;
  }
}

function addChoice(terms: Float64Array, estimator: Estimator, j: number, choice: number): void {
  const observed = estimator.observed[j]!;
  const { choices } = estimator.dimensions[j] as Extract<Dimension, { kind: 'choice' }>;
  const share = estimator.priorWeight / estimator.components;
  const miss = Math.log(share / (1 + choices.length * share)), hit = Math.log((1 + share) / (1 + choices.length * share));
  const last = estimator.components - 1;
  for (let k = 0; k < last; k++) terms[k]! += observed[k] === choice ? hit : miss;
  terms[last]! -= Math.log(choices.length);
}

/** Probabilities only make terms smaller: those that fall below `least`, far below what the prior alone adds, are left out. */
function addBin(terms: Float64Array, { mu, sigma }: LineKernels, [from, to]: readonly [number, number], position: number, least: number, known: KnownBins | undefined): void {
  for (let k = 0; k < terms.length; k++) {
    const term = terms[k]!;
    if (term < least) continue;
    const scale = 1 / sigma[k]!, a = (from - mu[k]!) * scale, b = (to - mu[k]!) * scale;
    // A bin's probability is below exp(-z^2 / 2) of its nearer edge.
    const z = a > 0 ? a : b < 0 ? b : 0;
    if (term - 0.5 * z * z < least) terms[k] = -Infinity;
    else terms[k] = term + (known !== undefined && sigma[k] === known.sigma ? knownBin(known, position - mu[k]!, a, b) : logMass(a, b));
  }
}

/** Of whole numbers: logarithms of probabilities by the distance from the kernel's centre, for the width that most kernels have. */
interface KnownBins {
  readonly sigma: number;
  readonly reach: number;
  /** NaN where it has not been asked for. */
  readonly byDistance: Float64Array;
}

/** Distances beyond this are not kept: wide ranges have few bins that are asked for twice. */
const mostKnown = 4096;

/** After many trials most kernels are as narrow as is allowed. On a line of whole numbers all distances are exact, so nothing changes by keeping them. */
function knownBins({ log, step, low, high }: LineDimension, { sigma }: LineKernels): KnownBins | undefined {
  const reach = Math.ceil(high - low);
  if (log || step === undefined || !Number.isInteger(step) || !Number.isInteger(low + step / 2) || reach > mostKnown) return undefined;
  return { sigma: sigma.reduce((least, width) => (width < least ? width : least), Infinity), reach, byDistance: new Float64Array(2 * reach + 1).fill(NaN) };
}

function knownBin({ reach, byDistance }: KnownBins, distance: number, a: number, b: number): number {
  // The prior's centre may lie between two whole numbers.
  if (!Number.isInteger(distance)) return logMass(a, b);
  const at = distance + reach;
  let value = byDistance[at]!;
  if (Number.isNaN(value)) byDistance[at] = value = logMass(a, b);
  return value;
}

function logSumExp(terms: Float64Array): number {
  let largest = -Infinity;
  for (let k = 0; k < terms.length; k++) if (terms[k]! > largest) largest = terms[k]!;
  let sum = 0;
  for (let k = 0; k < terms.length; k++) {
    const below = terms[k]! - largest;
    if (below > -negligible) sum += Math.exp(below);
  }
  return largest + Math.log(sum);
}
