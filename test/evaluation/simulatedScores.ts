import { phaseCode, phasesOf, type ScoredCase } from '../../src/evaluation/index.js';
import { createRandom } from '../../src/numeric/index.js';

/** Cases of one leak each, of very different lengths, with scores of a detector that is right `skill` standard deviations. */
export function simulatedScores(of: { cases: number; skill: number; seed: number; windows?: number }): ScoredCase[] {
  const windows = of.windows ?? 240;
  return Array.from({ length: of.cases }, (_, c): ScoredCase => {
    const random = createRandom(of.seed).derive(`case ${c}`);
    const time = Float64Array.from({ length: windows }, (_, i) => 40 + 5 * i);
    const share = random.uniform(0.02, 0.85);
    const length = Math.max(2, Math.round(share * windows)) * 5;
    const start = 40 + 5 * windows * random.uniform(0.1, Math.max(0.11, 0.95 - share));
    const peakFlow = random.uniform(0.5, 20);
    const leaks = [{ name: 'LEAK', position: Math.round(random.uniform(500, 20_000)), diameter: 0.01, intervals: [{ start, end: start + length, peakFlow }] }];
    const phase = phasesOf(time, leaks, { warmupSeconds: 60, recoverySeconds: 60 });
    const label = Int32Array.from(phase, (code) => (code === phaseCode.leak ? 1 : 0));
    // Leakier cases score higher as a whole: what pooling would reward.
    const level = 2 * share;
    const score = Float64Array.from(label, (one) => 1 / (1 + Math.exp(2.5 - level - of.skill * one - random.normal(0, 0.6))));
    return { caseId: `sim-b-${String(c).padStart(4, '0')}`, group: `twin-${c >> 1}`, time, score, label, phase, leaks, stepSeconds: 5, meanFlow: 180 };
  });
}
