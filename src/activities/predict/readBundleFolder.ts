import { PenstockError } from '../../errors/index.js';
import { joinUri, relativeUri } from '../../storage/index.js';
import type { StageContext } from '../stage.js';

/** The files of a bundle by their path in it. The folder is the bundle, or the output folder of a training with one inside. */
export async function readBundleFolder(context: StageContext, folder: string): Promise<Map<string, Uint8Array>> {
  const inside = joinUri(folder, 'bundle');
  const own = (await context.storage.stat(joinUri(folder, 'manifest.json'))) ? folder : (await context.storage.stat(joinUri(inside, 'manifest.json'))) ? inside : undefined;
  if (own === undefined) {
    throw new PenstockError('storage/not-found', 'this folder is no bundle: it has no manifest.json, and neither has bundle/ in it', { file: folder });
  }
  const files = new Map<string, Uint8Array>();
  for (const { uri } of await context.storage.list(own)) files.set(relativeUri(own, uri), await context.storage.read(uri));
  return files;
}
