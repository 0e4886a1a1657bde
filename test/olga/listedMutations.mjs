// Every known way in which a trend file differs from the plain one, made from a plain one, with what must come of it.
// Plain JavaScript, for the test and for scripts/fuzzOlga.mjs. Texts are Latin-1: one character, one byte.

/** Parts of a trend file that a mutation changes: lines without their ends. */
function partsOf(text) {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.trimEnd().split(end);
  const catalog = lines.findIndex((line) => line.trim() === 'CATALOG');
  const series = lines.findIndex((line, at) => at > catalog && line.startsWith('TIME SERIES'));
  return { end, head: lines.slice(0, catalog), count: lines[catalog + 1], catalog: lines.slice(catalog + 2, series), series: lines[series], rows: lines.slice(series + 1) };
}

function textOf({ end, head, count, catalog, series, rows }) {
  return [...head, 'CATALOG ', count, ...catalog, series, ...rows, ''].join(end);
}

const fieldsOf = (row) => row.trim().split(/\s+/);
const bytesOf = (text) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const changed = (change) => (text) => {
  const parts = partsOf(text);
  change(parts);
  return bytesOf(textOf(parts));
};
/** The row in the middle, which is neither the first nor, in files of three rows and more, the last. */
const middle = (rows) => rows.length >> 1;
const inMiddle = (change) => changed((parts) => {
  const fields = fieldsOf(parts.rows[middle(parts.rows)]);
  parts.rows[middle(parts.rows)] = change(fields).join(' ');
});
/** The last of two that have one name counts. */
const meta = (...lines) => changed((parts) => { parts.head.splice(parts.head.indexOf('NETWORK'), 0, ...lines); });
const utf16 = (text, big) => Uint8Array.from([...(big ? [0xfe, 0xff] : [0xff, 0xfe]), ...Array.from(text).flatMap((char) => (big ? [0, char.charCodeAt(0)] : [char.charCodeAt(0), 0]))]);

/** What a table must be: made from the plain one, which is `{ seconds, columns }` as arrays of numbers. */
const same = (plain) => plain;
const withoutRow = (at) => ({ seconds, columns }) => {
  const row = at(seconds);
  return { seconds: seconds.toSpliced(row, 1), columns: columns.map((column) => column.toSpliced(row, 1)) };
};
const withoutLast = withoutRow((rows) => rows.length - 1);
const withoutMiddle = withoutRow(middle);
const none = ({ columns }) => ({ seconds: [], columns: columns.map(() => []) });
/** The middle row with these values in its first columns. */
const middleIs = (...values) => ({ seconds, columns }) => ({ seconds, columns: columns.map((column, at) => (at < values.length ? column.with(middle(column), values[at]) : column)) });
const repeatedMiddle = ({ seconds, columns }) => ({ seconds: seconds.toSpliced(middle(seconds), 0, seconds[middle(seconds)]), columns: columns.map((column) => column.toSpliced(middle(column), 0, column[middle(column)])) });
const tail = (rows) => rows.slice(rows.length >> 1);
const appended = ({ seconds, columns }) => ({ seconds: [...seconds, ...tail(seconds)], columns: columns.map((column) => [...column, ...tail(column)]) });
const inUnit = (factor) => ({ seconds, columns }) => ({ seconds: seconds.map((value) => value * factor), columns });

/**
 * `change` makes the bytes; then `table` is what the columns must be, `warnings` the codes that must be among the warnings,
 * and `facts` what else the file must say; or `error` is the code of the refusal.
 */
