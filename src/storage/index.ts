export type { Content, ReadMemory, Storage, StoredFile } from './storage.js';
export { openStorage } from './openStorage.js';
export type { StorageSettings } from './s3Storage.js';
export { baseName, joinUri, relativeUri, resolveUri, type StorageLocation } from './uri.js';
export {
  finishPublication,
  openPublished,
  publishFile,
  readPublication,
  readPublished,
  scanPublication,
  verifyPublication,
  withdraw,
  type Publication,
  type PublishedFile,
  type PublishedSource,
} from './publication.js';
export { sha256 } from './hash.js';
export { waitForFiles } from './quickCalls.js';
