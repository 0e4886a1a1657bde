import { describe, expect, test } from 'vitest';
import { defaultLine, designCampaign, simulateCase, solveLine, type CaseSpec, type LineSystem } from '../../src/simulation/index.js';
import { area, density, pipe, reservoirLine } from './lines.js';

/** Two hills, pump and valve: everything that depends on density. */
function hillyLine(changes: Partial<LineSystem> = {}): LineSystem {
  const still = (value: number) => ({ times: [0], setpoints: [value], openingTime: 0, closingTime: 0 });
  return reservoirLine({
    fluid: { density, vapourPressure: 0 },
    pipes: [pipe({ length: 1000, rise: 40 }), pipe({ label: 'P-2', length: 1500, rise: -60, diameter: 0.4 }), pipe({ label: 'P-3', length: 1000, rise: 10 })],
    inlet: { kind: 'pump', suctionPressure: 4e5, pump: { shutoffHead: 120, curvature: 600, maxSpeed: 3600 }, speed: still(0.9) },
    outlet: { kind: 'valve', pressure: 5e5, valve: { diameter: 0.3, dischargeCoefficient: 0.84 }, opening: still(0.5) },
    ...changes,
  });
}

describe('batches', () => {
  const heavy = density * 1.08;

  test('a line that a batch has filled stands as one that was started with it', () => {
    const options = { durationSeconds: 2400, cellLength: 100, probes: [0, 1000, 2500, 3500] };
    const filled = solveLine(hillyLine({ batches: [{ time: 30, density: heavy }] }), options);
    const started = solveLine(hillyLine({ fluid: { density: heavy, vapourPressure: 0 } }), { ...options, durationSeconds: 1 });
    const last = filled.steps;
    expect(Math.abs(filled.inflow[last]! / started.inflow[0]! - 1)).toBeLessThan(1e-6);
    filled.probes.forEach((probe, i) => {
      expect(Math.abs(probe.pressure[last]! / started.probes[i]!.pressure[0]! - 1)).toBeLessThan(1e-6);
      expect(Math.abs(probe.flow[last]! / started.probes[i]!.flow[0]! - 1)).toBeLessThan(1e-6);
    });
    // and it was another line before
    expect(Math.abs(filled.inflow[0]! / started.inflow[0]! - 1)).toBeGreaterThan(0.01);
  });

  test('a front travels with the flow: it passes a station when the volume before it has gone by', () => {
    const speed = 1.5;
    const run = solveLine(reservoirLine({
      pipes: [pipe({ length: 3000 })], inlet: { kind: 'flow', massFlow: density * area * speed }, outlet: { kind: 'pressure', pressure: 2e6 },
      batches: [{ time: 100, density: heavy }],
    }), { durationSeconds: 1500, cellLength: 100, probes: [1500] });
    const { flow } = run.probes[0]!;
    const passes = flow.findIndex((value) => value > 1.04 * flow[0]!);
    expect(Math.abs(passes * run.timeStep - (100 + 1500 / speed))).toBeLessThan(2);
  });

  test('mass balances to 1e-6 while fronts enter, travel over joints, pass a leak, and leave', () => {
    const [base] = designCampaign({ cases: 1, seed: 3, durationSeconds: 3600, sampling: { interval: 10 }, leakFraction: [0.03, 0.03], mostEvents: 0 });
    const line = { ...defaultLine(), pipes: [pipe({ length: 1000, rise: 20 }), pipe({ label: 'P-2', length: 2000, rise: -30, diameter: 0.45 })], stations: [{ position: 0, flowMeter: true }, { position: 3000, flowMeter: true }],
      pump: { shutoffHead: 100, curvature: 300, maxSpeed: 3600 } };
    const spec: CaseSpec = {
      ...base!, line, leak: { ...base!.leak, position: 1500, opening: { times: [0, 400, 2500], setpoints: [0, 1, 0], openingTime: 10, closingTime: 10 } },
      operating: { ...base!.operating, batches: [{ time: 200, density: 900 }, { time: 1500.04, density: 820 }], pumpSpeed: { times: [0, 700], setpoints: [0.8, 0.75], openingTime: 100, closingTime: 100 } },
    };
    const { truth, tpl, genkey } = simulateCase(spec);
    expect(truth.releasedMass).toBeGreaterThan(100);
    expect(Math.abs(truth.massBalance)).toBeLessThan(1e-6);
    expect(tpl).toContain("ROHL 'POSITION:' 'LINE@3000M' '(KG/M3)'");
    expect(genkey).toContain('density 850 kg/m3, at the inlet 900 kg/m3 from 200 s, 820 kg/m3 from 1500.04 s');
  });

  test('refuses what makes no sense', () => {
    const run = (batches: LineSystem['batches']) => () => solveLine(hillyLine({ batches: batches! }), { durationSeconds: 1, cellLength: 100 });
    expect(run([{ time: 10, density: 0 }])).toThrowError(/density 0/);
    expect(run([{ time: 10, density: 900 }, { time: 5, density: 850 }])).toThrowError(/one after the other/);
  });
});
