import { PenstockError } from '../errors/index.js';
import { flowAcross, gravity, leakHead, orificeFlow, orificeLoss, pumpFlow } from './elements.js';
import { createFronts } from './fronts.js';
import type { Model } from './model.js';
import { solveSteadyState } from './steadyState.js';
import type { Batch, LineSystem } from './types.js';

/** The line at one step. Flows in m3/s, heads in m of the fluid at the start; exact at ends, joints, devices and watched nodes. */
export interface LineView {
  headUp(node: number): number;
  flowUp(node: number): number;
  flowDown(node: number): number;
  /** Density at a node over that at the start. */
  ratioAt(node: number): number;
  /** Opening of each device now. */
  readonly openings: Float64Array;
  readonly inletRatio: number;
  readonly outletRatio: number;
  /** What left in this step beside outlet flow x `outletRatio` of the step before, in m3 x ratio: the rest of a batch that ended in it. */
  readonly leftBeside: number;
  /** kg in the line. */
  linepack(): number;
}

/**
 * Runs the time loop from the steady state and shows the line to `observe` at each step, step 0 included.
 *
 * Node i sends `fwd[i]` = H + Q (b - r |Q|) downstream and `bwd[i]` = H - Q (b - r |Q|) upstream; the next state of a node follows from
 * what its neighbours sent, so one sweep in place does a step. Between ends, joints, devices and watched nodes both cells of a node are
 * equal, and then H is simply the mean of what arrives. Where batches travel no two cells need be equal, and every node is done in full.
 */
