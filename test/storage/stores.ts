import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openStorage, type Storage } from '../../src/storage/index.js';
import { describeS3, startS3Server, useCredentials, type S3Server } from '../s3Server.js';

export interface Store {
  readonly storage: Storage;
  /** A folder of its own for each call. */
  folder(): string;
}

/** Runs the same tests on a local folder and on a real S3 server. */
export function onEveryStorage(name: string, tests: (store: Store, kind: 'local' | 's3') => void): void {
  let count = 0;

  describe(`${name}: local folder`, () => {
    const root = mkdtempSync(join(tmpdir(), 'penstock-storage-'));
    afterAll(() => rmSync(root, { recursive: true, force: true }));
    tests({ storage: openStorage(), folder: () => `${root}/folder ${++count}` }, 'local');
  });

  describeS3(`${name}: S3 server`, () => {
    let server: S3Server | undefined;
    let storage: Storage | undefined;
    beforeAll(async () => {
      server = await startS3Server();
      useCredentials(server);
      storage = openStorage({ endpoint: server.endpoint });
    });
    afterAll(async () => server?.stop());
    const store: Store = {
      get storage() {
        return storage as Storage;
      },
      folder: () => `s3://${server?.bucket}/folder ${++count}`,
    };
    tests(store, 's3');
  });
}

export async function* piecesOf(...pieces: (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A content that waits after its first piece until it is told to go on, as a writer does that hangs. */
export function stalledContent(first: Uint8Array, last: Uint8Array): { content: AsyncIterable<Uint8Array>; started: Promise<void>; goOn(): void } {
  let goOn = (): void => undefined;
  let begin = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (goOn = resolve));
  const started = new Promise<void>((resolve) => (begin = resolve));
  async function* content(): AsyncGenerator<Uint8Array> {
    yield first;
    begin();
    await waiting;
    yield last;
  }
  return { content: content(), started, goOn: () => goOn() };
}
