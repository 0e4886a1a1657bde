import * as stages from '../../src/activities/stages.js';
import type { Stage, StageContext } from '../../src/activities/stage.js';
import { parseConfig } from '../../src/config/index.js';
import type { Plan, Quarantined, ResolvedSection, StageOutcome } from '../../src/pipelines/index.js';
import { pipelineOfSection, resolveSection } from '../../src/pipelines/resolveSection.js';
import { openStorage } from '../../src/storage/index.js';
import { libraryPath } from '../lightgbmLibrary.js';

const stagesOf: Readonly<Record<string, readonly [string, string, string]>> = {
  simulationCampaign: ['planSimulation', 'simulationBatch', 'publishSimulation'],
  tplGenkey: ['planIngest', 'ingestBatch', 'publishIngest'],
  windows: ['planWindows', 'windowBatch', 'publishWindows'],
  features: ['planFeatures', 'featureBatch', 'publishFeatures'],
  featureSelection: ['planSelection', 'selectDatasetFeatures', 'publishSelection'],
  ...Object.fromEntries(['PfmDetection', 'PfmSize', 'PfmLocation', 'PfmLeakflow', 'ObserverDetection', 'ObserverSize', 'ObserverLocation'].map((name) => [`training${name}`, ['planTraining', 'trainModel', 'publishTraining'] as const])),
  parquetCsv: ['planCsv', 'csvBatch', 'publishCsv'],
  validateModel: ['planValidation', 'validateBatch', 'publishValidation'],
  ldsBayesian: ['planFusion', 'calibrateFusion', 'publishFusion'],
  testOffline: ['planOfflineTest', 'scoreBatch', 'publishOfflineTest'],
};

/** What a stage sees of the world, without Temporal. */
export function stageContext(changes: Partial<StageContext> = {}): StageContext {
  return {
    storage: openStorage(), signal: new AbortController().signal, attempt: 1, progress: () => undefined,
    tool: () => Promise.resolve(libraryPath()), ...changes,
  };
}

/** Runs the three stages of a section in this process, in the order of its workflow. */
export async function runSection(config: string, file: string, section: string): Promise<StageOutcome & { upToDate: boolean; planned: number; quarantined: readonly Quarantined[] }> {
  const resolved = resolveSection(config, file, pipelineOfSection(parseConfig(config, file), section), { section });
  const [plan, batch, publish] = stagesOf[resolved.pipeline]!;
  const planned = await call<Plan>(plan, { resolved });
  if (planned.upToDate) return { ...planned.result, upToDate: true, planned: 0 };
  for (let n = 0; n < planned.batches; n++) await call(batch, { resolved, planUri: planned.planUri, batch: n });
  const outcome = await call<StageOutcome>(publish, { resolved, planUri: planned.planUri });
  return { ...outcome, upToDate: false, planned: planned.total };
}

function call<Output>(name: string, input: { resolved: ResolvedSection; planUri?: string; batch?: number }): Promise<Output> {
  const stage = (stages as unknown as Record<string, Stage<unknown, Output>>)[name]!;
  return stage.run(structuredClone(input), stageContext());
}
