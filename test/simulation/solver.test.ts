import { describe, expect, test } from 'vitest';
import type { LineRun, LineSystem } from '../../src/simulation/index.js';
import { buildGrid } from '../../src/simulation/grid.js';
import { solveLine } from '../../src/simulation/solver.js';
import { area, density, diameter, gravity, move, pipe, reservoirLine, waveSpeed } from './lines.js';

/** (in - out - leak - change of linepack) / in, trapezoid over solver steps. */
function imbalance(run: LineRun): number {
  let input = 0, rest = 0;
  for (let k = 1; k <= run.steps; k++) {
    const inflow = 0.5 * run.timeStep * (run.inflow[k - 1]! + run.inflow[k]!);
    input += inflow;
    rest += inflow - 0.5 * run.timeStep * (run.outflow[k - 1]! + run.outflow[k]!);
    for (const leak of run.leaks) rest -= 0.5 * run.timeStep * (leak.flow[k - 1]! + leak.flow[k]!);
  }
  return Math.abs(rest - (run.linepack[run.steps]! - run.linepack[0]!)) / input;
}

const leakAt = (position: number, time: number, ramp: number, inches = 2) => ({
  position, diameter: 0.0254 * inches, dischargeCoefficient: 0.84, backPressure: 101325, opening: move(time, 1, ramp, 0),
});

describe('waves', () => {
  test('frictionless instant closure: the jump is rho a V and the reflections form the square wave', () => {
    const speed = 1.5;
    const run = solveLine(reservoirLine({
      pipes: [pipe({ friction: { factor: 0 } })],
      inlet: { kind: 'pressure', pressure: 4e6 },
      outlet: { kind: 'flow', massFlow: density * area * speed, schedule: move(5, 0, 0) },
    }), { durationSeconds: 240, cellLength: 100, probes: [0, 10000, 20000] });
    const jump = density * waveSpeed * speed;
    const [, middle, outlet] = run.probes;
    expect(run.timeStep).toBeCloseTo(0.1, 12);
    for (let k = 0; k <= run.steps; k++) {
      const since = k - 50;
      // pressure at the closed end alternates every 2 L / a = 400 steps; in the middle it is shifted by 100 steps and zero half of the time
      const atOutlet = since < 0 ? 0 : Math.floor(since / 400) % 2 === 0 ? 1 : -1;
      const phase = (since - 100) % 800;
      const atMiddle = since < 100 ? 0 : phase < 200 ? 1 : phase < 400 ? 0 : phase < 600 ? -1 : 0;
      expect(Math.abs(outlet!.pressure[k]! - 4e6 - atOutlet * jump)).toBeLessThan(1e-9 * jump);
      expect(Math.abs(middle!.pressure[k]! - 4e6 - atMiddle * jump)).toBeLessThan(1e-9 * jump);
    }
  });

  test('with friction the first step of the jump is within f dx V / (2 a D) of rho a V', () => {
    const run = solveLine(reservoirLine({ outlet: { kind: 'flow', massFlow: density * area * 1.5, schedule: move(5, 0, 0) } }),
      { durationSeconds: 10, cellLength: 100, probes: [20000] });
    const jump = run.probes[0]!.pressure[50]! - run.probes[0]!.pressure[49]!;
    const relative = Math.abs(jump / (density * waveSpeed * 1.5) - 1);
    expect(relative).toBeLessThanOrEqual(0.02 * 100 * 1.5 / (2 * waveSpeed * diameter) * 1.001);
    expect(relative).toBeGreaterThan(1e-5);
  });

  test('a leak wave arrives at each node in its exact step, over pipe joints too', () => {
    const run = solveLine(reservoirLine({
      pipes: [pipe({ length: 8000 }), pipe({ label: 'P-2', length: 6000, diameter: 0.4, rise: 40 }), pipe({ label: 'P-3', length: 6000, waveSpeed: 1200, rise: -20 })],
      leaks: [leakAt(2000, 20, 0)],
    }), { durationSeconds: 60, cellLength: 100, probes: [500, 2000, 2100, 9000, 20000] });
    const source = run.leaks[0]!.node;
    for (const probe of run.probes) {
      const arrival = 200 + Math.abs(probe.node - source);
      const before = probe.pressure[0]!;
      for (let k = 0; k < arrival; k++) expect(Math.abs(probe.pressure[k]! / before - 1)).toBeLessThan(1e-11);
      expect(before - probe.pressure[arrival]!).toBeGreaterThan(1000);
    }
  });
});

