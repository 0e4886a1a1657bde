import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStorage } from '../../src/storage/index.js';
import { s3Storage } from '../../src/storage/s3Storage.js';
import { describeS3, startS3Server, useCredentials, type S3Server } from '../s3Server.js';
import { piecesOf, stalledContent, textOf } from './stores.js';

describe('a local folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'penstock-storage-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const storage = openStorage();

  // The superuser may write everywhere but into the kernel's own folders.
  const forbidden = process.getuid?.() === 0 ? (existsSync('/sys/kernel') ? '/sys/kernel/file' : undefined) : join(root, 'locked/file');

  test.runIf(forbidden)('that may not be written is denied', async () => {
    await storage.write(join(root, 'locked/other'), 'x');
    chmodSync(join(root, 'locked'), 0o500);
    await expect(storage.write(forbidden as string, 'x')).rejects.toMatchObject({ code: 'storage/denied', place: { file: forbidden } });
    chmodSync(join(root, 'locked'), 0o700);
  });

  test('does not show what a killed writer left behind, but everything else', async () => {
    const { content, started, goOn } = stalledContent(new Uint8Array(10), new Uint8Array(10));
    const writing = storage.write(join(root, 'left/file.parquet'), content);
    await started;
    expect(readdirSync(join(root, 'left'))).toStrictEqual([expect.stringMatching(/^\.file\.parquet\..*\.tmp$/)]);
    expect(await storage.list(join(root, 'left'))).toStrictEqual([]);
    writeFileSync(join(root, 'left/.mine.tmp'), 'x');
    expect(await storage.list(join(root, 'left'))).toHaveLength(1);
    goOn();
    await writing;
  });

  test('is not made by reading, and a file in the way is named', async () => {
    await storage.list(join(root, 'none/x'));
    expect(existsSync(join(root, 'none'))).toBe(false);
    await storage.write(join(root, 'file'), 'x');
    await expect(storage.write(join(root, 'file/below'), 'x')).rejects.toMatchObject({ name: 'PenstockError', place: { file: join(root, 'file/below') } });
    expect(await storage.stat(join(root, 'file/below'))).toBeUndefined();
    expect(await storage.list(join(root, 'file'))).toStrictEqual([]);
  });
});

describe('an S3 server that is not there', () => {
  test('is unavailable, with its address', async () => {
    useCredentials({ accessKey: 'any', secretKey: 'any' });
    const storage = openStorage({ endpoint: 'http://127.0.0.1:1' });
    await expect(storage.read('s3://bucket/key')).rejects.toMatchObject({ code: 'storage/unavailable', retryable: true, message: expect.stringMatching(/http:\/\/127\.0\.0\.1:1 .*ECONNREFUSED/) });
  });
});

