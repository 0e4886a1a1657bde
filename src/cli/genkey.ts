import { readFile, rename, writeFile } from 'node:fs/promises';
import { PenstockError } from '../errors/index.js';
import { findAssignment, parseGenkeyValue, readGenkey, setGenkeyBytes, type GenkeyAssignment, type GenkeyStatement } from '../olga/index.js';
import { printJson, say } from './output.js';

interface Which {
  readonly occurrence?: number;
  readonly label?: string;
}
export interface GetOptions extends Which {
  readonly json?: boolean;
}
export interface SetOptions extends Which {
  readonly out?: string;
}

/** Prints the statements of a keyword, one value, or, without a path, the whole file as it is understood. */
export async function getValue(file: string, path: string | undefined, { json = false, ...which }: GetOptions): Promise<void> {
  const genkey = readGenkey(await bytesOf(file), { file });
  if (path?.includes('.')) {
    const { statement, key } = findAssignment(genkey, path, which);
    const assignment = statement.assignments.get(key)!;
    if (json) printJson({ file, line: statement.line, ...valueOf(assignment) });
    else process.stdout.write(`${textOf(assignment)}\n`);
    return;
  }
  const keyword = path?.toUpperCase();
  const chosen = genkey.statements.filter((statement) => keyword === undefined || statement.keyword === keyword)
    .filter((statement) => which.label === undefined || statement.assignments.get('LABEL')?.items[0]?.text.toUpperCase() === which.label.toUpperCase())
    .filter((_, at) => which.occurrence === undefined || at === which.occurrence - 1);
  // Names the keywords that are there.
  if (chosen.length === 0) findAssignment(genkey, `${path ?? ''}.*`, which);
  if (json) printJson(chosen.map(described));
  else process.stdout.write(`${chosen.map((statement) => `${statement.line}: ${statement.keyword} ${[...statement.assignments.values()].map((one) => `${one.name}=${textOf(one)}`).join(', ')}`.trimEnd()).join('\n')}\n`);
}

/** Changes one value; the file is replaced as a whole, or `out` written instead. */
export async function setValue(file: string, assignment: string, { out = file, ...which }: SetOptions): Promise<void> {
  const at = assignment.indexOf('=');
  if (at < 0) throw new PenstockError('cli/usage', 'expected KEYWORD.KEY=value', { key: assignment });
  const path = assignment.slice(0, at).trim();
  const bytes = await bytesOf(file);
  const { statement, key } = findAssignment(readGenkey(bytes, { file }), path, which);
  const before = statement.assignments.get(key)!;
  const { value, unit } = parseGenkeyValue(assignment.slice(at + 1), before);
  const changed = setGenkeyBytes(bytes, path, value, { file, ...which, ...(unit !== undefined && { unit }) });
  await writeFile(`${out}.part`, changed);
  await rename(`${out}.part`, out);
  const after = findAssignment(readGenkey(changed, { file }), path, which).statement.assignments.get(key)!;
  say(`${out}, line ${statement.line}: ${path} was ${textOf(before)}, is ${textOf(after)}`);
}

async function bytesOf(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new PenstockError('storage/not-found', 'there is no such file', { file }, { cause });
  });
}

function described(statement: GenkeyStatement) {
  return {
    keyword: statement.keyword, line: statement.line, ...(statement.component && { component: statement.component }),
    keys: Object.fromEntries([...statement.assignments].map(([name, assignment]) => [name, valueOf(assignment)])),
  };
}

function valueOf({ items, unit }: GenkeyAssignment) {
  const values = items.map((item) => item.number ?? [item.text, ...item.rest].join(' '));
  return { value: values.length === 1 ? values[0] : values, ...(unit !== undefined && { unit }) };
}

function textOf({ items, unit }: GenkeyAssignment): string {
  const texts = items.map((item) => (item.number !== undefined ? item.text : [item.quoted ? `"${item.text}"` : item.text, ...item.rest].join(' ')));
  return `${texts.length === 1 ? texts[0] : `(${texts.join(', ')})`}${unit === undefined ? '' : ` ${unit}`}`;
}
