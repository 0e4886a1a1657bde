import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { joinUri, openStorage } from '../../src/storage/index.js';
import { onEveryStorage, piecesOf, stalledContent, textOf } from './stores.js';

onEveryStorage('storage', (store) => {
  test('gives back what was written, whatever it is and wherever it lies', async () => {
    const { storage } = store;
    const folder = store.folder();
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    const names = ['plain.bin', 'deep/er/file.parquet', 'with space & ação+%25?#.txt', '.hidden', 'a'.repeat(200)];
    for (const name of names) {
      const uri = joinUri(folder, name);
      await storage.write(uri, bytes);
      expect(Buffer.compare(await storage.read(uri), bytes)).toBe(0);
      expect(await storage.stat(uri)).toMatchObject({ uri, size: bytes.length, etag: expect.any(String) });
    }
    expect((await storage.list(folder)).map((file) => file.uri)).toStrictEqual(names.map((name) => joinUri(folder, name)).sort());
  });

  test('keeps text, pieces, and nothing at all', async () => {
    const { storage } = store;
    const uri = joinUri(store.folder(), 'file');
    await storage.write(uri, 'ação');
    expect(textOf(await storage.read(uri))).toBe('ação');
    await storage.write(uri, piecesOf('one ', '', 'two'));
    expect(textOf(await storage.read(uri))).toBe('one two');
    for (const nothing of ['', new Uint8Array(), piecesOf()]) {
      await storage.write(uri, nothing);
      expect(await storage.read(uri)).toStrictEqual(new Uint8Array());
      expect(await storage.stat(uri)).toMatchObject({ size: 0 });
      expect(await storage.read(uri, { start: 0, end: 5 })).toStrictEqual(new Uint8Array());
    }
  });

  test('takes pieces whose memory is used again for those after the next', async () => {
    const { storage } = store;
    const uri = joinUri(store.folder(), 'file');
    const sizes = [3 << 20, 5 << 20, 1, 4 << 20, 5 << 20, 0, 2 << 20, 3 << 20];
    const memories = [new Uint8Array(5 << 20), new Uint8Array(5 << 20)];
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const [n, size] of sizes.entries()) yield memories[n % 2]!.fill(0).subarray(0, size).fill(n + 1);
    }
    await storage.write(uri, pieces());
    const read = await storage.read(uri);
    expect(Buffer.compare(read, Buffer.concat(sizes.map((size, n) => Buffer.alloc(size, n + 1))))).toBe(0);
  });

  test('leaves nothing of pieces that end with an error', async () => {
    const { storage } = store;
    const folder = store.folder();
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(5 << 20);
      throw new Error('no more');
    }
    await expect(storage.write(joinUri(folder, 'file'), pieces())).rejects.toThrow('no more');
    expect(await storage.list(folder)).toStrictEqual([]);
  });

  test('reads ranges, clamped to the file', async () => {
    const { storage } = store;
    const uri = joinUri(store.folder(), 'file');
    await storage.write(uri, '0123456789');
    const read = async (start?: number, end?: number) => textOf(await storage.read(uri, { ...(start !== undefined && { start }), ...(end !== undefined && { end }) }));
    expect(await Promise.all([read(), read(3), read(undefined, 4), read(2, 5), read(8, 100), read(9, 10), read(5, 5), read(10), read(12, 20)])).toStrictEqual([
      '0123456789', '3456789', '0123', '234', '89', '9', '', '', '',
    ]);
  });

  test('may use memory again', async () => {
    const { storage } = store;
    const folder = store.folder();
    const memory = { bytes: new Uint8Array() };
    for (const text of ['long enough', 'short', '', 'the longest of them all']) {
      await storage.write(joinUri(folder, 'file'), text);
      expect(textOf(await storage.read(joinUri(folder, 'file'), { memory }))).toBe(text);
    }
    expect(textOf(await storage.read(joinUri(folder, 'file'), { memory, start: 4, end: 11 }))).toBe('longest');
  });

  test('gives memory that can be handed to another thread', async () => {
    const { storage } = store;
    const uri = joinUri(store.folder(), 'file');
    await storage.write(uri, 'small');
    const bytes = await storage.read(uri);
    expect(textOf(structuredClone(bytes, { transfer: [bytes.buffer as ArrayBuffer] }))).toBe('small');
    expect(bytes).toHaveLength(0);
  });

  test('sweeps away what killed writers left, and nothing else', async () => {
    const { storage } = store;
    const folder = store.folder();
    await storage.write(joinUri(folder, 'deep/whole'), 'x');
    await storage.sweep(folder);
    expect((await storage.list(folder)).map((file) => file.uri)).toStrictEqual([joinUri(folder, 'deep/whole')]);
    await storage.sweep(joinUri(folder, 'absent'));
  });

  test('says what is not there', async () => {
    const { storage } = store;
    const folder = store.folder();
    const uri = joinUri(folder, 'absent');
    expect(await storage.stat(uri)).toBeUndefined();
    expect(await storage.stat(folder)).toBeUndefined();
    expect(await storage.list(folder)).toStrictEqual([]);
    await storage.remove(uri);
    for (const range of [{}, { start: 1 }, { start: 2, end: 2 }]) {
      await expect(storage.read(uri, range)).rejects.toMatchObject({ code: 'storage/not-found', place: { file: uri }, message: expect.stringContaining(uri) });
    }
    await storage.write(joinUri(folder, 'a/file'), 'x');
    await expect(storage.read(joinUri(folder, 'a'))).rejects.toMatchObject({ code: 'storage/not-found' });
    expect(await storage.stat(joinUri(folder, 'a'))).toBeUndefined();
    await storage.remove(joinUri(folder, 'a/file'));
    expect(await storage.list(folder)).toStrictEqual([]);
  });

  test('does not take a folder for another whose name it begins', async () => {
    const { storage } = store;
    const folder = store.folder();
    await storage.write(joinUri(folder, 'run/1'), 'x');
    await storage.write(joinUri(folder, 'run2/1'), 'x');
    expect((await storage.list(joinUri(folder, 'run'))).map((file) => file.uri)).toStrictEqual([joinUri(folder, 'run/1')]);
    expect((await storage.list(`${folder}/`)).map((file) => file.uri)).toStrictEqual([joinUri(folder, 'run/1'), joinUri(folder, 'run2/1')]);
  });

  test('refuses a file that is no longer the one seen', async () => {
    const { storage } = store;
    const uri = joinUri(store.folder(), 'file');
    await storage.write(uri, 'first');
    const etag = (await storage.stat(uri))?.etag as string;
    expect(textOf(await storage.read(uri, { etag, start: 1 }))).toBe('irst');
    await storage.write(uri, 'other');
    await expect(storage.read(uri, { etag })).rejects.toMatchObject({ code: 'storage/changed', retryable: false });
    expect(textOf(await storage.read(uri, { etag: (await storage.stat(uri))?.etag as string }))).toBe('other');
  });

  test('replaces whole files under readers that never see a part', async () => {
    const { storage } = store;
    const uri = joinUri(store.folder(), 'file');
    const version = (number: number) => new Uint8Array(300_000 + number).fill(number);
    await storage.write(uri, version(0));
    let writing = true;
    const reader = async (): Promise<number> => {
      let reads = 0;
      for (; writing; reads++) {
        const bytes = await storage.read(uri);
        const number = bytes[0] as number;
        if (bytes.length !== 300_000 + number || Buffer.compare(bytes, version(number)) !== 0) throw new Error(`a torn file: ${bytes.length} bytes of version ${number}`);
      }
      return reads;
    };
    const readers = [reader(), reader(), reader()];
    const reads = Promise.all(readers);
    const writes = async (): Promise<void> => {
      for (let number = 1; number <= 20; number++) await storage.write(uri, version(number));
      writing = false;
    };
    const [counts] = await Promise.all([reads, writes()]);
    expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(3);
    expect((await storage.read(uri))[0]).toBe(20);
  });

  test('two writers leave the file of one of them', async () => {
    const { storage } = store;
    const folder = store.folder();
    const uri = joinUri(folder, 'file');
    await Promise.all(Array.from({ length: 8 }, (_, number) => storage.write(uri, new Uint8Array(50_000).fill(number))));
    const bytes = await storage.read(uri);
    expect(bytes).toHaveLength(50_000);
    expect(new Set(bytes).size).toBe(1);
    expect(await storage.list(folder)).toHaveLength(1);
  });

  test('shows nothing of a file that is being written, nor of one that failed', async () => {
    const { storage } = store;
    const folder = store.folder();
    const uri = joinUri(folder, 'file');
    await storage.write(uri, 'old');
    const { content, started, goOn } = stalledContent(new Uint8Array(1000), new Uint8Array(1));
    const writing = storage.write(uri, content);
    await started;
    expect(await storage.list(folder)).toMatchObject([{ uri, size: 3 }]);
    expect(textOf(await storage.read(uri))).toBe('old');
    goOn();
    await writing;
    expect(await storage.list(folder)).toMatchObject([{ uri, size: 1001 }]);

    async function* failing(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw new RangeError('the source failed');
    }
    await expect(storage.write(uri, failing())).rejects.toThrow(new RangeError('the source failed'));
    expect(await storage.list(folder)).toMatchObject([{ uri, size: 1001 }]);
  });

  test('lists files of many folders in order', async () => {
    const { storage } = store;
    const folder = store.folder();
    const uris = Array.from({ length: 40 }, (_, index) => joinUri(folder, `case ${index % 7}`, `${index}`));
    await Promise.all(uris.map((uri) => storage.write(uri, 'x')));
    expect((await storage.list(folder)).map((file) => file.uri)).toStrictEqual([...uris].sort());
  });

  test('refuses what is no place', async () => {
    const { storage } = store;
    for (const uri of ['relative/path', 's3://', 's3://ab/x', 's3://UPPER/x', 'http://host/x', '', '/a\0b', 's3://bucket/../other/x']) {
      await expect(storage.read(uri), uri).rejects.toMatchObject({ code: 'storage/invalid-uri' });
    }
  });
});

test('a local folder keeps no temporary of a killed writer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-sweep-'));
  const left = join(folder, '.case.parquet.0f0e7b9a-1c2d-4e3f-8a9b-0c1d2e3f4a5b.tmp');
  const own = join(folder, '.settings.tmp');
  for (const path of [left, own]) writeFileSync(path, 'part');
  const storage = openStorage();
  expect((await storage.list(folder)).map((file) => file.uri)).toStrictEqual([own]);
  await storage.sweep(folder);
  expect(readdirSync(folder)).toStrictEqual(['.settings.tmp']);
  rmSync(folder, { recursive: true });
});
