import { PenstockError } from '../../errors/index.js';
import { phaseNames, regimeNames, type ScoredCase } from './types.js';

/** Throws `evaluation/invalid` where the arrays of a case do not fit one another or its leaks make no sense. */
export function checkCase(scored: ScoredCase): void {
  const { caseId, time, score, label, phase, stepSeconds } = scored;
  const fail = (message: string): never => {
    throw new PenstockError('evaluation/invalid', message, { key: caseId });
  };
  const n = time.length;
  if (score.length !== n || label.length !== n || phase.length !== n) {
    fail(`time, score, label and phase have ${n}, ${score.length}, ${label.length} and ${phase.length} windows; equal lengths are needed`);
  }
  for (const [name, values] of Object.entries({ released: scored.released, regime: scored.regime })) {
    if (values && values.length !== n) fail(`${name} has ${values.length} values for ${n} windows; equal lengths are needed`);
  }
  if (scored.regime?.some((code) => code >= regimeNames.length)) fail(`a regime code is not one of 0 to ${regimeNames.length - 1}`);
  if (!(stepSeconds > 0 && Number.isFinite(stepSeconds))) fail(`the step is ${stepSeconds} s; a positive time is needed`);
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(time[i]!)) fail(`window ${i} has time ${time[i]}`);
    if (i > 0 && time[i]! <= time[i - 1]!) fail(`window ${i} at ${time[i]} s is not after the one before it (${time[i - 1]} s)`);
    if (label[i] !== 0 && label[i] !== 1) fail(`window ${i} has label ${label[i]}; 0 and 1 are allowed`);
    if (phaseNames[phase[i]!] === undefined) fail(`window ${i} has phase code ${phase[i]}; 0 to ${phaseNames.length - 1} are allowed`);
  }
  for (const leak of scored.leaks) {
    for (const { start, end, peakFlow } of leak.intervals) {
      if (!(start <= end)) fail(`leak ${leak.name} lasts from ${start} to ${end} s`);
      if (Math.abs(peakFlow) === Infinity) fail(`leak ${leak.name} has a peak flow of ${peakFlow} kg/s`);
    }
  }
}
