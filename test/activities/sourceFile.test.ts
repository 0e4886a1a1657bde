import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hashFile } from '../../src/activities/sourceFile.js';
import { openStorage } from '../../src/storage/index.js';

test('files of all sizes are hashed, several at a time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-hash-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const storage = openStorage();
  const sizes = [0, 1, 5000, (64 << 10) - 1, 64 << 10, 300_000, 4 << 20, (4 << 20) + 1, 16 << 20, (16 << 20) + 1];
  const files = sizes.map((size) => {
    const bytes = Buffer.alloc(size, `the file of ${size} bytes, `);
    writeFileSync(join(folder, String(size)), bytes);
    return bytes;
  });
  let next = 0;
  const lane = async (): Promise<void> => {
    const memory = { bytes: new Uint8Array() };
    while (next < files.length) {
      const bytes = files[next++]!;
      expect(await hashFile(storage, join(folder, String(bytes.length)), bytes.length, undefined, memory)).toEqual({
        size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), head: new Uint8Array(bytes.subarray(0, 4096)),
      });
    }
  };
  await Promise.all([lane(), lane(), lane()]);
});