export const listedMutations = [
  { name: 'none', change: bytesOf, table: same },
  { name: 'last row cut', change: (text) => bytesOf(text.trimEnd().slice(0, -5)), table: withoutLast, warnings: ['truncated'], facts: { truncated: true } },
  { name: 'header cut', change: (text) => bytesOf(text.slice(0, text.indexOf('CATALOG'))), error: 'olga/truncated' },
  { name: 'cut within the catalog', change: (text) => bytesOf(text.slice(0, text.indexOf('TIME SERIES'))), error: 'olga/truncated' },
  { name: 'header alone', change: changed((parts) => { parts.rows = []; }), table: none },
  { name: 'one row', change: changed((parts) => { parts.rows = parts.rows.slice(0, 1); }), table: ({ seconds, columns }) => ({ seconds: seconds.slice(0, 1), columns: columns.map((column) => column.slice(0, 1)) }) },
  { name: 'blank tail', change: (text) => bytesOf(`${text}\n \n\n`), table: same },
  { name: 'no final line end', change: (text) => bytesOf(text.trimEnd()), table: same },
  { name: 'Ctrl-Z and NULs behind it', change: (text) => bytesOf(`${text}\x1a\0\0\0`), table: same },
  { name: 'LF', change: (text) => bytesOf(text.replaceAll('\r\n', '\n')), table: same, facts: { lineEnding: 'lf' } },
  { name: 'CRLF', change: (text) => bytesOf(text.replaceAll(/\r?\n/g, '\r\n')), table: same, facts: { lineEnding: 'crlf' } },
  { name: 'CR', change: (text) => bytesOf(text.replaceAll(/\r?\n/g, '\r')), table: same, facts: { lineEnding: 'cr' } },
  { name: 'decimal commas', change: changed((parts) => { parts.rows = parts.rows.map((row) => row.replaceAll('.', ',')); }), table: same },
  ...['*****', 'NaN', '-nan(ind)', '1.#QNAN', '1.#INF', 'Infinity'].map((token) =>
    ({ name: token, change: inMiddle(([time, , ...rest]) => [time, token, ...rest]), table: middleIs(NaN), warnings: ['not-a-number'] })),
  { name: 'D exponents', change: changed((parts) => { parts.rows = parts.rows.map((row) => row.replaceAll(/e/gi, 'D')); }), table: same },
  { name: 'missing E', change: inMiddle(([time, , ...rest]) => [time, '1.5-102', ...rest]), table: middleIs(1.5e-102) },
  { name: 'underflow', change: inMiddle(([time, , ...rest]) => [time, '1e-320', ...rest]), table: middleIs(1e-320) },
  { name: 'glued negatives', change: inMiddle(([time, , , ...rest]) => [time, '1.0e+005-2.0e+000', ...rest]), table: middleIs(1e5, -2) },
  { name: 'title in Windows-1252', change: meta('TITLE', "'Tuber\xeda \x96 a\xf1o'"), table: same, facts: { encoding: 'windows-1252', meta: { TITLE: ['Tubería – año'] } } },
  { name: 'byte order mark', change: (text) => bytesOf(`\xef\xbb\xbf${text}`), table: same, facts: { encoding: 'utf-8' } },
  { name: 'UTF-16, little end first', change: (text) => utf16(text, false), table: same, facts: { encoding: 'utf-16le' } },
  { name: 'UTF-16, big end first', change: (text) => utf16(text, true), table: same, facts: { encoding: 'utf-16be' } },
  { name: 'catalog line twice', change: changed((parts) => { parts.catalog[1] = parts.catalog[0]; }), table: same, second: '#2' },
  { name: 'CATALOG as title', change: meta('TITLE', "'CATALOG'", 'PROJECT', "'TIME SERIES'"), table: same, facts: { meta: { TITLE: ['CATALOG'], PROJECT: ['TIME SERIES'] } } },
  { name: 'unknown key with two values', change: meta('SOMETHING NEW', "'x' 'y' "), table: same, facts: { meta: { 'SOMETHING NEW': ['x', 'y'] } } },
  { name: 'restart file', change: meta('RESTART FILE', "'a b.rsw'"), table: same },
  { name: 'unknown geometry block', change: changed((parts) => { parts.head.push('SOLIDBUNDLE', "'B $.'", '2', '0.0 1.0 2.0', '0 0 0'); }), table: same },
  { name: 'catalog count of a thousand million', change: changed((parts) => { parts.count = '1000000000'; }), table: same, warnings: ['catalog-count'] },
  { name: 'apostrophes', change: changed((parts) => { parts.catalog[0] = "PT 'POSITION:' 'PEDRO'S WELL' '(PA)' 'Operator's pressure'"; }), table: same },
  { name: 'wrapped rows', change: changed((parts) => { parts.rows = parts.rows.map((row) => fieldsOf(row).join(' ').replace(' ', '\n ')); parts.end = '\n'; }), table: same, warnings: ['rows-wrapped'] },
  { name: 'tabs', change: changed((parts) => { parts.rows = parts.rows.map((row) => fieldsOf(row).join('\t')); }), table: same },
  { name: 'minutes', change: changed((parts) => { parts.series = "TIME SERIES  ' (M)  '"; }), table: inUnit(60) },
  { name: 'hours', change: changed((parts) => { parts.series = "TIME SERIES  ' (h)  '"; }), table: inUnit(3600) },
  { name: 'days', change: changed((parts) => { parts.series = "TIME SERIES  ' (D)  '"; }), table: inUnit(86_400) },
  { name: 'fortnights', change: changed((parts) => { parts.series = "TIME SERIES  ' (FORTNIGHT)  '"; }), error: 'olga/syntax' },
  { name: 'a time twice', change: changed((parts) => { parts.rows.splice(middle(parts.rows), 0, parts.rows[middle(parts.rows)]); }), table: repeatedMiddle, warnings: ['time-duplicate'] },
  { name: 'restart rows', change: changed((parts) => { parts.rows.push(...tail(parts.rows)); }), table: appended, warnings: ['time-backwards'] },
  { name: 'restart rows, the last kept', options: { overlaps: 'keep-last' }, change: changed((parts) => { parts.rows.push(...tail(parts.rows)); }), table: same, warnings: ['time-backwards'] },
  { name: 'short row', change: inMiddle((fields) => fields.slice(0, -1)), table: withoutMiddle, warnings: ['rows-skipped'] },
  { name: 'short row, filled', options: { shortRows: 'pad' }, change: inMiddle((fields) => fields.slice(0, -1)), table: ({ seconds, columns }) => ({ seconds, columns: columns.map((column, at) => (at === columns.length - 1 ? column.with(middle(column), NaN) : column)) }), warnings: ['rows-padded'] },
  { name: 'short row, refused', options: { shortRows: 'strict' }, change: inMiddle((fields) => fields.slice(0, -1)), error: 'olga/ragged-row' },
  { name: 'long row', change: inMiddle((fields) => [...fields, '1.0']), table: withoutMiddle, warnings: ['rows-skipped'] },
  { name: 'a word', change: inMiddle(([time, , ...rest]) => [time, 'oops', ...rest]), table: withoutMiddle, warnings: ['rows-skipped'] },
  { name: 'a comma among points', change: inMiddle(([time, , ...rest]) => [time, '1,5', ...rest]), table: withoutMiddle, warnings: ['rows-skipped'] },
  { name: 'every row too long', change: changed((parts) => { parts.rows = parts.rows.map((row) => `${row.trimEnd()} 7.0`); }), error: 'olga/ragged-row' },
  { name: 'a profile file', change: (text) => bytesOf(text.replace('TIME PLOT', 'PROFILE PLOT')), error: 'olga/not-olga' },
];