export function runLine(model: Model, system: LineSystem, watched: readonly number[], observe: (k: number, view: LineView) => void): void {
  const { grid, steps, boilingHead } = model;
  const n = grid.cells;
  const { headUp, headDown, flowUp, flowDown } = solveSteadyState(model, system);
  const fronts = (system.batches ?? []).length > 0 ? createFronts(model, system.batches as readonly Batch[]) : undefined;
  const b = fronts?.impedance ?? model.impedance, r = fronts?.halfFriction ?? model.halfFriction, lift = fronts?.lift ?? new Float64Array(n);
  const full = Int32Array.from(fullNodes(model, watched, fronts !== undefined));
  const isFull = new Uint8Array(n + 1);
  for (const node of full) isFull[node] = 1;
  const deviceAt = new Int32Array(n + 1).fill(-1);
  model.devices.forEach((device, d) => { deviceAt[device.node] = d; });
  const openings = Float64Array.from(model.devices, (device) => device.opening(0));
  const fwd = new Float64Array(n + 1), bwd = new Float64Array(n + 1);

  const send = (i: number): void => {
    if (i < n) fwd[i] = headDown[i]! + flowDown[i]! * (b[i]! - r[i]! * Math.abs(flowDown[i]!)) - lift[i]!;
    if (i > 0) bwd[i] = headUp[i]! - flowUp[i]! * (b[i - 1]! - r[i - 1]! * Math.abs(flowUp[i]!)) + lift[i - 1]!;
  };
  for (let i = 0; i <= n; i++) send(i);

  const inlet = (k: number): void => {
    const end = model.inlet, c = bwd[1]!;
    let head = 0, flow = 0;
    if (end.kind === 'head') {
      head = end.head(k);
      flow = flowAcross(head - c, b[0]!, r[0]!);
    } else {
      if (end.kind === 'flow') flow = end.flow(k);
      else if (end.kind === 'pump') {
        const speed = end.speed(k), ratio = fronts?.inletRatio ?? 1;
        flow = pumpFlow(end.suction, ratio * end.shutoffHead * speed * speed, ratio * end.curvature, c, b[0]!, r[0]!);
      }
      head = c + flow * (b[0]! + r[0]! * Math.abs(flow));
    }
    headUp[0] = headDown[0] = head;
    flowUp[0] = flowDown[0] = flow;
  };
  const outlet = (k: number, c: number): void => {
    const end = model.outlet, bIn = b[n - 1]!, rIn = r[n - 1]!;
    let head = 0, flow = 0;
    if (end.kind === 'head') {
      head = end.head(k);
      flow = flowAcross(c - head, bIn, rIn);
    } else {
      if (end.kind === 'flow') flow = end.flow(k);
      else if (end.kind === 'valve') flow = acrossValve(c - end.outside, bIn, rIn, (fronts?.outletRatio ?? 1) * orificeLoss(end.opening(k) * end.area));
      head = c - flow * (bIn + rIn * Math.abs(flow));
    }
    headUp[n] = headDown[n] = head;
    flowUp[n] = flowDown[n] = flow;
  };
  const interior = (k: number, i: number, cUp: number, cDown: number): void => {
    const bUp = b[i - 1]!, rUp = r[i - 1]!, bDown = b[i]!, rDown = r[i]!;
    const d = deviceAt[i]!;
    const device = d < 0 ? undefined : model.devices[d]!;
    if (device) openings[d] = device.opening(k);
    if (device?.kind === 'valve') {
      const flow = acrossValve(cUp - cDown, bUp + bDown, rUp + rDown, (fronts?.ratioAt(i) ?? 1) * orificeLoss(openings[d]! * device.area));
      flowUp[i] = flowDown[i] = flow;
      headUp[i] = cUp - flow * (bUp + rUp * Math.abs(flow));
      headDown[i] = cDown + flow * (bDown + rDown * Math.abs(flow));
      return;
    }
    const flow = flowAcross(cUp - cDown, bUp + bDown, rUp + rDown);
    const tight = cUp - flow * (bUp + rUp * Math.abs(flow));
    headUp[i] = headDown[i] = tight;
    flowUp[i] = flowDown[i] = flow;
    if (device === undefined || openings[d]! * device.area === 0) return;
    // the loss of an orifice is k rho Q^2: a heavier fluid leaves more slowly
    const effective = openings[d]! * device.area / Math.sqrt(fronts?.ratioAt(i) ?? 1);
    const head = leakHead(tight, device.outside, effective, cUp, bUp, rUp, cDown, bDown, rDown);
    headUp[i] = headDown[i] = head;
    flowUp[i] = flowAcross(cUp - head, bUp, rUp);
    // by difference, so that the node keeps mass to the last bit
    flowDown[i] = flowUp[i] - orificeFlow(effective, head - device.outside);
  };

  const carried = new Float64Array(1);
  const weights = linepackWeights(model);
  let leftBeside = 0;
  const previousUp = new Float64Array(n + 1), previousDown = new Float64Array(n + 1);
  const meanFlow = (cell: number, part: number): number =>
    0.5 * ((1 - part) * (flowDown[cell]! + previousDown[cell]!) + part * (flowUp[cell + 1]! + previousUp[cell + 1]!));
  const headOfNode = (node: number): number => (isFull[node] === 1 ? headUp[node]! : 0.5 * (fwd[node]! + bwd[node]!));
  const view: LineView = {
    headUp: headOfNode, flowUp: (node) => flowUp[node]!, flowDown: (node) => flowDown[node]!, ratioAt: (node) => fronts?.ratioAt(node) ?? 1, openings,
    get inletRatio() { return fronts?.inletRatio ?? 1; },
    get outletRatio() { return fronts?.outletRatio ?? 1; },
    get leftBeside() { return leftBeside; },
    linepack: () => {
      let mass = 0;
      for (let i = 0; i < n; i++) {
        const start = isFull[i] === 1 ? headDown[i]! : 0.5 * (fwd[i]! + bwd[i]!), end = isFull[i + 1] === 1 ? headUp[i + 1]! : 0.5 * (fwd[i + 1]! + bwd[i + 1]!);
        mass += weights.perHead[i]! * (start + end) + weights.empty[i]! + model.density * model.volume[i]! * (fronts === undefined ? 1 : fronts.ratio[i]!);
      }
      return mass;
    },
  };

  refuseBoiling(model, 0, headOfNode, headDown, isFull, system.fluid.vapourPressure);
  observe(0, view);
  for (let k = 1; k <= steps; k++) {
    if (fronts) {
      previousUp.set(flowUp);
      previousDown.set(flowDown);
      // a batch is in the pump from its step on, so the first interval with its density begins there
      fronts.enter(k - 1);
    }
    let boiling = false;
    let carry = fwd[0]!;
    inlet(k);
    send(0);
    for (let j = 1; j < full.length; j++) {
      const from = full[j - 1]! + 1, to = full[j]!;
      if (from < to) {
        const lowest = sweepRun(fwd, bwd, boilingHead, from, to, carry, b[from]!, r[from]!, carried);
        carry = carried[0]!;
        if (lowest < 0) boiling = true;
      }
      const cUp = carry;
      carry = fwd[to]!;
      if (to === n) outlet(k, cUp);
      else interior(k, to, cUp, bwd[to + 1]!);
      send(to);
      if (headUp[to]! < boilingHead[to]! || headDown[to]! < boilingHead[to]!) boiling = true;
    }
    if (headUp[0]! < boilingHead[0]!) boiling = true;
    if (fronts) {
      leftBeside = fronts.move(meanFlow);
      for (let i = 0; i <= n; i++) send(i);
    }
    if (boiling) refuseBoiling(model, k, headOfNode, headDown, isFull, system.fluid.vapourPressure);
    observe(k, view);
  }
}

