// Damages files at random, by a seed, and holds the readers to what they promise: every failure has a code, nothing
// takes long, and no line of numbers is lost without a word. Plain JavaScript, for the test and for scripts/fuzzOlga.mjs.

/** Numbers in [0, 1), the same for the same seed. */
export function randomNumbers(seed) {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const spellings = ['NaN', '-nan(ind)', '1.#QNAN', '-1.#INF', '*****', 'Infinity', '1.5D+03', '1.5-102', '1.0e+005-2.0e+000', '1,5', '1e-320', '1e400', '0x10', '1e', '.', '-', '--1',
  '1.2.3', '99999999999999999999', '1.7976931348623157e308', '1.234567e-030', '1.23456e+05', '1.2345678e+05', '+5', '', 'oops', '\0', '\x1a', 'é', "'", '1e+0000000001'];
const words = ['CATALOG', 'TIME SERIES  \' (S)  \'', 'TIME SERIES  \' (H)  \'', 'NETWORK', 'GEOMETRY\' (M)  \'', 'BRANCH', 'ANNULUS', "''", '1000000000', '-1', '0', 'ENDCASE', 'ENDNETWORKCOMPONENT',
  'LEAK', 'NETWORKCOMPONENT TYPE=FLOWPATH, TAG=X', '\\', '!', '"', '(', ')', '=', ',', '$x', 'PIPE LENGTH=1e9 m, NSEGMENT=1e9', ' M,', ' psig,'];

/** One to four damages to a file; `others` are files to splice with. Works on Latin-1 texts: one character, one byte. */
export function mutate(text, others, random) {
  let result = text;
  const pick = (list) => list[Math.floor(random() * list.length)];
  const place = () => Math.floor(random() * (result.length + 1));
  const near = (most) => Math.floor(random() ** 3 * most) + 1;
  const lineAt = (at) => ({ from: result.lastIndexOf('\n', at - 1) + 1, to: result.indexOf('\n', at) + 1 || result.length });
  const cut = (from, to, between = '') => { result = result.slice(0, from) + between + result.slice(to); };
  const kinds = [
    () => { const at = place(); cut(at, at + 1, String.fromCharCode(result.charCodeAt(at % Math.max(result.length, 1)) ^ (1 << Math.floor(random() * 8)))); },
    () => { const at = place(); cut(at, at + 1, String.fromCharCode(Math.floor(random() * 256))); },
    () => { const at = place(); cut(at, at + near(60)); },
    () => { const at = place(); cut(at, at, pick(words)); },
    () => { const at = place(); cut(at, at, result.slice(at, at + near(300))); },
    () => { const { from, to } = lineAt(place()); cut(to, to, result.slice(from, to)); },
    () => { const { from, to } = lineAt(place()); cut(from, to); },
    () => { const a = lineAt(place()); const line = result.slice(a.from, a.to); cut(a.from, a.to); const b = lineAt(place()); cut(b.from, b.from, line); },
    () => { cut(place(), result.length); },
    () => { const at = place(); const gap = result.slice(at).search(/[\s,=(]\S/); if (gap >= 0) { const from = at + gap + 1; const length = result.slice(from).search(/[\s,)]/); cut(from, length < 0 ? result.length : from + length, pick(spellings)); } },
    () => { result = pick([(t) => t.replaceAll('\r\n', '\n'), (t) => t.replaceAll(/\r?\n/g, '\r\n'), (t) => t.replaceAll(/\r?\n/g, '\r'), (t) => t.replaceAll('\n', () => (random() < 0.5 ? '\r\n' : '\n')), (t) => t.replaceAll('e', 'D'), (t) => t.replaceAll('.', ','), (t) => t.trimEnd()])(result); },
    () => { const other = pick(others); cut(place(), result.length, other.slice(Math.floor(random() * other.length))); },
    () => { const at = place(); const line = lineAt(at); cut(line.from, line.to, result.slice(line.from, line.to).replace(/ /g, () => (random() < 0.3 ? '\n' : ' '))); },
    () => { cut(result.length, result.length, pick(['\0'.repeat(near(2000)), '\x1a', '\n\n\n', ' ', '\t\n', result.slice(lineAt(place()).from)])); },
    () => { cut(0, 0, pick(['\xef\xbb\xbf', '\n', ' ', '\r\n\r\n', '\xff', '\0'])); },
  ];
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) pick(kinds)();
  return Uint8Array.from(result, (char) => char.charCodeAt(0));
}

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Throws with what is wrong about the reading of a trend file. */
export function checkTrend(tpl, bytes) {
  const fail = (message) => { throw new Error(message); };
  const { total, perRow, skipped, cut, overlapped } = tpl.lines;
  if (total !== (tpl.rows + overlapped) * perRow + skipped + cut) fail(`${total} lines, but ${tpl.rows} rows of ${perRow}, ${skipped} skipped, ${cut} cut`);
  for (const column of [tpl.time.seconds, ...tpl.columns]) if (column.length !== tpl.rows) fail('a column is not as long as the file');
  if (tpl.segments.reduce((sum, { from, to }) => sum + to - from, 0) !== tpl.rows) fail('segments do not make up the rows');
  if (tpl.encoding.startsWith('utf-16')) return;
  const data = linesOfNumbers(bytes);
  if (data.length !== total) fail(`${data.length} lines of numbers in the file, ${total} in the account`);
  if (perRow !== 1 || tpl.time.unit.toUpperCase() !== 'S' || data.some((line) => line.includes(','))) return;
  // Every line of as many plain numbers as there are columns is a row with those numbers, but for a last one that may be cut.
  let row = 0;
  for (const [at, line] of data.entries()) {
    const tokens = line.split(/[ \t]+/).filter((token) => token !== '');
    if (tokens.length !== tpl.columns.length + 1 || !tokens.every((token) => plainNumber.test(token))) continue;
    while (row < tpl.rows && !tokens.every((token, column) => Object.is((column === 0 ? tpl.time.seconds : tpl.columns[column - 1])[row], Number(token)))) row++;
    if (row === tpl.rows && !(at === data.length - 1 && tpl.truncated)) fail(`line ${JSON.stringify(line.slice(0, 80))} is not among the rows`);
    row++;
  }
}

