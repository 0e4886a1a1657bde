import { gravity } from './elements.js';
import { nearestNode } from './grid.js';
import { buildModel } from './model.js';
import { runLine } from './runLine.js';
import { sampleSchedule } from './schedule.js';
import type { LeakTrace, LineRun, LineSystem, Probe, Schedule, SolveOptions } from './types.js';

/**
 * Runs a line of single-phase liquid with constant wave speed from its steady state: method of characteristics (Wylie and Streeter,
 * Fluid Transients), Courant number exactly 1 in every pipe, trapezoidal friction, so every wave arrives at its exact node and step
 * and the mass balance closes to about 1e-7 of the throughput. Density is constant within a batch.
 * Keeps every step; `simulateCase` keeps only the rows that are written.
 * @throws PenstockError `simulation/invalid` for a line that makes no sense, `simulation/column-separation` with time and place
 * where the pressure falls below the vapour pressure.
 */
export function solveLine(system: LineSystem, options: SolveOptions): LineRun {
  const model = buildModel(system, options);
  const { grid, steps, density } = model;
  const series = (): Float64Array => new Float64Array(steps + 1);
  const inflow = series(), outflow = series(), linepack = series();
  const signal = (schedule: Schedule | undefined): Float64Array => sampleSchedule(schedule, grid.timeStep, steps);
  const probes: Probe[] = (options.probes ?? []).map((position, i) => {
    const node = nearestNode(grid, position, `probes.${i}`);
    return { position: grid.position[node]!, node, pressure: series(), flow: series() };
  });
  const leaks: LeakTrace[] = [];
  const valveSignals: Float64Array[] = [];
  for (const device of model.devices) {
    if (device.kind === 'valve') valveSignals.push(signal(device.schedule));
    else leaks.push({ position: grid.position[device.node]!, node: device.node, opening: signal(device.schedule), pressure: series(), flow: series() });
  }
  runLine(model, system, probes.map((probe) => probe.node), (k, view) => {
    linepack[k] = view.linepack();
    inflow[k] = density * view.inletRatio * view.flowDown(0);
    outflow[k] = density * view.outletRatio * view.flowUp(grid.cells);
    for (const probe of probes) {
      probe.pressure[k] = (view.headUp(probe.node) - grid.elevation[probe.node]!) * density * gravity;
      probe.flow[k] = density * view.ratioAt(probe.node) * view.flowDown(probe.node);
    }
    for (const leak of leaks) {
      leak.pressure[k] = (view.headUp(leak.node) - grid.elevation[leak.node]!) * density * gravity;
      leak.flow[k] = density * view.ratioAt(leak.node) * (view.flowUp(leak.node) - view.flowDown(leak.node));
    }
  });
  const { inlet, outlet } = system;
  return {
    timeStep: grid.timeStep, steps, grid, probes, leaks, inflow, outflow, linepack, valveSignals,
    inletSignal: signal(inlet.kind === 'pump' ? inlet.speed : inlet.schedule), outletSignal: signal(outlet.kind === 'valve' ? outlet.opening : outlet.schedule),
  };
}
