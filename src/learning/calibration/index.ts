export { applyCalibration, type Calibration } from './calibration.js';
export { fitIsotonic } from './isotonic.js';
export { fitPlatt } from './platt.js';
