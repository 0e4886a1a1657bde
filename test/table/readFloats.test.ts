import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { readZstd } from '../../src/table/compression/readZstd.js';
import { writeZstd, zstdBound } from '../../src/table/compression/zstd.js';
import { decodeParquet, encodeParquet, numbers, openFloats, type Column, type Table } from '../../src/table/index.js';

const random = createRandom(5);
/** Bytes of few or many kinds, some far more often than others, with runs between. */
function bytesOf(length: number, kinds: number, skew: number): Uint8Array {
  const bytes = Uint8Array.from({ length }, () => Math.floor(random.uniform() ** skew * kinds));
  if (random.uniform() < 0.5) bytes.fill(3, length >> 2, length >> 1);
  return bytes;
}

describe('frames of our own', () => {
  it('are read as they were written, whatever the bytes', () => {
    for (const length of [0, 1, 5, 47, 48, 100, 255, 256, 1000, 1024, 16_383, 16_384, 140_000]) {
      for (const [kinds, skew] of [[1, 1], [2, 1], [2, 9], [5, 2], [17, 3], [100, 4], [129, 2], [256, 1], [256, 2], [256, 6]] as const) {
        const bytes = bytesOf(length, kinds, skew);
        const frame = new Uint8Array(zstdBound(length) + 9);
        const end = writeZstd(bytes, 0, length, 1 + (length >> 2), 15, frame, 4);
        const back = new Uint8Array(length + 3);
        expect(readZstd(frame, 4, end, back, length), `${length} bytes of ${kinds}`).toBe(true);
        expect(Buffer.compare(back.subarray(0, length), bytes)).toBe(0);
        expect(readZstd(frame, 4, end, back, length + 1)).toBe(false);
      }
    }
  });

  it('are hardly longer than what the frequencies of the bytes allow (Shannon)', () => {
    // The last ones have symbols so rare that their codes are cut at 11 bits, and more of them than the plain weights have room for.
    for (const [kinds, skew] of [[2, 1], [5, 2], [17, 3], [60, 2], [100, 12], [200, 6], [256, 20]] as const) {
      const length = 20_000;
      const bytes = Uint8Array.from({ length }, (_, n) => (n < length - kinds ? Math.floor(random.uniform() ** skew * kinds) : n % kinds));
      const counts = new Float64Array(256);
      for (const byte of bytes) counts[byte]!++;
      const bits = counts.reduce((sum, count) => sum + (count === 0 ? 0 : count * Math.log2(length / count)), 0);
      const end = writeZstd(bytes, 0, length, length, 1, new Uint8Array(zstdBound(length)), 0);
      // No code is shorter than one bit.
      expect(end, `${kinds} kinds`).toBeLessThan(1.08 * Math.max(bits, length) / 8 + 150);
    }
  });

  it('that are damaged are refused or read as something else, never beyond their room', () => {
    const bytes = bytesOf(3000, 40, 3);
    const frame = new Uint8Array(zstdBound(3000));
    const end = writeZstd(bytes, 0, 3000, 3000, 1, frame, 0);
    const back = new Uint8Array(3100).fill(77);
    let refused = 0;
    for (let n = 0; n < 600; n++) {
      const damaged = frame.slice(0, end);
      damaged[Math.floor(random.uniform() * Math.min(end, n < 300 ? 60 : end))] = Math.floor(random.uniform() * 256);
      if (!readZstd(damaged, 0, end, back, 3000)) refused++;
      if (n % 4 === 0) expect(readZstd(frame, 0, Math.floor(random.uniform() * end), back, 3000)).toBe(false);
    }
    expect(refused).toBeGreaterThan(300);
    expect(back.subarray(3000).every((byte) => byte === 77)).toBe(true);
  });
});

const odd = [NaN, Infinity, -Infinity, -0, 1e-45];
function table(rows: number): Table {
  const column = (name: string, values: Column['values']): Column => ({ name, values, unit: '', role: 'measured' });
  const floats = (value: (row: number) => number): Float32Array => Float32Array.from({ length: rows }, (_, row) => value(row));
  return {
    rows, metadata: {}, columns: [
      column('noise', floats(() => random.normal())), column('odd', floats((row) => odd[row % 7] ?? row)), column('text', Array.from({ length: rows }, (_, row) => `n${row % 3}`)),
      column('constant', floats(() => 4)), column('steps', floats((row) => Math.floor(row / 50))), column('count', Int32Array.from({ length: rows }, (_, row) => row)),
      column('wide', Float64Array.from({ length: rows }, () => random.normal())),
    ],
  };
}

describe('columns read row group by row group', () => {
  it.each(['zstd', 'snappy', 'none'] as const)('are those of the table, %s', async (compression) => {
    const whole = table(1000);
    const bytes = encodeParquet(whole, { compression, rowGroupRows: 300 });
    const source = { size: bytes.length, read: async (start: number, end: number) => Promise.resolve(bytes.slice(start, end)) };
    const names = ['wide', 'odd', 'noise', 'steps', 'constant', 'count'];
    const reader = await openFloats(source, names);
    expect(reader.rowGroups.map(({ rows }) => rows)).toEqual([300, 300, 300, 100]);
    for (const group of [0, 3, 1, 2]) {
      const expected = await decodeParquet(bytes, { columns: names, rowGroups: [group] });
      for (const [at, column] of (await reader.read(group)).entries()) expect(column).toEqual(Float32Array.from(numbers(expected, names[at]!)));
    }
    await expect(reader.read(4)).rejects.toMatchObject({ code: 'table/invalid' });
    await expect((await openFloats(source, ['noise', 'absent'])).read(0)).rejects.toMatchObject({ code: 'table/column-missing' });
    await expect((await openFloats(source, ['text'])).read(0)).rejects.toThrow('text');
  });

  it('that are damaged are refused as everywhere', async () => {
    const bytes = encodeParquet(table(1000));
    bytes.fill(255, 20, 3000);
    const source = { size: bytes.length, read: async (start: number, end: number) => Promise.resolve(bytes.subarray(start, end)) };
    await expect((await openFloats(source, ['noise'])).read(0)).rejects.toMatchObject({ code: 'table/corrupt' });
  });
});
