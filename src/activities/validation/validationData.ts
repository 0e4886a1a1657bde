import { PenstockError } from '../../errors/index.js';
import { hashOf } from '../../config/index.js';
import { datasetSource, fingerprintOf, type DatasetSource } from '../datasetSource.js';
import type { StageContext } from '../stage.js';
import { observerFingerprint, observerSource, type ObserverSource } from '../training/observerData.js';

/** What a folder holds that a model is measured on: rows of features, or windows whose features the bundle computes itself. */
export type ValidationData =
  | { readonly kind: 'features'; readonly source: DatasetSource }
  | { readonly kind: 'windows'; readonly source: ObserverSource };

/** Errors: `storage/not-found` where neither is published there. */
export async function validationData(context: StageContext, folder: string): Promise<ValidationData> {
  const features = await found(() => datasetSource(context, { input_path: folder }));
  if (features) return { kind: 'features', source: features };
  const windows = await found(() => observerSource(context, folder));
  if (windows) return { kind: 'windows', source: windows };
  throw new PenstockError('storage/not-found', 'neither features nor windows are published here; run features_pipeline or windows_pipeline first', { file: folder, key: 'data.features_dataset_path' });
}

/** A hash of all that a result depends on. */
export function validationFingerprint(data: ValidationData): string {
  return data.kind === 'features' ? fingerprintOf(data.source) : hashOf(['windows', observerFingerprint(data.source)]);
}

async function found<T>(open: () => Promise<T>): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof PenstockError && error.code === 'storage/not-found') return undefined;
    throw error;
  }
}
