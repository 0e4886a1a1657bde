import { expect, test } from 'vitest';
import { readJsonLists } from '../../src/storage/jsonLists.js';

const value = {
  name: 'a "cases": [1] \\', cases: [{ id: 'ä€, ]}', list: [[1], []], text: '\\"' }, {}, [], 'x', null, -1.5e3], none: [], nested: { cases: [1, 2] }, after: [{ a: 1 }], last: true,
};

async function* cut(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.each([1, 2, 7, 1000])('in pieces of %i bytes, items come one by one and the rest at the end', async (size) => {
  for (const text of [JSON.stringify(value), `\n${JSON.stringify(value, null, 2)}\n`]) {
    const cases: unknown[] = [];
    const none: unknown[] = [];
    const rest = await readJsonLists(cut(text, size), { cases: (item) => void cases.push(item), none: async (item) => void none.push(item), absent: () => undefined });
    expect(cases).toEqual(value.cases);
    expect(none).toEqual([]);
    expect(rest).toEqual({ ...value, cases: [] });
    expect(Object.keys(rest)).toEqual(Object.keys(value));
  }
});

test('a list that is none is left as it is, and what takes its time is waited for', async () => {
  expect(await readJsonLists(cut('{"cases": {"a": [1]}, "b": 1}', 5), { cases: () => undefined, a: () => undefined })).toEqual({ cases: { a: [1] }, b: 1 });
  expect(await readJsonLists(cut('{}', 1), {})).toEqual({});
  const seen: number[] = [];
  await readJsonLists(cut('{"a":[1,2,3]}', 100), {
    a: async (item) => {
      await new Promise((resolve) => setTimeout(resolve, 3 - (item as number)));
      seen.push(item as number);
    },
  });
  expect(seen).toEqual([1, 2, 3]);
});

test.each(['', '[]', 'null', '{', '{"a": [1, 2', '{"a": [1 2]}', '{"a": [1] 2}', '{"a": 1} x', '{"a"}', '{"a": "b}'])('%j is refused', async (text) => {
  await expect(readJsonLists(cut(text, 3), { a: () => undefined })).rejects.toBeInstanceOf(SyntaxError);
});