describeS3('an S3 server', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(async () => server.stop());
  afterEach(() => useCredentials(server));
  const uri = (key: string): string => `s3://${server.bucket}/${key}`;

  test('denies wrong credentials, naming the place', async () => {
    useCredentials({ ...server, secretKey: 'wrong' });
    const storage = openStorage({ endpoint: server.endpoint });
    const denied = { code: 'storage/denied', retryable: false, message: expect.stringContaining(uri('dir/key')) };
    await expect(storage.write(uri('dir/key'), 'x')).rejects.toMatchObject(denied);
    await expect(storage.read(uri('dir/key'))).rejects.toMatchObject(denied);
    await expect(storage.stat(uri('dir/key'))).rejects.toMatchObject(denied);
    await expect(storage.list(uri('dir/key'))).rejects.toMatchObject(denied);
    await expect(storage.remove(uri('dir/key'))).rejects.toMatchObject(denied);
  });

  test('asks for credentials where there are none', async () => {
    delete process.env['AWS_ACCESS_KEY_ID'];
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null';
    process.env['AWS_CONFIG_FILE'] = '/dev/null';
    await expect(openStorage({ endpoint: server.endpoint }).read(uri('key'))).rejects.toMatchObject({ code: 'storage/denied', message: expect.stringContaining('no credentials were found') });
  });

  test('says that a bucket is not there', async () => {
    const storage = openStorage({ endpoint: server.endpoint });
    const missing = { code: 'storage/not-found', message: expect.stringContaining('there is no bucket "no-such-bucket"') };
    await expect(storage.write('s3://no-such-bucket/key', 'x')).rejects.toMatchObject(missing);
    await expect(storage.list('s3://no-such-bucket/key')).rejects.toMatchObject(missing);
    await expect(storage.read('s3://no-such-bucket/key')).rejects.toMatchObject(missing);
  });

  test('is found by its variable too, and by one storage beside local folders', async () => {
    process.env['PENSTOCK_S3_ENDPOINT'] = server.endpoint;
    const storage = openStorage();
    delete process.env['PENSTOCK_S3_ENDPOINT'];
    await storage.write(uri('by-variable'), 'x');
    expect(textOf(await storage.read(uri('by-variable')))).toBe('x');
  });

  test('lists more files than one answer holds', async () => {
    // Writing so many through the server would take most of the time of all tests here.
    const names = Array.from({ length: 2100 }, (_, index) => `case ${index % 7}/${index}`);
    for (const name of names) {
      mkdirSync(join(server.folder, 'many', dirname(name)), { recursive: true });
      writeFileSync(join(server.folder, 'many', name), 'x');
    }
    const listed = await openStorage({ endpoint: server.endpoint }).list(uri('many'));
    expect(listed.map((file) => file.uri)).toStrictEqual(names.map((name) => uri(`many/${name}`)).sort());
    expect(listed.every((file) => file.size === 1)).toBe(true);
  });

  test('takes large files in parts, of which nobody sees any before the last', async () => {
    const partBytes = 5 << 20;
    const storage = s3Storage({ endpoint: server.endpoint }, partBytes);
    const piece = (value: number) => new Uint8Array(3 << 20).fill(value);
    await storage.write(uri('large'), 'old');
    const { content, started, goOn } = stalledContent(new Uint8Array(11 << 20).fill(1), piece(2));
    const writing = storage.write(uri('large'), content);
    await started;
    expect(textOf(await storage.read(uri('large')))).toBe('old');
    goOn();
    await writing;
    const expected = Buffer.concat([Buffer.alloc(11 << 20, 1), Buffer.alloc(3 << 20, 2)]);
    expect(Buffer.compare(await storage.read(uri('large')), expected)).toBe(0);

    for (const size of [partBytes - 1, partBytes, partBytes + 1, 2 * partBytes]) {
      const bytes = Buffer.alloc(size, 7);
      await storage.write(uri('sized'), bytes);
      expect(await storage.stat(uri('sized'))).toMatchObject({ size });
      await storage.write(uri('sized'), piecesOf(bytes.subarray(0, 100), bytes.subarray(100)));
      expect(Buffer.compare(await storage.read(uri('sized')), bytes)).toBe(0);
    }
  });

  test('keeps the old file where the pieces of the new one fail', async () => {
    const storage = s3Storage({ endpoint: server.endpoint }, 5 << 20);
    await storage.write(uri('kept'), 'old');
    let closed = false;
    async function* failing(): AsyncGenerator<Uint8Array> {
      try {
        yield new Uint8Array(12 << 20);
        throw new RangeError('the source failed');
      } finally {
        closed = true;
      }
    }
    await expect(storage.write(uri('kept'), failing())).rejects.toThrow(new RangeError('the source failed'));
    expect(closed).toBe(true);
    expect(textOf(await storage.read(uri('kept')))).toBe('old');
  });
});

describeS3('an S3 server that goes away', () => {
  test('is unavailable', async () => {
    const server = await startS3Server();
    useCredentials(server);
    const storage = openStorage({ endpoint: server.endpoint });
    await storage.write(`s3://${server.bucket}/key`, 'x');
    await server.stop();
    await expect(storage.read(`s3://${server.bucket}/key`)).rejects.toMatchObject({ code: 'storage/unavailable' });
  });
});
