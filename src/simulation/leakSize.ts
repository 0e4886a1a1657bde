import { PenstockError } from '../errors/index.js';
import { minimumLeak } from '../metrics/index.js';
import type { MinimumOptions } from './campaignTypes.js';
import { caseSystem } from './caseSystem.js';
import type { CaseSpec } from './caseTypes.js';
import { gravity } from './elements.js';
import { nearestNode } from './grid.js';
import { area, buildModel, type Model } from './model.js';
import { solveSteadyState, type LineState } from './steadyState.js';
import type { Grid } from './types.js';

/** The start of a case: what leaks are sized by. */
export interface StartState {
  readonly model: Model;
  readonly state: LineState;
  /** m3/s through the inlet. */
  readonly flow: number;
}

/** The steady state that a case starts from. */
export function startState(spec: CaseSpec): StartState {
  const system = caseSystem(spec);
  const model = buildModel(system, { durationSeconds: 1e-3, cellLength: spec.line.cellLength });
  const state = solveSteadyState(model, system);
  return { model, state, flow: state.flowDown[0]! };
}

/** The node at a fraction of the length, in m; never an end. */
export function leakPlace({ cells, position }: Grid, fraction: number): number {
  const node = nearestNode({ cells, position } as Grid, fraction * position[cells]!);
  return position[Math.min(cells - 1, Math.max(1, node))]!;
}

/** The diameter in m that lets out `fraction` of the flow at the initial pressure at a place. */
export function leakDiameter(spec: CaseSpec, { model, state, flow }: StartState, fraction: number): number {
  const { position, backPressure, dischargeCoefficient } = spec.leak;
  const { grid } = model;
  const node = nearestNode(grid, position);
  const drop = state.headUp[node]! - grid.elevation[node]! - backPressure / (model.density * gravity);
  if (!(drop > 0)) throw new PenstockError('simulation/invalid', `${spec.name}: the pressure at ${position} m is not above the back pressure of ${backPressure} Pa; no leak flows there`, { key: 'line' });
  const opened = fraction * flow / (dischargeCoefficient * Math.sqrt(2 * gravity * drop));
  return Number(Math.sqrt(4 * opened / Math.PI).toFixed(6));
}

/** The least detectable leak of a case by API 1149, as a fraction of its initial flow. */
export function minimumFraction(spec: CaseSpec, { flow }: StartState, options: Partial<MinimumOptions> = {}): number {
  const { seconds = 600, z = 1.96 } = options;
  const { flowBias, flowNoise, pressureNoise, pressureSpan, scanInterval } = spec.instruments;
  const readings = Math.max(1, seconds / Math.max(spec.sampling.interval, scanInterval));
  const meter = flow * (options.flowUncertainty ?? Math.sqrt(flowBias ** 2 + flowNoise ** 2 / readings));
  const linePack = options.linePackUncertainty ?? elasticVolume(spec) * pressureNoise * pressureSpan / Math.sqrt(spec.line.stations.length);
  return minimumLeak({ inlet: meter, outlet: meter, linePack }, seconds, z) / flow;
}

/** m3 that the line takes up per Pa: volume / (density a^2). */
function elasticVolume({ line }: CaseSpec): number {
  return line.pipes.reduce((sum, pipe) => sum + area(pipe.diameter) * pipe.length / (line.fluid.density * pipe.waveSpeed ** 2), 0);
}
