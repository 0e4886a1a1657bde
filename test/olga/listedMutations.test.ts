import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as readers from '../../src/olga/index.js';
import { hasShared, sharedFile } from '../shared.js';
import { checkListed, listedMutations } from './listedMutations.mjs';
import { checkStream, randomNumbers } from './mutations.mjs';
import { bytesOf, tinyTpl } from './tinyTpl.js';

// Small files here; scripts/fuzzOlga.mjs takes all there are.
const files = [
  { name: 'a small file', bytes: Buffer.from(bytesOf(tinyTpl())) },
  ...(hasShared ? ['olga2022_1', 'SF_SH_D0_R0_short'].map((name) => ({ name, bytes: readFileSync(sharedFile(`data/olga/small/${name}.tpl`)) })) : []),
];

describe.each(files)('$name', ({ bytes }) => {
  const plain = readers.readTpl(bytes);

  it.each(listedMutations)('$name', async (mutation) => {
    await checkStream(readers, checkListed(readers, mutation, bytes.toString('latin1'), plain), randomNumbers(1));
  });

  it('and the check notices another table', () => {
    const other = { ...plain, columns: plain.columns.map((column) => column.map((value) => value + 1)) };
    expect(() => checkListed(readers, listedMutations[0]!, bytes.toString('latin1'), other)).toThrow(/column 1, row 0/);
  });
});