/** The lines behind TIME SERIES that hold anything, found without the reader. */
function linesOfNumbers(bytes) {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 0x1a)) end--;
  const lines = Buffer.from(bytes.subarray(0, end)).toString('latin1').split(/\r\n|\n|\r/);
  // It may stand behind the last numbers of the geometry, which are read by their count.
  const catalog = lines.findIndex((line) => /^[\d.e+\-\s]*\bCATALOG$/i.test(line.trim()));
  const series = lines.findIndex((line, at) => at > catalog && /^TIME SERIES\b\s*(?:'(.*?)'?)?$/i.test(line.trim()));
  return lines.slice(series + 1).filter((line) => /[^\0- ]/.test(line));
}

/** Reads a damaged file with everything that would read it; throws where a promise is not kept. Returns what became of it. */
export function checkFile(olga, kind, bytes, random) {
  const attempt = (read) => {
    try {
      return read();
    } catch (error) {
      if (error?.name === 'PenstockError' && error.code !== 'internal') return error.code;
      throw error;
    }
  };
  if (kind === 'genkey') {
    const genkey = attempt(() => olga.readGenkey(bytes));
    if (typeof genkey === 'string') return genkey;
    olga.lineGeometry(genkey);
    for (const { raw, start, end } of genkey.statements) if (genkey.text.slice(start, end) !== raw) throw new Error('a statement is not what stands in the text');
    const { keyword, assignments } = genkey.statements[Math.floor(random() * genkey.statements.length)];
    const key = [...assignments.keys()][0];
    const changed = key === undefined ? '' : attempt(() => olga.setGenkeyValue(genkey, `${keyword}.${key}`, 5, { occurrence: 1 }));
    return changed.startsWith('olga/') ? changed : 'read';
  }
  if (kind === 'profile') {
    const ppl = attempt(() => olga.readPpl(bytes));
    if (typeof ppl === 'string') return ppl;
    for (const [at, { size }] of ppl.variables.entries()) if (ppl.profiles[at].length !== size * ppl.steps) throw new Error('a profile has another length');
    return ppl.truncated ? 'cut' : 'read';
  }
  const shortRows = ['skip', 'pad', 'strict'][Math.floor(random() * 3)];
  const overlaps = random() < 0.3 ? 'keep-last' : 'keep';
  const tpl = attempt(() => olga.readTpl(bytes, { shortRows, overlaps: 'keep' }));
  if (typeof tpl === 'string') return tpl;
  checkTrend(tpl, bytes);
  attempt(() => olga.readCase({ caseId: 'x', tpl: { name: 'x', bytes } }, { shortRows, overlaps }));
  const select = (variable) => variable.index % 2 === 0;
  const some = attempt(() => olga.readTpl(bytes, { shortRows: 'skip', select }));
  if (typeof some !== 'string' && shortRows === 'skip' && some.rows < tpl.rows) throw new Error('fewer rows with fewer columns');
  return tpl.lines.skipped > 0 ? 'skipped' : tpl.truncated ? 'cut' : 'read';
}

/** A stream of the same bytes, cut at random into pieces of at most so many, must give the same. */
export async function checkStream(olga, bytes, random, mostPiece = 3000) {
  let whole;
  try {
    whole = olga.readTpl(bytes);
  } catch (error) {
    whole = error.code;
  }
  const pieces = async function* () {
    for (let at = 0, next = 0; at < bytes.length; at = next) {
      next = at + 1 + Math.floor(random() ** 2 * mostPiece);
      yield bytes.subarray(at, next);
    }
  };
  let end;
  const rows = [];
  try {
    for await (const chunk of olga.streamTpl(pieces(), { chunkBytes: 1 + Math.floor(random() * 3 * mostPiece) })) {
      if (chunk.kind === 'end') end = chunk;
      if (chunk.kind === 'rows') for (let row = 0; row < chunk.rows; row++) rows.push([chunk.seconds[row], ...chunk.columns.map((column) => column[row])]);
    }
  } catch (error) {
    if (error.code !== whole) throw error;
    return;
  }
  if (typeof whole === 'string') throw new Error(`the stream reads what the reader refuses with ${whole}`);
  const same = rows.length === whole.rows && rows.every((values, row) => values.every((value, column) => Object.is(value, (column === 0 ? whole.time.seconds : whole.columns[column - 1])[row])));
  if (!same) throw new Error('the stream gives other rows');
  for (const fact of ['truncated', 'skipped', 'segments', 'lines', 'lineEnding', 'warnings']) {
    if (JSON.stringify(end[fact]) !== JSON.stringify(whole[fact])) throw new Error(`the stream says ${fact}: ${JSON.stringify(end[fact])}, the reader ${JSON.stringify(whole[fact])}`);
  }
}
