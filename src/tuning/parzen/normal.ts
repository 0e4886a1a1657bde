/**
 * The standard normal distribution and its pieces between two bounds, right far out in both tails and fast: the estimators ask for
 * some hundred thousand of these per suggestion.
 */

const { exp, log, log1p, sqrt, abs, min, max } = Math;
const inverseSqrtPi = 0.5641895835477562869;
export const logSqrtTwoPi = 0.5 * log(2 * Math.PI);

/** Complementary error function by the rational approximations of Cody (1969); relative error below 1e-15, growing to 1e-13 far out. */
export function erfc(x: number): number {
  const y = abs(x), s = y * y;
  if (y <= 0.46875) {
    const top = (((1.85777706184603153e-1 * s + 3.16112374387056560) * s + 1.13864154151050156e2) * s + 3.77485237685302021e2) * s + 3.20937758913846947e3;
    const bottom = (((s + 2.36012909523441209e1) * s + 2.44024637934444173e2) * s + 1.28261652607737228e3) * s + 2.84423683343917062e3;
    return 1 - (x * top) / bottom;
  }
  const tail = scaledTail(y) * exp(-s);
  return x > 0 ? tail : 2 - tail;
}

/** exp(y^2) erfc(y) for y > 0.46875. */
function scaledTail(y: number): number {
  if (y <= 4) {
    let top = 2.15311535474403846e-8 * y + 5.64188496988670089e-1;
    top = (top * y + 8.88314979438837594) * y + 6.61191906371416295e1;
    top = (top * y + 2.98635138197400131e2) * y + 8.81952221241769090e2;
    top = (top * y + 1.71204761263407058e3) * y + 2.05107837782607147e3;
    let bottom = y + 1.57449261107098347e1;
    bottom = (bottom * y + 1.17693950891312499e2) * y + 5.37181101862009858e2;
    bottom = (bottom * y + 1.62138957456669019e3) * y + 3.29079923573345963e3;
    bottom = (bottom * y + 4.36261909014324716e3) * y + 3.43936767414372164e3;
    return (top * y + 1.23033935479799725e3) / (bottom * y + 1.23033935480374942e3);
  }
  const s = 1 / (y * y);
  let top = 1.63153871373020978e-2 * s + 3.05326634961232344e-1;
  top = (top * s + 3.60344899949804439e-1) * s + 1.25781726111229246e-1;
  top = (top * s + 1.60837851487422766e-2) * s + 6.58749161529837803e-4;
  let bottom = s + 2.56852019228982242;
  bottom = (bottom * s + 1.87295284992346725) * s + 5.27905102951428412e-1;
  bottom = (bottom * s + 6.05183413124413191e-2) * s + 2.33520497626869185e-3;
  return (inverseSqrtPi - (s * top) / bottom) / y;
}

/** Probability below z. */
export function lowerTail(z: number): number {
  return 0.5 * erfc(-z * Math.SQRT1_2);
}

/** Probability between a <= b; keeps its digits where both lie in one tail, and where they lie close together. */
export function mass(a: number, b: number): number {
  const width = b - a, middle = 0.5 * (a + b), reach = middle * width;
  if (width < 0.02 && reach < 0.1 && reach > -0.1) {
    // The density's series about the middle: what is left out is below 1e-11 of it.
    const m = middle * middle, w = width * width;
    return width * exp(-0.5 * m - logSqrtTwoPi) * (1 + (w * (m - 1)) / 24 + (w * w * (m * (m - 6) + 3)) / 1920);
  }
  if (a > 0) return 0.5 * (erfc(a * Math.SQRT1_2) - erfc(b * Math.SQRT1_2));
  if (b < 0) return 0.5 * (erfc(-b * Math.SQRT1_2) - erfc(-a * Math.SQRT1_2));
  // What lies beyond 8.3 deviations is less than the last digit of 1.
  const below = a > -8.3 ? erfc(-a * Math.SQRT1_2) : 0, above = b < 8.3 ? erfc(b * Math.SQRT1_2) : 0;
  return 1 - 0.5 * (below + above);
}

/** log of the probability below z, for z of any size. */
export function logLowerTail(z: number): number {
  if (z > 5) return log1p(-lowerTail(-z));
  if (z > -5) return log(lowerTail(z));
  const y = -z * Math.SQRT1_2;
  return log(0.5 * scaledTail(y)) - y * y;
}

/** log of the probability between a <= b; a difference of logarithms where the probabilities themselves would vanish. */
export function logMass(a: number, b: number): number {
  if (a > 30) return logMass(-b, -a);
  if (b >= -30) return log(mass(a, b));
  const upper = logLowerTail(b);
  return upper + log1p(-exp(logLowerTail(a) - upper));
}

/** The z between a and b below which a share `q` of the probability between them lies. */
export function truncatedQuantile(q: number, a: number, b: number): number {
  if (q <= 0) return a;
  if (q >= 1) return b;
  // Work from the left, where probabilities are small numbers with all their digits.
  if (a >= 0) return -truncatedQuantile(1 - q, -b, -a);
  const low = logLowerTail(a);
  const part = log(q) + logMass(a, b);
  const larger = max(low, part);
  return min(max(quantileOfLog(larger + log1p(exp(min(low, part) - larger))), a), b);
}

/** The z with `logLowerTail(z) === target`: Newton's steps on a concave function, from a close start. */
function quantileOfLog(target: number): number {
  if (target > -1e-300) return Infinity;
  let z = start(target);
  for (let step = 0; step < 40; step++) {
    const value = logLowerTail(z);
    // Density over probability: the slope of the logarithm.
    const slope = exp(-0.5 * z * z - logSqrtTwoPi - value);
    const change = (value - target) / slope;
    z -= change;
    if (!(abs(change) > 1e-14 * max(1, abs(z)))) break;
  }
  return z;
}

/** Acklam's rational approximation (relative error 1e-9), the asymptote in the far tail. */
function start(target: number): number {
  if (target < -36) {
    const square = -2 * target;
    return -sqrt(square - log(square * 2 * Math.PI));
  }
  const p = exp(target);
  if (p < 0.02425) return tailQuantile(sqrt(-2 * target));
  if (p > 0.97575) return -tailQuantile(sqrt(-2 * log(-Math.expm1(target))));
  const q = p - 0.5, r = q * q;
  const top = ((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.383577518672690e2) * r - 3.066479806649299e1) * r + 2.506628277459239;
  const bottom = ((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r - 1.328068155288572e1) * r + 1;
  return (top * q) / bottom;
}

function tailQuantile(q: number): number {
  const top = ((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783;
  const bottom = (((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
  return top / bottom;
}
