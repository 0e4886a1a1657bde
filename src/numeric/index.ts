export { createRandom, lcg, type Random } from './random.js';
export { createFft, type Fft } from './fft.js';
