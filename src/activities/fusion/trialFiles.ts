import { joinUri } from '../../storage/index.js';
import { tryReadJson } from '../checkpoint.js';
import type { StageContext } from '../stage.js';
import type { CalibrationTrial } from './calibrate.js';

/*
 * Trials on their way lie in `.work/` of the output folder, a file each: an attempt that is killed loses the one under way. The plan
 * clears them where settings or inputs are others.
 */

/** The trials that are finished, from number 0 on without a gap. */
export async function readTrials(context: StageContext, folder: string): Promise<CalibrationTrial[]> {
  const trials: CalibrationTrial[] = [];
  for (;;) {
    const trial = await tryReadJson<CalibrationTrial>(context.storage, trialUri(folder, trials.length));
    if (!trial) return trials;
    trials.push(trial);
  }
}

export async function writeTrial(context: StageContext, folder: string, trial: CalibrationTrial): Promise<void> {
  await context.storage.write(trialUri(folder, trial.number), JSON.stringify(trial));
}

function trialUri(folder: string, number: number): string {
  return joinUri(folder, '.work', 'trials', `${String(number).padStart(5, '0')}.json`);
}
