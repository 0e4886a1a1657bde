import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { PenstockError } from '../errors/index.js';
import { detectKind, pairFiles, pplTable, readCase, readPpl, type OlgaCase } from '../olga/index.js';
import { encodeParquet, type Table } from '../table/index.js';
import { inspectProfile } from './inspectProfile.js';
import { printJson, say } from './output.js';

const headBytes = 4096;

export interface InspectOptions {
  readonly json?: boolean;
  /** Parquet file to write what was read to: the series of a trend file, or profiles in long form. */
  readonly out?: string;
}

/** What a trend file holds: variables with roles, leaks from the input file that belongs to it, warnings. Or a profile file. */
export async function inspect(path: string, { json = false, out }: InspectOptions): Promise<void> {
  const file = resolve(path);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new PenstockError('storage/not-found', 'there is no such file', { file }, { cause });
  });
  if (detectKind(bytes) === 'profile') {
    const ppl = readPpl(bytes, { file: path });
    if (out !== undefined) await write(out, pplTable(ppl));
    inspectProfile(path, ppl, json);
    return;
  }
  const genkey = await findGenkey(file, bytes);
  const read = readCase({
    caseId: basename(file).replace(/\.[^.]*$/, ''), tpl: { name: path, bytes },
    ...(genkey && { genkey: { name: relative(process.cwd(), genkey), bytes: await readFile(genkey) } }),
  });
  if (out !== undefined) await write(out, read.table);
  const description = describe(path, read);
  if (json) printJson(description);
  else print(description, genkey && relative(process.cwd(), genkey));
}

async function write(out: string, table: Table): Promise<void> {
  if (!/\.parquet$/i.test(out)) throw new PenstockError('cli/usage', `--out ${out}: the name of a .parquet file is expected`, { key: '--out' });
  const cannot = (cause: unknown): never => { throw new PenstockError('storage/denied', 'the file cannot be written', { file: out }, { cause }); };
  await writeFile(`${out}.part`, encodeParquet(table)).catch(cannot);
  await rename(`${out}.part`, out).catch(cannot);
  say(`${out}: ${table.rows} rows, ${table.columns.length} columns`);
}

type Description = ReturnType<typeof describe>;

function describe(file: string, { tpl, table, leaks, warnings }: OlgaCase) {
  const role = new Map(table.columns.map((column) => [column.name, column]));
  return {
    file, kind: tpl.kind, rows: tpl.rows,
    time: { unit: tpl.time.unit, first: tpl.time.seconds[0] ?? null, last: tpl.time.seconds.at(-1) ?? null },
    variables: tpl.variables.map(({ index, name, key, unit, description, location }) => ({
      index, name, key, unit, description, role: role.get(key)?.role ?? 'measured',
      location: { ...(location.flag && { flag: location.flag }), ...(location.global && { global: true }), ...Object.fromEntries(location.keys) },
      ...(role.get(key)?.attributes?.['position_m'] !== undefined && { position_m: Number(role.get(key)!.attributes!['position_m']) }),
    })),
    leaks: leaks.map(({ name, position, diameter, intervals, consistent, provenance }) => ({
      name, position: position ?? null, diameter: diameter ?? null, intervals, consistent, provenance,
    })),
    warnings,
  };
}

async function findGenkey(file: string, bytes: Uint8Array): Promise<string | undefined> {
  const parent = dirname(dirname(file));
  const candidates = (await Promise.all([dirname(file), parent].map(async (folder) =>
    (await readdir(folder).catch(() => [])).filter((name) => /\.(genkey|key|inp)$/i.test(name)).map((name) => join(folder, name))))).flat();
  const files = [{ path: relative(parent, file), head: bytes.slice(0, headBytes) }, ...candidates.map((path) => ({ path: relative(parent, path) }))];
  const pair = pairFiles(files).cases.find(({ tpl }) => tpl === relative(parent, file));
  return pair?.genkey && join(parent, pair.genkey);
}

function print(of: Description, genkey: string | undefined): void {
  const lines = [
    `${of.file}: ${of.kind}, ${of.rows} rows, ${of.variables.length} variables, time ${of.time.first} to ${of.time.last} s`,
    `input file: ${genkey ?? 'none found'}`,
    '',
    ...of.variables.map((v) => `  ${String(v.index).padStart(4)}  ${v.role.padEnd(12)} ${v.key.padEnd(44)} ${v.unit.padEnd(8)} ${v.description}`),
    '',
    of.leaks.length === 0 ? 'no leak' : `${of.leaks.length} leak${of.leaks.length > 1 ? 's' : ''}`,
    ...of.leaks.flatMap((leak) => [
      `  ${leak.name}: ${leak.position === null ? 'position unknown' : `${leak.position} m`}, ${leak.diameter === null ? 'diameter unknown' : `${(leak.diameter * 1000).toFixed(2)} mm`}${leak.consistent ? '' : ', INCONSISTENT'}; ${leak.provenance}`,
      ...leak.intervals.map((i) => `    ${i.start} to ${i.end} s, peak ${Number(i.peakFlow).toPrecision(4)} kg/s`),
    ]),
    ...of.warnings.map((w) => `warning ${w.code}${w.line ? ` (line ${w.line})` : ''}: ${w.message}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