describe('steady state', () => {
  test('equals Darcy and Weisbach and does not drift', () => {
    const run = solveLine(reservoirLine({
      pipes: [pipe({ length: 8000, rise: 30 }), pipe({ label: 'P-2', length: 12000, diameter: 0.6, rise: -50, friction: { factor: 0.015 } })],
      inlet: { kind: 'pressure', pressure: 3e6 }, outlet: { kind: 'pressure', pressure: 2e6 },
    }), { durationSeconds: 600, cellLength: 100, probes: [0, 8000, 20000] });
    const a1 = area, a2 = Math.PI * 0.36 / 4;
    const loss = 0.02 * 8000 / (2 * gravity * 0.5 * a1 ** 2) + 0.015 * 12000 / (2 * gravity * 0.6 * a2 ** 2);
    const expected = density * Math.sqrt((1e6 / (density * gravity) + 20) / loss);
    for (const k of [0, 1, run.steps]) {
      expect(Math.abs(run.inflow[k]! / expected - 1)).toBeLessThan(1e-9);
      expect(Math.abs(run.outflow[k]! / expected - 1)).toBeLessThan(1e-9);
    }
    const flow = expected / density;
    const atJoint = 3e6 - density * gravity * (30 + 0.02 * 8000 * flow ** 2 / (2 * gravity * 0.5 * a1 ** 2));
    expect(Math.abs(run.probes[1]!.pressure[run.steps]! / atJoint - 1)).toBeLessThan(1e-9);
  });

  test('a pump and an outlet valve find the flow where curve, friction and orifice agree', () => {
    const valve = { diameter: 0.3, dischargeCoefficient: 0.84 };
    const run = solveLine(pumpLine(valve), { durationSeconds: 100, cellLength: 100, probes: [0, 20000] });
    const q = run.inflow[run.steps]! / density;
    const pumpHead = 320 * 0.9 ** 2 - 600 * q * q;
    expect(Math.abs((run.probes[0]!.pressure[0]! - 4e5) / (density * gravity) / pumpHead - 1)).toBeLessThan(1e-9);
    const orifice = 0.5 * 0.84 * Math.PI * 0.09 / 4 * Math.sqrt(2 * (run.probes[1]!.pressure[run.steps]! - 5e5) / density);
    expect(Math.abs(orifice / q - 1)).toBeLessThan(1e-9);
    expect(q).toBeGreaterThan(0.1);
  });

  test('friction from roughness satisfies Colebrook at the initial flow', () => {
    const run = solveLine(reservoirLine({
      fluid: { density, vapourPressure: 0, viscosity: 0.005 },
      pipes: [pipe({ friction: { roughness: 5e-5 } })],
      inlet: { kind: 'pressure', pressure: 3e6 }, outlet: { kind: 'pressure', pressure: 2e6 },
    }), { durationSeconds: 1, cellLength: 100 });
    const speed = run.inflow[0]! / density / area;
    const f = 1e6 / (density * speed ** 2 / 2 * 20000 / diameter);
    const reynolds = density * speed * diameter / 0.005;
    expect(1 / Math.sqrt(f)).toBeCloseTo(-2 * Math.log10(5e-5 / diameter / 3.7 + 2.51 / (reynolds * Math.sqrt(f))), 9);
  });
});

describe('mass balance at solver steps', () => {
  const closing = (ramp: number, time = 20): LineSystem => reservoirLine({ outlet: { kind: 'flow', massFlow: density * area * 1.5, schedule: move(time, 0, ramp) } });

  test('closes to 1e-6 with 10 s ramps, with and without a leak', () => {
    expect(imbalance(solveLine(closing(10), { durationSeconds: 300, cellLength: 100 }))).toBeLessThan(1e-6);
    const leaking = { ...closing(10), leaks: [leakAt(8000, 50, 10)] };
    expect(imbalance(solveLine(leaking, { durationSeconds: 300, cellLength: 100 }))).toBeLessThan(1e-6);
    expect(imbalance(solveLine(pumpTrip(), { durationSeconds: 300, cellLength: 100 }))).toBeLessThan(1e-6);
  });

  test('closes to 1e-4 after an instant closure, and at least 3 times better on twice the grid', () => {
    const [coarse, fine, finer] = [100, 50, 25].map((cellLength) => imbalance(solveLine(closing(0, 5), { durationSeconds: 60, cellLength })));
    expect(coarse).toBeGreaterThan(1e-6);
    expect(coarse).toBeLessThan(1e-4);
    expect(coarse! / fine!).toBeGreaterThan(3);
    expect(fine! / finer!).toBeGreaterThan(3);
  });
});

