import type { StageContext } from '../../activities/stage.js';
import { loadStage } from '../../activities/stageLoaders.js';
import { PenstockError } from '../../errors/index.js';
import { openStorage } from '../../storage/index.js';
import type { StageJob } from './messages.js';

/** Runs the body of one stage here, wherever here is: event loop, pool thread or child process. */
export async function runStage(job: StageJob, signal: AbortSignal, progress: StageContext['progress']): Promise<unknown> {
  const stage = await loadStage(job.name);
  if (!stage) throw new PenstockError('internal', `there is no stage "${job.name}"`);
  const place = job.storage ?? { type: 'local' };
  const context: StageContext = {
    storage: openStorage({
      ...(place.endpoint !== undefined && { endpoint: place.endpoint }),
      ...(place.region !== undefined && { region: place.region }),
      ...(place.force_path_style !== undefined && { forcePathStyle: place.force_path_style }),
    }),
    signal,
    attempt: job.attempt,
    host: job.host,
    progress,
    tool: async () => (await import('../tools/lightgbm.js')).obtainLightgbm(() => undefined),
  };
  return stage.run(job.input, context);
}