/**
 * One step of the equal nodes `from` to before `to`. `sent` is what node `from` - 1 sent before; what node `to` - 1 sent goes into
 * `carried`. Gives the least head above boiling, m.
 */
function sweepRun(
  fwd: Float64Array, bwd: Float64Array, boilingHead: Float64Array, from: number, to: number, sent: number, b: number, r: number, carried: Float64Array,
): number {
  const bTwice = 2 * b, bSquare = bTwice * bTwice, rEight = 8 * r;
  let lowest = Infinity, cUp = sent;
  for (let i = from; i < to; i++) {
    const cDown = bwd[i + 1]!, drop = cUp - cDown, head = 0.5 * (cUp + cDown);
    cUp = fwd[i]!;
    const flow = 2 * drop / (bTwice + Math.sqrt(bSquare + rEight * Math.abs(drop)));
    const pushed = flow * (b - r * Math.abs(flow));
    fwd[i] = head + pushed;
    bwd[i] = head - pushed;
    const above = head - boilingHead[i]!;
    if (above < lowest) lowest = above;
  }
  carried[0] = cUp;
  return lowest;
}

/** Ends, joints, devices and watched nodes, or all nodes; rising. */
function fullNodes(model: Model, watched: readonly number[], all: boolean): number[] {
  const { grid } = model;
  if (all) return Array.from({ length: grid.cells + 1 }, (_, i) => i);
  const nodes = new Set([0, grid.cells, ...watched, ...model.devices.map((device) => device.node)]);
  for (let i = 1; i < grid.cells; i++) if (grid.pipeOfCell[i] !== grid.pipeOfCell[i - 1]) nodes.add(i);
  return [...nodes].sort((x, y) => x - y);
}

/** A shut valve has infinite loss, and infinity over infinity is no number. */
function acrossValve(d: number, b: number, r: number, loss: number): number {
  return loss === Infinity ? 0 : flowAcross(d, b, r + loss);
}

/** Mass of a cell = A dx (rho + p / a^2), with p the mean of its two ends: its parts by head and the rest. */
function linepackWeights(model: Model): { perHead: Float64Array; empty: Float64Array } {
  const { grid, density, volume } = model;
  const perHead = new Float64Array(grid.cells), empty = new Float64Array(grid.cells);
  for (let i = 0; i < grid.cells; i++) {
    const { waveSpeed } = grid.pipes[grid.pipeOfCell[i]!]!;
    perHead[i] = 0.5 * density * volume[i]! * gravity / (waveSpeed * waveSpeed);
    empty[i] = -perHead[i]! * (grid.elevation[i]! + grid.elevation[i + 1]!);
  }
  return { perHead, empty };
}

function refuseBoiling(model: Model, k: number, headUp: (node: number) => number, headDown: Float64Array, isFull: Uint8Array, vapourPressure: number): void {
  const { grid, boilingHead, density } = model;
  for (let i = 0; i <= grid.cells; i++) {
    const head = Math.min(headUp(i), isFull[i] === 1 ? headDown[i]! : Infinity);
    if (head >= boilingHead[i]!) continue;
    const pressure = (head - grid.elevation[i]!) * density * gravity;
    throw new PenstockError('simulation/column-separation', `at ${(k * grid.timeStep).toFixed(3)} s the pressure at ${grid.position[i]!.toFixed(1)} m is ` +
      `${pressure.toFixed(0)} Pa, below the vapour pressure of ${vapourPressure} Pa; column separation is not modelled`, { key: 'fluid.vapourPressure' });
  }
}
