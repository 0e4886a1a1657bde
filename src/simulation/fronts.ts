import { PenstockError } from '../errors/index.js';
import type { Model } from './model.js';
import type { Batch } from './types.js';

/**
 * Batches of other fluids on their way through the line: fronts that move with the flow and do not mix. Cell i holds `ratio[i]` times
 * the density of the fluid at the start, the mean over its volume; from that follow its inertia, its friction and its lift, the head
 * (m of the first fluid) by which it is heavier or lighter over its rise.
 */
export interface Fronts {
  readonly impedance: Float64Array;
  readonly halfFriction: Float64Array;
  readonly lift: Float64Array;
  readonly ratio: Float64Array;
  /** Density ratio of what stands in the pump. */
  inletRatio: number;
  /** Density ratio of what leaves. */
  outletRatio: number;
  /** Density ratio at a node. */
  ratioAt(node: number): number;
  /** Lets batches in that come at this step. */
  enter(k: number): void;
  /** Moves the fronts by one step; `flowBefore` and `flowAfter` give m3/s on both sides of a cell. Gives what left in m3 times ratio, beside `outletRatio`. */
  move(meanFlow: (cell: number, part: number) => number): number;
}

/** The fronts of the batches given; their times are snapped to steps. */
export function createFronts(model: Model, batches: readonly Batch[]): Fronts {
  const { grid, volume } = model;
  const { cells } = grid;
  const bounds = new Float64Array(cells + 1);
  for (let i = 0; i < cells; i++) bounds[i + 1] = bounds[i]! + volume[i]!;
  const total = bounds[cells]!;
  const entering = batches.map((batch, i) => ({ step: stepOf(batch, i, grid.timeStep), ratio: batch.density / model.density }));
  checkOrder(entering);
  // in the order of the line from the outlet on: the first entered is farthest; `behind` is the fluid on its inlet side
  const fronts: { at: number; behind: number; ahead: number }[] = [];
  let nextBatch = 0;
  const refresh = (cell: number): void => {
    const ratio = meanRatio(cell);
    self.ratio[cell] = ratio;
    self.impedance[cell] = ratio * model.impedance[cell]!;
    self.halfFriction[cell] = ratio * model.halfFriction[cell]!;
    self.lift[cell] = (ratio - 1) * (grid.elevation[cell + 1]! - grid.elevation[cell]!);
  };
  const meanRatio = (cell: number): number => {
    const low = bounds[cell]!, high = bounds[cell + 1]!;
    let sum = 0, upTo = high;
    for (const front of fronts) {
      if (front.at >= upTo) continue;
      const from = Math.max(low, front.at);
      sum += (upTo - from) * front.ahead;
      upTo = from;
      if (upTo <= low) break;
    }
    return (sum + (upTo - low) * self.inletRatio) / (high - low);
  };
  const cellOf = (at: number): number => {
    let low = 0, high = cells;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (bounds[middle]! <= at) low = middle;
      else high = middle;
    }
    return low;
  };
  const self: Fronts = {
    impedance: model.impedance.slice(), halfFriction: model.halfFriction.slice(), lift: new Float64Array(cells), ratio: new Float64Array(cells).fill(1),
    inletRatio: 1, outletRatio: 1,
    ratioAt: (node) => {
      const at = bounds[node]!;
      for (const front of fronts) if (front.at < at) return front.ahead;
      return self.inletRatio;
    },
    enter: (k) => {
      while (entering[nextBatch]?.step === k) {
        const { ratio } = entering[nextBatch]!;
        fronts.push({ at: 0, behind: ratio, ahead: self.inletRatio });
        self.inletRatio = ratio;
        nextBatch++;
      }
    },
    move: (meanFlow) => {
      let beside = 0;
      for (const front of fronts) {
        const cell = cellOf(front.at);
        const part = (front.at - bounds[cell]!) / volume[cell]!;
        front.at += grid.timeStep * meanFlow(cell, part);
        if (front.at < 0) throw new PenstockError('simulation/invalid', 'the flow turns round and would push a batch out of the inlet, which is not modelled', { key: 'batches' });
        refresh(cell);
        if (front.at < total) refresh(cellOf(front.at));
      }
      while (fronts.length > 0 && fronts[0]!.at >= total) {
        const left = fronts.shift()!;
        // the last of the step was already the next fluid
        beside += (left.at - total) * (left.behind - left.ahead);
        self.outletRatio = left.behind;
        refresh(cells - 1);
      }
      return beside;
    },
  };
  return self;
}

function stepOf(batch: Batch, i: number, timeStep: number): number {
  const key = `batches.${i}`;
  if (!(batch.density > 0)) throw new PenstockError('simulation/invalid', `found a batch of density ${batch.density} kg/m3; it must be positive`, { key });
  if (!(batch.time >= 0)) throw new PenstockError('simulation/invalid', `found a batch at ${batch.time} s; it must not come before the start`, { key });
  return Math.max(1, Math.round(batch.time / timeStep));
}

function checkOrder(entering: readonly { step: number }[]): void {
  for (let i = 1; i < entering.length; i++) {
    if (entering[i]!.step <= entering[i - 1]!.step) throw new PenstockError('simulation/invalid', 'batches must come one after the other, at least a step apart', { key: `batches.${i}` });
  }
}
