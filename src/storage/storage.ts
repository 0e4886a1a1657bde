export interface StoredFile {
  readonly uri: string;
  /** Size in bytes. */
  readonly size: number;
  /** The store's own mark of this version of the file: on S3 its entity tag, else its number, size and time. */
  readonly etag?: string;
}

/** Memory for reads that follow one another: what a read gives is good until the next read with the same memory. */
export interface ReadMemory {
  bytes: Uint8Array;
}

/** What is written: bytes, text (as UTF-8), or pieces that follow one another, for files larger than memory; each stays as it is until the one after the next is asked for. */
export type Content = Uint8Array | string | AsyncIterable<Uint8Array>;

/**
 * Files by URI: absolute local paths and `s3://bucket/key`. The smallest set of calls that a folder and an S3 server
 * can both keep. Errors are `storage/not-found`, `storage/denied`, `storage/unavailable`, `storage/changed`.
 */
export interface Storage {
  /** Facts of one file, or undefined where there is none. */
  stat(uri: string): Promise<StoredFile | undefined>;
  /** All files below a folder, however deep, sorted by URI in code-unit order. An absent folder has no files. */
  list(folder: string): Promise<StoredFile[]>;
  /** The bytes [start, end) of a file, by default all of it. `etag` refuses another version of the file. `memory` may be used for them. */
  read(uri: string, options?: { start?: number; end?: number; etag?: string; memory?: ReadMemory }): Promise<Uint8Array>;
  /** Replaces or creates the file; a reader sees the old file or the whole new one, never a part. */
  write(uri: string, content: Content): Promise<void>;
  /**
   * Removes what killed writers left half-written below the folder. Only for a folder to which nobody writes now; what they
   * left is never listed or read.
   */
  sweep(folder: string): Promise<void>;
  /** Removes the file; it is no error if there is none. */
  remove(uri: string): Promise<void>;
}
