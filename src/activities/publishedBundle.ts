import { PenstockError } from '../errors/index.js';
import { readPublication, readPublished, type PublishedFile } from '../storage/index.js';
import type { BatchedMetadata } from './batches.js';
import type { StageContext } from './stage.js';

/** What trainings and fusions call their metadata. */
const metadataFiles = ['training_metadata.json', 'fusion_metadata.json'];

/** The files of the bundle that a training or a fusion has published, with paths below its output folder. */
export async function publishedBundle(context: StageContext, folder: string): Promise<PublishedFile[]> {
  for (const name of metadataFiles) {
    const metadata = await readPublication<BatchedMetadata>(context.storage, folder, name);
    if (metadata) return metadata.files.filter((file) => file.path.startsWith('bundle/'));
  }
  throw new PenstockError('storage/not-found', `nothing is published here: ${metadataFiles.join(' or ')} is missing; run training_pfm_detection_pipeline, or the training or fusion that is meant, first`, { file: folder });
}

/** Reads them, by their path in the bundle. Throws `storage/changed` where a file is no longer what was planned. */
export async function readPublishedBundle(context: StageContext, folder: string, files: readonly PublishedFile[]): Promise<Map<string, Uint8Array>> {
  const read = new Map<string, Uint8Array>();
  for (const file of files) read.set(file.path.slice('bundle/'.length), await readPublished(context.storage, folder, file));
  return read;
}
