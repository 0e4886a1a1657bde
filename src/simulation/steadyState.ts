import { PenstockError } from '../errors/index.js';
import { orificeFlow, orificeLoss } from './elements.js';
import { setFriction, type Model } from './model.js';
import type { LineSystem } from './types.js';

/** Heads (m) and volume flows (m3/s) on both sides of every node: "up" faces the inlet, "down" the outlet. */
export interface LineState {
  readonly headUp: Float64Array;
  readonly headDown: Float64Array;
  readonly flowUp: Float64Array;
  readonly flowDown: Float64Array;
}

export function emptyState(nodes: number): LineState {
  return { headUp: new Float64Array(nodes), headDown: new Float64Array(nodes), flowUp: new Float64Array(nodes), flowDown: new Float64Array(nodes) };
}

/**
 * The steady state of the discrete equations at the signals of time 0: from an assumed inlet flow (or head) the line is marched
 * to its outlet, and the assumption is bisected to the last bit until the outlet agrees. Marching uses the same trapezoidal
 * friction as the time loop, so the start does not drift. Sets the friction of pipes that give a roughness.
 */
export function solveSteadyState(model: Model, system: LineSystem): LineState {
  const state = emptyState(model.grid.cells + 1);
  // friction from roughness depends on the flow it determines; the dependence is weak and converges in a few turns
  let flow = 0.1;
  const turns = system.pipes.some((pipe) => 'roughness' in pipe.friction) ? 60 : 1;
  for (let turn = 0; turn < turns; turn++) {
    setFriction(model, system, flow);
    settle(model, state);
    const next = state.flowDown[0]!;
    if (Math.abs(next - flow) <= 1e-13 * Math.abs(next)) break;
    flow = next;
  }
  return state;
}

function settle(model: Model, state: LineState): void {
  const { inlet, outlet } = model;
  if (inlet.kind === 'flow') {
    if (outlet.kind === 'flow') throw new PenstockError('simulation/invalid', 'found a flow at both ends; one end must be a pressure, a pump or a valve, or the pressure is undefined', { key: 'outlet' });
    const flow = inlet.flow(0);
    bisect((head) => -march(model, state, flow, head), 'head');
    return;
  }
  bisect((flow) => march(model, state, flow, inletHead(model, flow)), 'flow');
  if (inlet.kind === 'pump' && !(state.flowDown[0]! > 0)) {
    throw new PenstockError('simulation/invalid', `the pump cannot deliver at the start (flow ${state.flowDown[0]!.toPrecision(4)} m3/s); raise its speed or open the outlet`, { key: 'inlet' });
  }
}

function inletHead(model: Model, flow: number): number {
  const { inlet } = model;
  if (inlet.kind === 'head') return inlet.head(0);
  if (inlet.kind === 'pump') {
    const speed = inlet.speed(0);
    return inlet.suction + inlet.shutoffHead * speed * speed - inlet.curvature * flow * Math.abs(flow);
  }
  throw new PenstockError('internal', `an inlet of kind ${inlet.kind} has no head of its own`);
}

/** Fills the state from the inlet on; returns by how much the outlet is overfed: falls with the inlet flow, rises with the inlet head. */
function march(model: Model, state: LineState, inflow: number, inletHeadValue: number): number {
  const { grid, halfFriction, devices, outlet } = model;
  const { headUp, headDown, flowUp, flowDown } = state;
  let flow = inflow, head = inletHeadValue;
  headUp[0] = headDown[0] = head;
  flowUp[0] = flowDown[0] = flow;
  for (let i = 1; i <= grid.cells; i++) {
    head -= 2 * halfFriction[i - 1]! * flow * Math.abs(flow);
    headUp[i] = head;
    flowUp[i] = flow;
    for (const device of devices) {
      if (device.node !== i) continue;
      if (device.kind === 'leak') flow -= orificeFlow(device.opening(0) * device.area, head - device.outside);
      // a shut valve passes nothing; 0 x Infinity would be NaN
      else if (flow !== 0) head -= orificeLoss(device.opening(0) * device.area) * flow * Math.abs(flow);
    }
    headDown[i] = head;
    flowDown[i] = flow;
  }
  if (outlet.kind === 'flow') return outlet.flow(0) - flow;
  if (outlet.kind === 'head') return head - outlet.head(0);
  if (outlet.kind === 'valve') return head - outlet.outside - (flow === 0 ? 0 : orificeLoss(outlet.opening(0) * outlet.area) * flow * Math.abs(flow));
  throw new PenstockError('internal', 'a pump cannot be an outlet');
}

/** Finds the zero of a falling function to the last bit; leaves it evaluated there. */
function bisect(excess: (x: number) => number, what: string): void {
  let low = -1, high = 1;
  while (excess(high) > 0 && high < 1e9) high *= 4;
  while (excess(low) < 0 && low > -1e9) low *= 4;
  if (high >= 1e9 || low <= -1e9) throw new PenstockError('simulation/invalid', `no steady ${what} satisfies both ends of the line`, { key: 'inlet' });
  for (;;) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  // the side with the smaller remainder
  const left = Math.abs(excess(low)), right = Math.abs(excess(high));
  if (left < right) excess(low);
}
