import { PenstockError } from '../errors/index.js';
import { gravity, orificeLoss } from './elements.js';
import { frictionFactor } from './friction.js';
import { buildGrid, nearestNode } from './grid.js';
import { sampleSchedule } from './schedule.js';
import type { Grid, LineSystem, SolveOptions } from './types.js';

/** An inlet or outlet with its signal per step, in heads (m) and volume flows (m3/s). */
export type End =
  | { readonly kind: 'head'; readonly head: Float64Array }
  | { readonly kind: 'flow'; readonly flow: Float64Array }
  | { readonly kind: 'pump'; readonly suction: number; readonly shutoff: Float64Array; readonly curvature: number }
  | { readonly kind: 'valve'; readonly outside: number; readonly loss: Float64Array };

/** Something at an interior node, with its signal per step. */
export type Device =
  | { readonly kind: 'leak'; readonly node: number; readonly outside: number; readonly area: Float64Array; readonly opening: Float64Array }
  | { readonly kind: 'valve'; readonly node: number; readonly loss: Float64Array; readonly opening: Float64Array };

/** A line made ready for the time loop: coefficients per cell, signals per step. */
export interface Model {
  readonly grid: Grid;
  readonly steps: number;
  /** kg/m3 */
  readonly density: number;
  /** b = a / (g A) per cell, s/m2. */
  readonly impedance: Float64Array;
  /** r = half the friction of a cell, f dx / (4 g D A^2), s2/m5. Filled by `setFriction`. */
  readonly halfFriction: Float64Array;
  /** Head at which the fluid boils, per node. */
  readonly boilingHead: Float64Array;
  readonly inlet: End;
  readonly outlet: End;
  readonly inletSignal: Float64Array;
  readonly outletSignal: Float64Array;
  /** In the order of `system.leaks` and then `system.valves`. */
  readonly devices: readonly Device[];
}

/** Checks a line and turns it into coefficients and signals. */
export function buildModel(system: LineSystem, options: SolveOptions): Model {
  checkFluid(system, options);
  const grid = buildGrid(system.pipes, options.cellLength, system.startElevation);
  const steps = Math.max(1, Math.ceil(options.durationSeconds / grid.timeStep - 1e-9));
  const impedance = new Float64Array(grid.cells);
  for (let i = 0; i < grid.cells; i++) {
    const pipe = grid.pipeOfCell[i]!;
    impedance[i] = grid.pipes[pipe]!.waveSpeed / (gravity * area(system.pipes[pipe]!.diameter));
  }
  const boilingHead = grid.elevation.map((z) => z + system.fluid.vapourPressure / (system.fluid.density * gravity));
  const inlet = buildInlet(system, grid, steps);
  const outlet = buildOutlet(system, grid, steps);
  return {
    grid, steps, density: system.fluid.density, impedance, halfFriction: new Float64Array(grid.cells), boilingHead,
    inlet: inlet.end, inletSignal: inlet.signal, outlet: outlet.end, outletSignal: outlet.signal,
    devices: buildDevices(system, grid, steps),
  };
}

/** Sets the friction of every cell for a given initial flow (m3/s); only pipes with a roughness depend on it. */
export function setFriction(model: Model, system: LineSystem, flow: number): void {
  const factors = system.pipes.map((pipe) => {
    if ('factor' in pipe.friction) return pipe.friction.factor;
    const reynolds = system.fluid.density * Math.abs(flow) * pipe.diameter / (area(pipe.diameter) * system.fluid.viscosity!);
    return frictionFactor(reynolds, pipe.friction.roughness / pipe.diameter);
  });
  const { grid } = model;
  for (let i = 0; i < grid.cells; i++) {
    const p = grid.pipeOfCell[i]!, diameter = system.pipes[p]!.diameter;
    model.halfFriction[i] = factors[p]! * grid.pipes[p]!.cellLength / (4 * gravity * diameter * area(diameter) ** 2);
  }
}

/** Cross-section in m2 of a diameter in m. */
export function area(diameter: number): number {
  return Math.PI * diameter * diameter / 4;
}

interface BuiltEnd {
  readonly end: End;
  readonly signal: Float64Array;
}

function buildInlet(system: LineSystem, grid: Grid, steps: number): BuiltEnd {
  const { inlet, fluid } = system;
  const z = grid.elevation[0]!;
  if (inlet.kind === 'pump') {
    const signal = sampleSchedule(inlet.speed, grid.timeStep, steps, 'inlet.speed');
    const { shutoffHead, curvature } = inlet.pump;
    if (!(shutoffHead > 0 && curvature >= 0)) throw new PenstockError('simulation/invalid', `found shut-off head ${shutoffHead} m and curvature ${curvature}; the first must be positive, the second not negative`, { key: 'inlet.pump' });
    return { signal, end: { kind: 'pump', suction: headOf(inlet.suctionPressure, z, fluid.density), shutoff: signal.map((s) => shutoffHead * s * s), curvature } };
  }
  return buildPlainEnd(inlet, z, fluid.density, sampleSchedule(inlet.schedule, grid.timeStep, steps, 'inlet.schedule'));
}

