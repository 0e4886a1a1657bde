import { PenstockError } from '../errors/index.js';
import { gravity } from './elements.js';
import { frictionFactor } from './friction.js';
import { buildGrid, nearestNode } from './grid.js';
import { createSignal, type Signal } from './schedule.js';
import type { Grid, LineSystem, Schedule, SolveOptions } from './types.js';

/** An inlet or outlet, in heads (m) and volume flows (m3/s). */
export type End =
  | { readonly kind: 'head'; readonly head: Signal }
  | { readonly kind: 'flow'; readonly flow: Signal }
  | { readonly kind: 'pump'; readonly suction: number; readonly speed: Signal; readonly shutoffHead: number; readonly curvature: number }
  | { readonly kind: 'valve'; readonly outside: number; readonly opening: Signal; readonly area: number };

/** Something at an interior node. `area` is Cd A fully open, m2. */
export type Device =
  | { readonly kind: 'leak'; readonly node: number; readonly outside: number; readonly area: number; readonly opening: Signal; readonly schedule: Schedule }
  | { readonly kind: 'valve'; readonly node: number; readonly area: number; readonly opening: Signal; readonly schedule: Schedule };

/**
 * A line made ready for the time loop: coefficients per cell, signals. Heads are piezometric heads of the fluid that fills the line at
 * the start. Where a batch of another density has come, a cell carries `ratio` times the inertia and friction and a `lift`.
 */
export interface Model {
  readonly grid: Grid;
  readonly steps: number;
  /** kg/m3, of the fluid at the start. */
  readonly density: number;
  /** b = a / (g A) per cell, s/m2, for the fluid at the start. */
  readonly impedance: Float64Array;
  /** r = half the friction of a cell, f dx / (4 g D A^2), s2/m5. Filled by `setFriction`. */
  readonly halfFriction: Float64Array;
  /** Volume per cell, m3. */
  readonly volume: Float64Array;
  /** Head at which the fluid boils, per node. */
  readonly boilingHead: Float64Array;
  readonly inlet: End;
  readonly outlet: End;
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
  const volume = Float64Array.from(grid.pipeOfCell, (pipe) => area(system.pipes[pipe]!.diameter) * grid.pipes[pipe]!.cellLength);
  return {
    grid, steps, density: system.fluid.density, impedance, halfFriction: new Float64Array(grid.cells), volume, boilingHead,
    inlet: buildInlet(system, grid), outlet: buildOutlet(system, grid), devices: buildDevices(system, grid),
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

function buildInlet(system: LineSystem, grid: Grid): End {
  const { inlet, fluid } = system;
  const z = grid.elevation[0]!;
  if (inlet.kind !== 'pump') return buildPlainEnd(inlet, z, fluid.density, createSignal(inlet.schedule, grid.timeStep, 'inlet.schedule'));
  const { shutoffHead, curvature } = inlet.pump;
  if (!(shutoffHead > 0 && curvature >= 0)) throw new PenstockError('simulation/invalid', `found shut-off head ${shutoffHead} m and curvature ${curvature}; the first must be positive, the second not negative`, { key: 'inlet.pump' });
  return { kind: 'pump', suction: headOf(inlet.suctionPressure, z, fluid.density), speed: createSignal(inlet.speed, grid.timeStep, 'inlet.speed'), shutoffHead, curvature };
}

function buildOutlet(system: LineSystem, grid: Grid): End {
  const { outlet, fluid } = system;
  const z = grid.elevation[grid.cells]!;
  if (outlet.kind !== 'valve') return buildPlainEnd(outlet, z, fluid.density, createSignal(outlet.schedule, grid.timeStep, 'outlet.schedule'));
  return {
    kind: 'valve', outside: headOf(outlet.pressure, z, fluid.density), opening: createSignal(outlet.opening, grid.timeStep, 'outlet.opening'),
    area: outlet.valve.dischargeCoefficient * area(outlet.valve.diameter),
  };
}

function buildPlainEnd(end: { kind: 'pressure'; pressure: number } | { kind: 'flow'; massFlow: number }, z: number, density: number, signal: Signal): End {
  if (end.kind === 'flow') return { kind: 'flow', flow: (k) => signal(k) * end.massFlow / density };
  return { kind: 'head', head: (k) => headOf(signal(k) * end.pressure, z, density) };
}

function buildDevices(system: LineSystem, grid: Grid): Device[] {
  const devices: Device[] = [];
  for (const [i, leak] of (system.leaks ?? []).entries()) {
    const key = `leaks.${i}`;
    if (!(leak.diameter >= 0)) throw new PenstockError('simulation/invalid', `found a leak diameter of ${leak.diameter} m; it must not be negative`, { key });
    const node = interiorNode(grid, leak.position, `${key}.position`);
    devices.push({
      kind: 'leak', node, outside: headOf(leak.backPressure, grid.elevation[node]!, system.fluid.density), area: leak.dischargeCoefficient * area(leak.diameter),
      opening: createSignal(leak.opening, grid.timeStep, `${key}.opening`), schedule: leak.opening,
    });
  }
  for (const [i, inline] of (system.valves ?? []).entries()) {
    const node = interiorNode(grid, inline.position, `valves.${i}.position`);
    const opening = createSignal(inline.opening, grid.timeStep, `valves.${i}.opening`);
    devices.push({ kind: 'valve', node, area: inline.valve.dischargeCoefficient * area(inline.valve.diameter), opening, schedule: inline.opening });
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
