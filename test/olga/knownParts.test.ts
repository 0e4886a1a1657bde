import { expect, test } from 'vitest';
import { readTpl } from '../../src/olga/index.js';
import { parseAssignments } from '../../src/olga/parseAssignments.js';
import { readStatements } from '../../src/olga/readStatements.js';
import { splitStatements } from '../../src/olga/splitStatements.js';
import { createRandom } from '../../src/numeric/index.js';
import { tinyTpl } from './tinyTpl.js';

const parts = ['PIPE A=1, \\', ' B=2', '! comment', '! comment \\', '', 'CASE T="open', '"closed" \\ ! why', "X='a\\b'", '  !x', 'P=C:\\x', '\\', 'K V=(1, \\', '2) m'];
const ends = ['\n', '\r\n', '\r'];

test('statements of stretches that were read before are those of the whole text', () => {
  const random = createRandom(5);
  for (let round = 0; round < 400; round++) {
    let text = '';
    for (let n = 0; n < 12; n++) text += parts[random.integer(0, parts.length - 1)]! + ends[random.integer(0, round % 2 === 0 ? 0 : 2)]!;
    const whole = splitStatements(text).map(({ start, end, line, lastLine, openQuote, code }) => {
      const { keyword, assignments, problems } = parseAssignments(code);
      return { start, end, line, lastLine, openQuote, keyword, assignments, problems };
    });
    expect(readStatements(text)).toEqual(whole);
  }
});

test('a header that was read before gives the same again, and numbers of its own', () => {
  const bytes = new TextEncoder().encode(tinyTpl());
  const first = readTpl(bytes);
  const again = readTpl(bytes);
  expect(again).toEqual(first);
  again.geometry.branches[0]!.x[0] = 77;
  expect(readTpl(bytes).geometry.branches[0]!.x[0]).toBe(first.geometry.branches[0]!.x[0]);
  const longer = new TextEncoder().encode(tinyTpl().replace('CATALOG', '\nCATALOG'));
  expect(readTpl(longer).columns).toEqual(first.columns);
});