describe('devices', () => {
  test('a leak obeys the orifice equation at every step and is not negative', () => {
    const run = solveLine(reservoirLine({ leaks: [leakAt(8000, 20, 5)] }), { durationSeconds: 120, cellLength: 100 });
    const [leak] = run.leaks;
    const full = 0.84 * Math.PI * 0.0508 ** 2 / 4;
    for (let k = 0; k <= run.steps; k++) {
      const expected = leak!.opening[k]! * full * Math.sqrt(2 * density * (leak!.pressure[k]! - 101325));
      expect(Math.abs(leak!.flow[k]! - expected)).toBeLessThanOrEqual(1e-9 * expected);
    }
    expect(leak!.opening[225]).toBeCloseTo(0.5, 9);
    expect(leak!.flow[run.steps]).toBeGreaterThan(5);
  });

  test('a leak never draws in: outside pressure above the line pressure means no flow', () => {
    const run = solveLine(reservoirLine({ leaks: [{ ...leakAt(8000, 20, 1), backPressure: 9e6 }] }), { durationSeconds: 40, cellLength: 100 });
    expect(Math.max(...run.leaks[0]!.flow)).toBe(0);
    expect(Math.min(...run.leaks[0]!.flow)).toBe(0);
  });

  test('an in-line valve that shuts stops the flow on both sides and splits the pressure', () => {
    const valve = { diameter: 0.4, dischargeCoefficient: 0.84 };
    const run = solveLine(reservoirLine({
      outlet: { kind: 'pressure', pressure: 2e6 },
      valves: [{ label: 'V-MID', position: 10000, valve, opening: move(10, 0, 5) }],
    }), { durationSeconds: 40, cellLength: 100, probes: [10000, 9900, 10100] });
    const [middle, before, after] = run.probes;
    expect(middle!.flow[100]).toBeGreaterThan(100);
    expect(middle!.flow[151]).toBe(0);
    expect(before!.pressure[160]! - after!.pressure[160]!).toBeGreaterThan(1e6);
    expect(imbalance(run)).toBeLessThan(1e-6);
  });

  test('a pump trip stops the pump, its check valve lets nothing back, and it starts again', () => {
    const run = solveLine(pumpTrip(), { durationSeconds: 400, cellLength: 100 });
    expect(run.inletSignal[Math.round(60 / run.timeStep)]).toBe(0);
    expect(Math.min(...run.inflow)).toBe(0);
    expect(run.inflow[run.steps]!).toBeGreaterThan(0.9 * run.inflow[0]!);
  });
});

describe('refusals', () => {
  test('column separation, with time and place', () => {
    const line = reservoirLine({
      inlet: { kind: 'pressure', pressure: 4e6, schedule: move(5, 0.02, 1) },
      outlet: { kind: 'pressure', pressure: 2e6 }, fluid: { density, vapourPressure: 5e4 },
      pipes: [pipe({ length: 5000, rise: 100 }), pipe({ label: 'P-2', length: 15000, rise: -100 })],
    });
    expect(() => solveLine(line, { durationSeconds: 60, cellLength: 100 })).toThrowError(
      expect.objectContaining({ code: 'simulation/column-separation', message: expect.stringMatching(/^at \d+\.\d+ s the pressure at \d+\.\d m is -?\d+ Pa/) }));
  });

  test('a flow at both ends, two leaks on one node, a place off the line', () => {
    const invalid = (line: LineSystem, probes: number[] = []) => () => solveLine(line, { durationSeconds: 1, cellLength: 100, probes });
    expect(invalid(reservoirLine({ inlet: { kind: 'flow', massFlow: 100 } }))).toThrowError(/both ends/);
    expect(invalid(reservoirLine({ leaks: [leakAt(2000, 1, 1), leakAt(2010, 1, 1)] }))).toThrowError(/one node at 2000 m/);
    expect(invalid(reservoirLine(), [20001])).toThrowError(/0 to 20000 m/);
  });
});

describe('grid', () => {
  test('every pipe gets Courant number 1 with wave speeds moved by at most 1 %', () => {
    const pipes = [pipe({ length: 3170 }), pipe({ length: 911, waveSpeed: 1130 }), pipe({ length: 7777, waveSpeed: 1040 })];
    const grid = buildGrid(pipes, 100);
    grid.pipes.forEach((cut, i) => {
      expect(cut.cellLength).toBeCloseTo(cut.waveSpeed * grid.timeStep, 9);
      expect(Math.abs(cut.waveSpeedChange)).toBeLessThanOrEqual(0.01);
      expect(cut.cells * cut.cellLength).toBeCloseTo(pipes[i]!.length, 9);
    });
    expect(grid.position[grid.cells]).toBeCloseTo(3170 + 911 + 7777, 9);
  });

  test('a pipe too short for any such step is refused by name', () => {
    expect(() => buildGrid([pipe(), pipe({ label: 'STUB', length: 3 })], 100)).toThrowError(/STUB/);
  });
});

function pumpLine(valve: { diameter: number; dischargeCoefficient: number }, speed = move(1000, 1, 10, 0.9)): LineSystem {
  return reservoirLine({
    inlet: { kind: 'pump', suctionPressure: 4e5, pump: { shutoffHead: 320, curvature: 600, maxSpeed: 3600 }, speed },
    outlet: { kind: 'valve', pressure: 5e5, valve, opening: move(1000, 1, 10, 0.5) },
  });
}

function pumpTrip(): LineSystem {
  const trip = { times: [0, 30, 100], setpoints: [0.9, 0, 0.9], openingTime: 60, closingTime: 30 };
  // downhill, so that no place empties while the pump stands
  return { ...pumpLine({ diameter: 0.3, dischargeCoefficient: 0.84 }, trip), pipes: [pipe({ rise: -200 })],
    outlet: { kind: 'valve', pressure: 2.4e6, valve: { diameter: 0.3, dischargeCoefficient: 0.84 }, opening: move(1000, 1, 10, 0.5) } };
}
