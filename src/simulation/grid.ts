import { PenstockError } from '../errors/index.js';
import type { Grid, Pipe } from './types.js';

/** How far a wave speed may be moved so that a wave crosses one cell in one step. */
const allowedChange = 0.01;
/** How much finer than asked the cells may become in the search for such a step. */
const allowedRefinement = 8;

/**
 * Cuts the pipes into cells of Courant number 1. The step starts at what crosses `cellLength` in the first pipe and is shortened
 * until every pipe holds a whole number of cells with its wave speed moved by at most 1 %.
 * @throws PenstockError `simulation/invalid` where no step within an eighth of the wanted one does it.
 */
export function buildGrid(pipes: readonly Pipe[], cellLength: number, startElevation = 0): Grid {
  checkPipes(pipes, cellLength);
  const first = pipes[0]!;
  const fewest = Math.max(1, Math.round(first.length / cellLength));
  for (let n = fewest; n <= fewest * allowedRefinement; n++) {
    const step = first.length / (n * first.waveSpeed);
    const cells = pipes.map((pipe) => Math.max(1, Math.round(pipe.length / (pipe.waveSpeed * step))));
    const fits = pipes.every((pipe, i) => Math.abs(pipe.length / (cells[i]! * step) / pipe.waveSpeed - 1) <= allowedChange);
    if (fits) return layOut(pipes, cells, step, startElevation);
  }
  const shortest = pipes.reduce((a, b) => (b.length / b.waveSpeed < a.length / a.waveSpeed ? b : a));
  throw new PenstockError('simulation/invalid', `no step gives Courant number 1 with wave speeds moved by at most 1 % near cells of ${cellLength} m; ` +
    `the shortest pipe is ${shortest.label} (${shortest.length} m): choose cells of at most ${shortest.length} m or join short pipes`, { key: 'cellLength' });
}

/** Index of the node nearest to a place (m from the inlet). */
export function nearestNode(grid: Grid, position: number, key = 'position'): number {
  const { cells } = grid;
  const length = grid.position[cells]!;
  if (!(position >= 0 && position <= length)) {
    throw new PenstockError('simulation/invalid', `found ${position} m; the line runs from 0 to ${length} m`, { key });
  }
  let low = 0, high = cells;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (grid.position[middle]! <= position) low = middle;
    else high = middle;
  }
  return position - grid.position[low]! <= grid.position[high]! - position ? low : high;
}

function layOut(pipes: readonly Pipe[], counts: readonly number[], timeStep: number, startElevation: number): Grid {
  const cells = counts.reduce((a, b) => a + b, 0);
  const position = new Float64Array(cells + 1);
  const elevation = new Float64Array(cells + 1);
  const pipeOfCell = new Int32Array(cells);
  elevation[0] = startElevation;
  let node = 0, start = 0, height = startElevation;
  pipes.forEach((pipe, p) => {
    const count = counts[p]!;
    for (let i = 1; i <= count; i++) {
      pipeOfCell[node] = p;
      node++;
      position[node] = start + pipe.length * (i / count);
      elevation[node] = height + pipe.rise * (i / count);
    }
    start += pipe.length;
    height += pipe.rise;
  });
  return {
    timeStep, cells, position, elevation, pipeOfCell,
    pipes: pipes.map((pipe, p) => {
      const waveSpeed = pipe.length / (counts[p]! * timeStep);
      return { cells: counts[p]!, cellLength: pipe.length / counts[p]!, waveSpeed, waveSpeedChange: waveSpeed / pipe.waveSpeed - 1 };
    }),
  };
}

function checkPipes(pipes: readonly Pipe[], cellLength: number): void {
  if (pipes.length === 0) throw new PenstockError('simulation/invalid', 'found no pipe; a line needs at least one', { key: 'pipes' });
  if (!(cellLength > 0)) throw new PenstockError('simulation/invalid', `found ${cellLength} m; it must be positive`, { key: 'cellLength' });
  for (const pipe of pipes) {
    const key = `pipes.${pipe.label}`;
    if (!(pipe.length > 0 && pipe.diameter > 0 && pipe.waveSpeed > 0)) {
      throw new PenstockError('simulation/invalid', `found length ${pipe.length} m, diameter ${pipe.diameter} m, wave speed ${pipe.waveSpeed} m/s; all must be positive`, { key });
    }
    if (Math.abs(pipe.rise) > pipe.length) throw new PenstockError('simulation/invalid', `found a rise of ${pipe.rise} m over ${pipe.length} m of pipe; it cannot exceed the length`, { key });
  }
}
