import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as readers from '../../src/olga/index.js';
import { hasShared, sharedFile } from '../shared.js';
import { checkFile, checkStream, checkTrend, mutate, randomNumbers } from './mutations.mjs';

const folders = [new URL('../fixtures/olga/', import.meta.url).pathname, ...(hasShared ? [sharedFile('data/olga/small/')] : [])];
const files = folders.flatMap((folder) => readdirSync(folder).map((name) => ({ name, text: readFileSync(folder + name).toString('latin1') })))
  .filter(({ text }) => text.length < 15_000).map((file) => ({ ...file, kind: readers.detectKind(Buffer.from(file.text, 'latin1'))! }));

describe('files that are damaged at random', () => {
  it.each([['trend', 2000], ['profile', 500], ['genkey', 500]] as const)('%s: %i of them are read, or refused with a code, and no line is lost', async (kind, count) => {
    const own = files.filter((file) => file.kind === kind);
    const texts = files.map(({ text }) => text);
    const seen = new Set<string>();
    for (let at = 0; at < count; at++) {
      const random = randomNumbers(at);
      const file = own[Math.floor(random() * own.length)]!;
      const bytes = mutate(file.text, texts, random);
      try {
        seen.add(checkFile(readers, kind, bytes, random));
        if (kind === 'trend' && at % 5 === 0) await checkStream(readers, bytes, random);
      } catch (error) {
        throw new Error(`case ${at} of ${file.name}`, { cause: error });
      }
    }
    const possible = { trend: ['read', 'skipped', 'cut', 'olga/truncated', 'olga/not-olga', 'olga/ragged-row'], profile: ['read', 'cut', 'olga/syntax'], genkey: ['read'] };
    expect([...seen]).toEqual(expect.arrayContaining(possible[kind]));
  });

  it('and the check itself notices a row that is lost', () => {
    const bytes = readFileSync(`${folders[0]}tiny.tpl`);
    const tpl = readers.readTpl(bytes);
    expect(() => checkTrend(tpl, bytes)).not.toThrow();
    expect(() => checkTrend({ ...tpl, lines: { ...tpl.lines, skipped: 0 } }, bytes)).toThrow(/skipped/);
    const changed = tpl.columns.map((column, at) => (at === 0 ? column.map((value, row) => (row === 2 ? value + 1 : value)) : column));
    expect(() => checkTrend({ ...tpl, columns: changed }, bytes)).toThrow(/not among the rows/);
  });
});
