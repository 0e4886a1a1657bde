import { PenstockError } from '../errors/index.js';
import { flowAcross, gravity, leakHead, orificeFlow, pumpFlow } from './elements.js';
import { nearestNode } from './grid.js';
import { area, buildModel, type Model } from './model.js';
import { emptyState, solveSteadyState, type LineState } from './steadyState.js';
import type { LeakTrace, LineRun, LineSystem, Probe, SolveOptions } from './types.js';

/**
 * Runs a line of single-phase liquid with constant density and wave speed from its steady state: method of characteristics
 * (Wylie and Streeter, Fluid Transients), Courant number exactly 1 in every pipe, trapezoidal friction, so every wave arrives
 * at its exact node and step and the mass balance closes to about 1e-7 of the throughput.
 * @throws PenstockError `simulation/invalid` for a line that makes no sense, `simulation/column-separation` with time and place
 * where the pressure falls below the vapour pressure.
 */
export function solveLine(system: LineSystem, options: SolveOptions): LineRun {
  const model = buildModel(system, options);
  let now = solveSteadyState(model, system);
  let next = emptyState(model.grid.cells + 1);
  const recorder = createRecorder(model, system, options);
  checkBoiling(model, now, 0, system.fluid.vapourPressure);
  recorder.record(now, 0);
  for (let k = 1; k <= model.steps; k++) {
    const boiling = stepNodes(model, now, next);
    stepInlet(model, now, next, k);
    stepOutlet(model, now, next, k);
    const disturbed = stepDevices(model, now, next, k);
    if (boiling || disturbed) checkBoiling(model, next, k, system.fluid.vapourPressure);
    recorder.record(next, k);
    const swap = now;
    now = next;
    next = swap;
  }
  return recorder.run;
}

/** Ordinary interior nodes, pipe joints among them. True where one of them (or an end, one step ago) is below its boiling head. */
function stepNodes(model: Model, now: LineState, next: LineState): boolean {
  const { impedance, halfFriction, boilingHead } = model;
  const { headUp, headDown, flowUp, flowDown } = now;
  const nextHeadUp = next.headUp, nextHeadDown = next.headDown, nextFlowUp = next.flowUp, nextFlowDown = next.flowDown;
  const last = model.grid.cells;
  let boiling = false;
  for (let i = 1; i < last; i++) {
    const fromUp = flowDown[i - 1]!, fromDown = flowUp[i + 1]!;
    const bUp = impedance[i - 1]!, rUp = halfFriction[i - 1]!, bDown = impedance[i]!, rDown = halfFriction[i]!;
    const cUp = headDown[i - 1]! + fromUp * (bUp - rUp * Math.abs(fromUp));
    const cDown = headUp[i + 1]! - fromDown * (bDown - rDown * Math.abs(fromDown));
    const flow = flowAcross(cUp - cDown, bUp + bDown, rUp + rDown);
    const head = cUp - flow * (bUp + rUp * Math.abs(flow));
    nextHeadUp[i] = nextHeadDown[i] = head;
    nextFlowUp[i] = nextFlowDown[i] = flow;
    if (head < boilingHead[i]!) boiling = true;
  }
  return boiling;
}

/** What arrives at node i from its upstream neighbour. */
function arrivingFromUp(model: Model, now: LineState, i: number): number {
  const flow = now.flowDown[i - 1]!;
  return now.headDown[i - 1]! + flow * (model.impedance[i - 1]! - model.halfFriction[i - 1]! * Math.abs(flow));
}

/** What arrives at node i from its downstream neighbour. */
function arrivingFromDown(model: Model, now: LineState, i: number): number {
  const flow = now.flowUp[i + 1]!;
  return now.headUp[i + 1]! - flow * (model.impedance[i]! - model.halfFriction[i]! * Math.abs(flow));
}

function stepInlet(model: Model, now: LineState, next: LineState, k: number): void {
  const { inlet } = model;
  const c = arrivingFromDown(model, now, 0), b = model.impedance[0]!, r = model.halfFriction[0]!;
  let head = 0, flow = 0;
  if (inlet.kind === 'head') {
    head = inlet.head[k]!;
    flow = flowAcross(head - c, b, r);
  } else {
    if (inlet.kind === 'flow') flow = inlet.flow[k]!;
    else if (inlet.kind === 'pump') flow = pumpFlow(inlet.suction, inlet.shutoff[k]!, inlet.curvature, c, b, r);
    head = c + flow * (b + r * Math.abs(flow));
  }
  next.headUp[0] = next.headDown[0] = head;
  next.flowUp[0] = next.flowDown[0] = flow;
}

function stepOutlet(model: Model, now: LineState, next: LineState, k: number): void {
  const { outlet } = model;
  const n = model.grid.cells;
  const c = arrivingFromUp(model, now, n), b = model.impedance[n - 1]!, r = model.halfFriction[n - 1]!;
  let head = 0, flow = 0;
  if (outlet.kind === 'head') {
    head = outlet.head[k]!;
    flow = flowAcross(c - head, b, r);
  } else {
    if (outlet.kind === 'flow') flow = outlet.flow[k]!;
    else if (outlet.kind === 'valve') flow = acrossValve(c - outlet.outside, b, r, outlet.loss[k]!);
    head = c - flow * (b + r * Math.abs(flow));
  }
  next.headUp[n] = next.headDown[n] = head;
  next.flowUp[n] = next.flowDown[n] = flow;
}