function buildOutlet(system: LineSystem, grid: Grid, steps: number): BuiltEnd {
  const { outlet, fluid } = system;
  const z = grid.elevation[grid.cells]!;
  if (outlet.kind === 'valve') {
    const signal = sampleSchedule(outlet.opening, grid.timeStep, steps, 'outlet.opening');
    const full = outlet.valve.dischargeCoefficient * area(outlet.valve.diameter);
    return { signal, end: { kind: 'valve', outside: headOf(outlet.pressure, z, fluid.density), loss: signal.map((s) => orificeLoss(s * full)) } };
  }
  return buildPlainEnd(outlet, z, fluid.density, sampleSchedule(outlet.schedule, grid.timeStep, steps, 'outlet.schedule'));
}

function buildPlainEnd(end: { kind: 'pressure'; pressure: number } | { kind: 'flow'; massFlow: number }, z: number, density: number, signal: Float64Array): BuiltEnd {
  if (end.kind === 'flow') return { signal, end: { kind: 'flow', flow: signal.map((s) => s * end.massFlow / density) } };
  return { signal, end: { kind: 'head', head: signal.map((s) => headOf(s * end.pressure, z, density)) } };
}

function buildDevices(system: LineSystem, grid: Grid, steps: number): Device[] {
  const devices: Device[] = [];
  for (const [i, leak] of (system.leaks ?? []).entries()) {
    const key = `leaks.${i}`;
    if (!(leak.diameter >= 0)) throw new PenstockError('simulation/invalid', `found a leak diameter of ${leak.diameter} m; it must not be negative`, { key });
    const node = interiorNode(grid, leak.position, `${key}.position`);
    const opening = sampleSchedule(leak.opening, grid.timeStep, steps, `${key}.opening`);
    const full = leak.dischargeCoefficient * area(leak.diameter);
    devices.push({ kind: 'leak', node, outside: headOf(leak.backPressure, grid.elevation[node]!, system.fluid.density), opening, area: opening.map((s) => s * full) });
  }
  for (const [i, inline] of (system.valves ?? []).entries()) {
    const node = interiorNode(grid, inline.position, `valves.${i}.position`);
    const opening = sampleSchedule(inline.opening, grid.timeStep, steps, `valves.${i}.opening`);
    const full = inline.valve.dischargeCoefficient * area(inline.valve.diameter);
    devices.push({ kind: 'valve', node, opening, loss: opening.map((s) => orificeLoss(s * full)) });
  }
  const nodes = devices.map((device) => device.node);
  const twice = nodes.find((node, i) => nodes.indexOf(node) !== i);
  if (twice !== undefined) throw new PenstockError('simulation/invalid', `two leaks or valves fall on one node at ${grid.position[twice]} m; they must be at least one cell apart`, { key: 'leaks' });
  return devices;
}

function interiorNode(grid: Grid, position: number, key: string): number {
  if (grid.cells < 2) throw new PenstockError('simulation/invalid', 'the line has one cell and so no interior node; choose a smaller cell length', { key });
  return Math.min(grid.cells - 1, Math.max(1, nearestNode(grid, position, key)));
}

/** Piezometric head of a pressure (Pa absolute) at an elevation. */
export function headOf(pressure: number, elevation: number, density: number): number {
  return elevation + pressure / (density * gravity);
}

function checkFluid(system: LineSystem, options: SolveOptions): void {
  const { density, vapourPressure, viscosity } = system.fluid;
  if (!(density > 0 && vapourPressure >= 0)) throw new PenstockError('simulation/invalid', `found density ${density} kg/m3 and vapour pressure ${vapourPressure} Pa; the first must be positive, the second not negative`, { key: 'fluid' });
  if (!(options.durationSeconds > 0)) throw new PenstockError('simulation/invalid', `found ${options.durationSeconds} s; it must be positive`, { key: 'durationSeconds' });
  for (const pipe of system.pipes) {
    const key = `pipes.${pipe.label}.friction`;
    if ('factor' in pipe.friction) {
      if (!(pipe.friction.factor >= 0)) throw new PenstockError('simulation/invalid', `found friction factor ${pipe.friction.factor}; it must not be negative`, { key });
    } else if (!(pipe.friction.roughness >= 0 && viscosity !== undefined && viscosity > 0)) {
      throw new PenstockError('simulation/invalid', `found roughness ${pipe.friction.roughness} m and viscosity ${viscosity} Pa s; a roughness needs a positive viscosity of the fluid`, { key });
    }
  }
}
