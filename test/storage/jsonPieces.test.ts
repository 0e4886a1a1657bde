import { expect, test } from 'vitest';
import { jsonPieces } from '../../src/storage/jsonPieces.js';

test('the pieces are the text of the whole', async () => {
  const values: Record<string, unknown>[] = [
    {}, { a: [], b: {}, c: undefined, d: null }, { text: 'a\nb "c"', list: [1, undefined, [2, [3]], { a: { b: 'x\ny' }, c: undefined }], last: { list: [[], {}] } },
    { cases: Array.from({ length: 20_000 }, (_, n) => ({ name: `case ${n}`, values: [n, 'ä€'] })) },
  ];
  for (const value of values) {
    const pieces: Uint8Array[] = [];
    for await (const piece of jsonPieces(value)) pieces.push(piece);
    expect(Buffer.concat(pieces).toString() === `${JSON.stringify(value, null, 2)}\n`).toBe(true);
    expect(pieces.every(({ length }) => length < 2 ** 21)).toBe(true);
  }
});