/** Leaks and in-line valves, over what `stepNodes` wrote there. True where one of them, or an end, is below its boiling head. */
function stepDevices(model: Model, now: LineState, next: LineState, k: number): boolean {
  const { impedance, halfFriction, boilingHead } = model;
  const n = model.grid.cells;
  let boiling = next.headUp[0]! < boilingHead[0]! || next.headUp[n]! < boilingHead[n]!;
  for (const device of model.devices) {
    const i = device.node;
    if (device.kind === 'leak' && device.area[k] === 0) continue;
    const cUp = arrivingFromUp(model, now, i), cDown = arrivingFromDown(model, now, i);
    const bUp = impedance[i - 1]!, rUp = halfFriction[i - 1]!, bDown = impedance[i]!, rDown = halfFriction[i]!;
    let lowest: number;
    if (device.kind === 'leak') {
      const effective = device.area[k]!;
      const head = leakHead(next.headUp[i]!, device.outside, effective, cUp, bUp, rUp, cDown, bDown, rDown);
      const up = flowAcross(cUp - head, bUp, rUp);
      lowest = head;
      next.headUp[i] = next.headDown[i] = head;
      next.flowUp[i] = up;
      // by difference, so that the node keeps mass to the last bit
      next.flowDown[i] = up - orificeFlow(effective, head - device.outside);
    } else {
      const flow = acrossValve(cUp - cDown, bUp + bDown, rUp + rDown, device.loss[k]!);
      next.flowUp[i] = next.flowDown[i] = flow;
      const before = cUp - flow * (bUp + rUp * Math.abs(flow)), after = cDown + flow * (bDown + rDown * Math.abs(flow));
      lowest = Math.min(before, after);
      next.headUp[i] = before;
      next.headDown[i] = after;
    }
    if (lowest < boilingHead[i]!) boiling = true;
  }
  return boiling;
}

/** A shut valve has infinite loss, and infinity over infinity is no number. */
function acrossValve(d: number, b: number, r: number, loss: number): number {
  return loss === Infinity ? 0 : flowAcross(d, b, r + loss);
}

function checkBoiling(model: Model, state: LineState, k: number, vapourPressure: number): void {
  const { grid, boilingHead, density } = model;
  for (let i = 0; i <= grid.cells; i++) {
    const head = Math.min(state.headUp[i]!, state.headDown[i]!);
    if (head >= boilingHead[i]!) continue;
    const pressure = (head - grid.elevation[i]!) * density * gravity;
    throw new PenstockError('simulation/column-separation', `at ${(k * grid.timeStep).toFixed(3)} s the pressure at ${grid.position[i]!.toFixed(1)} m is ` +
      `${pressure.toFixed(0)} Pa, below the vapour pressure of ${vapourPressure} Pa; column separation is not modelled`, { key: 'fluid.vapourPressure' });
  }
}

interface Recorder {
  readonly run: LineRun;
  record(state: LineState, k: number): void;
}

function createRecorder(model: Model, system: LineSystem, options: SolveOptions): Recorder {
  const { grid, steps, density, inletSignal, outletSignal } = model;
  const series = (): Float64Array => new Float64Array(steps + 1);
  const inflow = series(), outflow = series(), linepack = series();
  const probes: Probe[] = (options.probes ?? []).map((position, i) => {
    const node = nearestNode(grid, position, `probes.${i}`);
    return { position: grid.position[node]!, node, pressure: series(), flow: series() };
  });
  const leaks: LeakTrace[] = [];
  const valveSignals: Float64Array[] = [];
  for (const device of model.devices) {
    if (device.kind === 'valve') valveSignals.push(device.opening);
    else leaks.push({ position: grid.position[device.node]!, node: device.node, opening: device.opening, pressure: series(), flow: series() });
  }
  const toPressure = density * gravity;
  const { weights, empty } = linepackWeights(model, system);

  const record = (state: LineState, k: number): void => {
    const { headUp, headDown, flowUp, flowDown } = state;
    let mass = empty;
    for (let i = 0; i < grid.cells; i++) mass += weights[i]! * (headDown[i]! + headUp[i + 1]!);
    linepack[k] = mass;
    inflow[k] = density * flowDown[0]!;
    outflow[k] = density * flowUp[grid.cells]!;
    for (const probe of probes) {
      probe.pressure[k] = (headUp[probe.node]! - grid.elevation[probe.node]!) * toPressure;
      probe.flow[k] = density * flowDown[probe.node]!;
    }
    for (const leak of leaks) {
      leak.pressure[k] = (headUp[leak.node]! - grid.elevation[leak.node]!) * toPressure;
      leak.flow[k] = density * (flowUp[leak.node]! - flowDown[leak.node]!);
    }
  };
  return { record, run: { timeStep: grid.timeStep, steps, grid, probes, leaks, inletSignal, outletSignal, valveSignals, inflow, outflow, linepack } };
}

/** Mass of a cell = density A dx (1 + p / (density a^2)), with p the mean of its two ends. */
function linepackWeights(model: Model, system: LineSystem): { weights: Float64Array; empty: number } {
  const { grid, density } = model;
  const weights = new Float64Array(grid.cells);
  let empty = 0;
  for (let i = 0; i < grid.cells; i++) {
    const cut = grid.pipes[grid.pipeOfCell[i]!]!;
    const volume = area(system.pipes[grid.pipeOfCell[i]!]!.diameter) * cut.cellLength;
    weights[i] = 0.5 * density * volume * gravity / (cut.waveSpeed * cut.waveSpeed);
    empty += density * volume - weights[i]! * (grid.elevation[i]! + grid.elevation[i + 1]!);
  }
  return { weights, empty };
}
