import { localStorage } from './localStorage.js';
import { s3Storage, type StorageSettings } from './s3Storage.js';
import type { Storage } from './storage.js';
import { isS3 } from './uri.js';

/** Storage for local paths and `s3://` URIs alike. Nothing is connected before the first call that needs it. */
export function openStorage(settings: StorageSettings = {}): Storage {
  const local = localStorage();
  const s3 = s3Storage(settings);
  const at = (uri: string): Storage => (isS3(uri) ? s3 : local);
  return {
    stat: async (uri) => at(uri).stat(uri),
    list: async (folder) => at(folder).list(folder),
    read: async (uri, options) => at(uri).read(uri, options),
    write: async (uri, content) => at(uri).write(uri, content),
    remove: async (uri) => at(uri).remove(uri),
    sweep: async (folder) => at(folder).sweep(folder),
  };
}