/** Throws with what is wrong about the reading of a mutated file; `plain` is the file as it was, read. */
export function checkListed(olga, { name, change, table, error, warnings = [], facts = {}, options = {}, second }, text, plain) {
  const fail = (what) => { throw new Error(`${name}: ${what}`); };
  const bytes = change(text);
  let tpl;
  try {
    tpl = olga.readTpl(bytes, options);
  } catch (refusal) {
    if (refusal.code !== error) fail(`${refusal.code ?? refusal}, expected ${error ?? 'a table'}`);
    return bytes;
  }
  if (error !== undefined) fail(`read, expected ${error}`);
  const expected = table({ seconds: [...plain.time.seconds], columns: plain.columns.map((column) => [...column]) });
  const columns = [tpl.time.seconds, ...tpl.columns];
  for (const [at, column] of [expected.seconds, ...expected.columns].entries()) {
    if (columns[at].length !== column.length) fail(`column ${at} has ${columns[at].length} rows, expected ${column.length}`);
    const row = column.findIndex((value, index) => !Object.is(value, columns[at][index]));
    if (row >= 0) fail(`column ${at}, row ${row}: ${columns[at][row]}, expected ${column[row]}`);
  }
  if (tpl.columns.length !== expected.columns.length) fail(`${tpl.columns.length} columns`);
  const codes = tpl.warnings.map((warning) => warning.code);
  const usual = plain.warnings.map((warning) => warning.code);
  for (const code of warnings) if (!codes.includes(code)) fail(`no warning ${code} (${codes})`);
  for (const code of codes) if (!warnings.includes(code) && !usual.includes(code)) fail(`warning ${code}`);
  for (const [fact, value] of Object.entries(facts)) {
    const found = fact === 'meta' ? Object.fromEntries(Object.keys(value).map((key) => [key, tpl.meta[key]])) : tpl[fact];
    if (JSON.stringify(found) !== JSON.stringify(value)) fail(`${fact} is ${JSON.stringify(found)}`);
  }
  if (second !== undefined && !tpl.variables[1].key.endsWith(second)) fail(`the second variable is ${tpl.variables[1].key}`);
  const { total, perRow, skipped, cut, overlapped } = tpl.lines;
  if (total !== (tpl.rows + overlapped) * perRow + skipped + cut) fail(`${total} lines, but ${tpl.rows} rows of ${perRow}, ${skipped} skipped, ${cut} cut, ${overlapped} overlapped`);
  return bytes;
}
