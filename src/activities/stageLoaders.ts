import type { Stage } from './stage.js';
import type * as stages from './stages.js';

/*
 * The stages of batches run in every thread of the pool, others in a process each: each is loaded with what it uses alone,
 * since all together take half a second. Stages that are not named here come with all others.
 */
const loaders: { readonly [Name in keyof typeof stages]?: () => Promise<Pick<typeof stages, Name>> } = {
  planIngest: () => import('./tplGenkey.js'),
  ingestBatch: () => import('./tplGenkey.js'),
  publishIngest: () => import('./tplGenkey.js'),
  planWindows: () => import('./windows.js'),
  windowBatch: () => import('./windows.js'),
  publishWindows: () => import('./windows.js'),
  planFeatures: () => import('./features.js'),
  featureBatch: () => import('./features.js'),
  publishFeatures: () => import('./features.js'),
  csvBatch: () => import('./parquetCsv.js'),
  planOfflineTest: () => import('./testOffline.js'),
  scoreBatch: () => import('./testOffline.js'),
  trainModel: () => import('./training.js'),
  validateBatch: () => import('./validateModel.js'),
  judgeModel: () => import('./validateModel.js'),
  predictFiles: () => import('./predictFiles.js'),
  publishOfflineTest: () => import('./testOffline.js'),
};

/** The stage of this name, or undefined where there is none. */
export async function loadStage(name: string): Promise<Stage<unknown> | undefined> {
  const load = Object.hasOwn(loaders, name) ? loaders[name as keyof typeof loaders] : undefined;
  const module = await (load ? load() : import('./stages.js'));
  return (module as unknown as Record<string, Stage<unknown>>)[name];
}
