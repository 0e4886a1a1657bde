import { describe, expect, test } from 'vitest';
import { finishPublication, joinUri, openPublished, publishFile, readPublication, readPublished, sha256, verifyPublication, withdraw, type PublishedFile, type Storage } from '../../src/storage/index.js';
import { onEveryStorage, piecesOf, stalledContent, textOf } from './stores.js';

const metadataPath = 'metadata/run_metadata.json';

async function publish(storage: Storage, folder: string, texts: Record<string, string>, facts: object = {}): Promise<PublishedFile[]> {
  await withdraw(storage, folder, metadataPath);
  const files: PublishedFile[] = [];
  for (const [path, text] of Object.entries(texts)) files.push(await publishFile(storage, folder, path, text));
  await finishPublication(storage, folder, metadataPath, { ...facts, files });
  return files;
}

onEveryStorage('publication', (store) => {
  test('is found with its facts and files, and reads as written', async () => {
    const { storage } = store;
    const folder = store.folder();
    await withdraw(storage, folder, metadataPath);
    const b = await publishFile(storage, folder, 'data/b.parquet', new Uint8Array([1, 2, 3]), { rows: 3 });
    const a = await publishFile(storage, folder, './data//a.txt', piecesOf('in ', 'pieces'));
    expect(a).toStrictEqual({ path: 'data/a.txt', size: 9, sha256: sha256('in pieces') });
    await finishPublication(storage, folder, metadataPath, { schemaVersion: 1, configHash: 'abc', files: [b, a] });

    const publication = await readPublication<{ schemaVersion: number; configHash: string }>(storage, folder, metadataPath);
    expect(publication).toStrictEqual({ schemaVersion: 1, configHash: 'abc', files: [a, b] });
    expect(b).toStrictEqual({ path: 'data/b.parquet', size: 3, sha256: sha256(new Uint8Array([1, 2, 3])), rows: 3 });
    expect(await readPublished(storage, folder, b)).toStrictEqual(new Uint8Array([1, 2, 3]));
    expect(await verifyPublication(storage, folder, metadataPath)).toStrictEqual(publication);
    expect(textOf(await storage.read(joinUri(folder, metadataPath)))).toBe(
      `{\n  "schemaVersion": 1,\n  "configHash": "abc",\n  "files": [\n    {\n      "path": "data/a.txt",\n      "size": 9,\n      "sha256": "${a.sha256}"\n    },\n    {\n      "path": "data/b.parquet",\n      "size": 3,\n      "sha256": "${b.sha256}",\n      "rows": 3\n    }\n  ]\n}\n`,
    );
  });

  test('that is not there is undefined, and cannot be verified', async () => {
    const { storage } = store;
    const folder = store.folder();
    expect(await readPublication(storage, folder, metadataPath)).toBeUndefined();
    await expect(verifyPublication(storage, folder, metadataPath)).rejects.toMatchObject({ code: 'storage/not-found', message: expect.stringContaining(metadataPath) });
  });

  test('that was tampered with is refused, naming each file', async () => {
    const { storage } = store;
    const folder = store.folder();
    const [same, sized, gone, whole] = (await publish(storage, folder, { same: 'abc', sized: 'abc', gone: 'abc', whole: 'abc' })) as [PublishedFile, PublishedFile, PublishedFile, PublishedFile];
    await storage.write(joinUri(folder, 'same'), 'abd');
    await storage.write(joinUri(folder, 'sized'), 'abcd');
    await storage.remove(joinUri(folder, 'gone'));
    for (const [file, reason] of [[same, 'its content is another'], [sized, 'it has 4 bytes instead of 3'], [gone, 'it is not there']] as const) {
      const refusal = { code: 'storage/changed', message: expect.stringContaining(reason) };
      await expect(readPublished(storage, folder, file)).rejects.toMatchObject(refusal);
      await expect(openPublished(storage, folder, file)).rejects.toMatchObject(refusal);
    }
    expect(textOf(await readPublished(storage, folder, whole))).toBe('abc');
    await expect(verifyPublication(storage, folder, metadataPath)).rejects.toMatchObject({ code: 'storage/changed', message: expect.stringMatching(/3 of 4 files differ: .*gone.*same.*sized/) });
  });

  test.each(['', '{', '[]', 'null', '{"files": {}}', '{"files": [null]}', '{"files": [{"path": "x"}]}'])('metadata that is %j is refused', async (text) => {
    const { storage } = store;
    const folder = store.folder();
    await storage.write(joinUri(folder, metadataPath), text);
    await expect(readPublication(storage, folder, metadataPath)).rejects.toMatchObject({ code: 'storage/changed' });
  });

  test('whose writer dies at any point leaves nothing, the old, or the new, never a mixture', async () => {
    const { storage } = store;
    const old = { a: 'old a', b: 'old b' };
    const steps: ((folder: string) => Promise<unknown>)[] = [
      (folder) => withdraw(storage, folder, metadataPath),
      (folder) => publishFile(storage, folder, 'a', 'new a'),
      (folder) => publishFile(storage, folder, 'b', 'new b'),
    ];
    for (let done = 0; done <= steps.length; done++) {
      const folder = store.folder();
      const seenBefore = await publish(storage, folder, old);
      for (const step of steps.slice(0, done)) await step(folder);
      // Who comes now finds the old whole or nothing; who holds the old metadata is told of each file that changed.
      expect((await readPublication(storage, folder, metadataPath)) === undefined).toBe(done > 0);
      for (const [index, file] of seenBefore.entries()) {
        const read = readPublished(storage, folder, file).then(textOf);
        if (done < index + 2) expect(await read).toBe(old[file.path as 'a' | 'b']);
        else await expect(read).rejects.toMatchObject({ code: 'storage/changed' });
      }
      // The run that is tried again overwrites what the dead one left.
      await publish(storage, folder, { a: 'new a', b: 'new b' });
      expect((await verifyPublication(storage, folder, metadataPath)).files).toHaveLength(2);
    }
  });

  test('whose writer is in the middle of a file shows the file before it', async () => {
    const { storage } = store;
    const folder = store.folder();
    const [file] = (await publish(storage, folder, { a: 'old' })) as [PublishedFile];
    const { content, started, goOn } = stalledContent(new Uint8Array(100), new Uint8Array(100));
    const writing = publishFile(storage, folder, 'a', content);
    await started;
    expect(textOf(await readPublished(storage, folder, file))).toBe('old');
    goOn();
    expect(await writing).toStrictEqual({ path: 'a', size: 200, sha256: sha256(new Uint8Array(200)) });
  });

  test('can be read by ranges, held to the version that was checked', async () => {
    const { storage } = store;
    const folder = store.folder();
    const [file] = (await publish(storage, folder, { a: '0123456789' })) as [PublishedFile];
    const source = await openPublished(storage, folder, file);
    expect(source.size).toBe(10);
    expect(textOf(await source.read(2, 5))).toBe('234');
    await storage.write(joinUri(folder, 'a'), '0123456780');
    await expect(source.read(2, 5)).rejects.toMatchObject({ code: 'storage/changed' });
  });

  test('keeps to its folder and names each file once', async () => {
    const { storage } = store;
    const folder = store.folder();
    await expect(publishFile(storage, folder, '../elsewhere', 'x')).rejects.toMatchObject({ code: 'storage/invalid-uri' });
    const file = await publishFile(storage, folder, 'a', 'x');
    await expect(finishPublication(storage, folder, metadataPath, { files: [file, file] })).rejects.toThrow(/"a" was published twice/);
  });
});

describe('hash', () => {
  test('SHA-256 is that of the standard', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256('ç')).toBe(sha256(new Uint8Array([0xc3, 0xa7])));
  });
});
