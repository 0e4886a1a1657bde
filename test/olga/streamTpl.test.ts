import { expect, it, describe } from 'vitest';
import { readTpl, streamTpl, type StreamTplOptions, type TplChunk, type TplFile, type TplSource, type TplStreamEnd, type TplStreamRows } from '../../src/olga/index.js';
import { bytesOf, tinyTpl } from './tinyTpl.js';

async function* inPieces(bytes: Uint8Array, length: (at: number) => number): AsyncGenerator<Uint8Array> {
  for (let at = 0, next = 0; at < bytes.length; at = next) {
    next = at + Math.max(1, length(at));
    yield bytes.subarray(at, next);
  }
}

async function all(source: TplSource, options?: StreamTplOptions): Promise<TplChunk[]> {
  const chunks: TplChunk[] = [];
  for await (const chunk of streamTpl(source, options)) chunks.push(chunk);
  return chunks;
}

/** The whole file, put together from its chunks. */
function together(chunks: readonly TplChunk[]): Omit<TplFile, 'kind'> {
  const [header, ...rest] = chunks;
  const rows = rest.filter((chunk): chunk is TplStreamRows => chunk.kind === 'rows');
  const end = rest.at(-1) as TplStreamEnd;
  expect(header!.kind).toBe('header');
  expect(end.kind).toBe('end');
  expect(rest.filter((chunk) => chunk.kind !== 'rows')).toHaveLength(1);
  if (header?.kind !== 'header') throw new Error('no header');
  const { kind: _, timeUnit, ...head } = header;
  const { kind: _end, ...tail } = end;
  const column = (of: (chunk: TplStreamRows) => Float64Array): Float64Array => Float64Array.from(rows.flatMap((chunk) => [...of(chunk)]));
  let first = 0;
  for (const chunk of rows) {
    expect([chunk.first, chunk.seconds.length, chunk.segment.length]).toEqual([first, chunk.rows, chunk.rows]);
    first += chunk.rows;
    for (let row = 0; row < chunk.rows; row++) {
      const { from, to } = tail.segments[chunk.segment[row]!]!;
      if (chunk.first + row < from || chunk.first + row >= to) expect.fail(`row ${chunk.first + row} is not in its segment`);
    }
  }
  return { ...head, ...tail, time: { unit: timeUnit, seconds: column((chunk) => chunk.seconds) }, columns: head.variables.map((__, at) => column((chunk) => chunk.columns[at]!)) };
}

const rowsOf = (count: number): string[] => Array.from({ length: count }, (_, row) => `${row.toExponential(6)} ${(row * 1.5).toExponential(6)} -2.5e-012 0.0`);
const texts: Record<string, string> = {
  plain: tinyTpl((parts) => { parts.rows = rowsOf(300); }),
  crlf: tinyTpl((parts) => { parts.rows = rowsOf(40); }).replaceAll('\n', '\r\n'),
  cr: tinyTpl((parts) => { parts.rows = rowsOf(40); }).replaceAll('\n', '\r'),
  'odd rows and blank lines': tinyTpl((parts) => { parts.rows = ['0 1 2 3', '', '1 1', '   ', '2 1D5 NaN *****', '3 1 2 3 4', '', '4 x 2 3', '5 1.0e5-2.0e5 1', '\t', '6 1 2 3', '', '7 1']; }),
  'a restart': tinyTpl((parts) => { parts.rows = [...parts.rows, '2.5 1 2 3', '2.5 1 2 3', '9 9 9 9', '1 0 0 0']; }),
  commas: tinyTpl((parts) => { parts.rows = parts.rows.map((row) => row.replaceAll('.', ',')); }),
  wrapped: tinyTpl((parts) => { parts.rows = ['0 1 2', '3', '1 1 2', '3', '2 1 2', '3', '3 1 2', '4 1 2', '3', '5 1 2', 'x', '6 1 2']; }),
  'no line end and padding': `${tinyTpl().trimEnd()}${'\0'.repeat(3000)}`,
  'padding after a cut row': `${tinyTpl().trimEnd().slice(0, -8)}${'\0'.repeat(3000)}`,
  'no rows': tinyTpl((parts) => { parts.rows = []; }),
  minutes: tinyTpl((parts) => { parts.series = "TIME SERIES  ' (M)  '"; }),
  'a byte order mark': `\uFEFF${tinyTpl((parts) => { parts.meta[5] = "'Tubería – año'"; })}`,
};

