import { publishFile, type PublishedFile } from '../storage/index.js';
import type { StageContext } from './stage.js';

/** A file to be published: its path below the output folder, and what stands in it. */
export interface FileToPublish {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Publishes files one after the other; a cancellation is seen between two of them. */
export async function publishAll(context: StageContext, folder: string, files: readonly FileToPublish[]): Promise<PublishedFile[]> {
  const published: PublishedFile[] = [];
  for (const { path, bytes } of files) {
    context.signal.throwIfAborted();
    published.push(await publishFile(context.storage, folder, path, bytes));
  }
  return published;
}

/** A value as readable JSON text. */
export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}
