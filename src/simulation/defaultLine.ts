import type { Line } from './caseTypes.js';
import type { Pipe } from './types.js';

/**
 * The line of simulated campaigns unless another is given: 20 km of 0.5 m pipe over two hills, light crude, five pressure stations,
 * flow meters at both ends and at the second and fourth station. Cells of 100 m, so a step of 0.1 s.
 */
export function defaultLine(): Line {
  return {
    name: 'LINE',
    fluid: { density: 850, vapourPressure: 2e4, viscosity: 0.005 },
    pipes: [pipe(1, 3000, 10), pipe(2, 5000, 45), pipe(3, 4000, -35), pipe(4, 4500, 30), pipe(5, 3500, -30)],
    startElevation: 0,
    cellLength: 100,
    stations: [
      { position: 0, flowMeter: true }, { position: 5000, flowMeter: true }, { position: 10000, flowMeter: false },
      { position: 15000, flowMeter: true }, { position: 20000, flowMeter: true },
    ],
    pump: { shutoffHead: 320, curvature: 600, maxSpeed: 3600 },
    outletValve: { diameter: 0.17, dischargeCoefficient: 0.84 },
  };
}

function pipe(number: number, length: number, rise: number): Pipe {
  return { label: `PIPE-${number}`, length, rise, diameter: 0.5, waveSpeed: 1000, friction: { roughness: 4.5e-5 } };
}