describe('a stream', () => {
  it.each(Object.entries(texts))('of %s gives what the whole file gives, however it is cut', async (_, text) => {
    const bytes = bytesOf(text);
    const { kind, ...whole } = readTpl(bytes);
    expect(kind).toBe('trend');
    let seed = 7;
    const random = (most: number): number => { seed = (seed * 48271) % 2147483647; return seed % most; };
    for (const source of [
      inPieces(bytes, () => 1), inPieces(bytes, () => 7), inPieces(bytes, () => random(90)), inPieces(bytes, () => 1e9),
      { size: bytes.length, read: async (start: number, end: number) => bytes.subarray(start, end) },
    ]) {
      expect(together(await all(source))).toEqual(whole);
    }
    for (const chunkBytes of [1, 100, 333]) expect(together(await all(inPieces(bytes, () => 50), { chunkBytes }))).toEqual(whole);
  });

  it('cut at every byte, piece by piece into the reader, is the same', async () => {
    // Pieces below a quarter of a mebibyte are put together before they are read, so a long file is needed to cut rows.
    const text = texts['odd rows and blank lines']!.trimEnd();
    const padded = text.replace("TITLE\n''", `TITLE\n'${'x'.repeat(2 ** 18)}'`);
    const bytes = bytesOf(padded);
    const { kind: _, ...whole } = readTpl(bytes);
    for (let at = bytes.length - 130; at <= bytes.length; at++) {
      expect(together(await all(inPieces(bytes, (from) => (from === 0 ? at : 2 ** 20))))).toEqual(whole);
    }
  });

  it('in UTF-16 may be cut within a character', async () => {
    const bytes = Uint8Array.from([0xff, 0xfe, ...Array.from(texts['plain']!).flatMap((char) => [char.charCodeAt(0), 0])]);
    const { kind: _, ...whole } = readTpl(bytes);
    expect(whole.encoding).toBe('utf-16le');
    expect(together(await all(inPieces(bytes, () => 3)))).toEqual(whole);
  });

  it('of selected columns has those alone', async () => {
    const chunks = await all(inPieces(bytesOf(texts['plain']!), () => 999), { select: (variable) => variable.name === 'GT' });
    expect(together(chunks).variables.map((variable) => variable.name)).toEqual(['GT']);
    expect(together(chunks).columns).toEqual([new Float64Array(300).fill(-2.5e-12)]);
  });

  it('that is no trend file fails at once, and one that is cut at its end', async () => {
    let taken = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) { taken++; yield bytesOf('time,pressure\n'.repeat(20_000)); }
    };
    await expect(all(endless())).rejects.toThrow(expect.objectContaining({ code: 'olga/not-olga' }));
    expect(taken).toBeLessThan(3);
    await expect(all(inPieces(bytesOf(tinyTpl().slice(0, 200)), () => 50))).rejects.toThrow(expect.objectContaining({ code: 'olga/truncated' }));
    // What fills up a cut file says nothing, also where it comes as a piece of its own.
    for (const fill of ['\x1a', '\0\0\x1a']) {
      await expect(all(inPieces(bytesOf(`'OLGA 2099.1'\r\n${fill}`), () => 1))).rejects.toThrow(expect.objectContaining({ code: 'olga/truncated' }));
    }
    await expect(all(inPieces(bytesOf(tinyTpl((parts) => { parts.rows[2] = '1 2'; })), () => 50), { shortRows: 'strict' })).rejects.toThrow(expect.objectContaining({ code: 'olga/ragged-row' }));
  });

  it('of 30 MB comes in chunks of bounded size, and is not read ahead', async () => {
    const head = bytesOf(tinyTpl((parts) => { parts.rows = []; }));
    const lines = bytesOf(Array.from({ length: 2000 }, (_, row) => `${(row * 0.5).toExponential(6)} 1.234567e+005 -1.234567e+005 1.500000e-009\n`).join(''));
    const pieces = Math.ceil(30e6 / lines.length);
    let given = 0;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield head;
      for (; given < pieces; given++) yield lines;
    };
    let rows = 0;
    let largest = 0;
    let sum = 0;
    let ahead = 0;
    for await (const chunk of streamTpl(source(), { chunkBytes: 2 ** 20 })) {
      if (chunk.kind !== 'rows') continue;
      rows += chunk.rows;
      largest = Math.max(largest, (chunk.columns.length + 1) * 8 * chunk.rows);
      for (const value of chunk.columns[2]!) sum += value;
      ahead = Math.max(ahead, given * 2000 - rows);
    }
    expect(rows).toBe(pieces * 2000);
    expect(sum / rows).toBeCloseTo(1.5e-9, 16);
    expect(largest).toBeLessThanOrEqual(2 ** 20);
    expect(ahead * 60).toBeLessThan(8e6);
  });
});
