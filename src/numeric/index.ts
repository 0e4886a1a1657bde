export { createRandom, lcg, type Random } from './random.js';
export { createFft, type Fft } from './fft.js';
export {
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareSurvival,
  gammaCdf,
  gammaQuantile,
  gammaSurvival,
  logGamma,
  normalCdf,
  normalQuantile,
} from './distributions.js';
export { coefficientsOf, leastSquares, type LeastSquares } from './leastSquares.js';
export { createShannon, type Shannon } from './shannon.js';
export { incompleteBeta, studentTwoSided } from './studentT.js';
export { rankValues, sortedOrder, type Ranked } from './ranking.js';
export { kendallTau, kolmogorovSmirnov, mannWhitney, type TestResult } from './rankTests.js';
export { fisherExact } from './fisherExact.js';
export { adjustForDiscoveries } from './falseDiscovery.js';
