import { PenstockError } from '../errors/index.js';
import { parseCatalogLine, splitQuoted, unreadableVariable, unwrapUnit } from './catalogLine.js';
import { nextFullLine, type LineCursor } from './lineCursor.js';
import { rereadOr, type TplLayout } from './knownLayout.js';
import { readGeometryBlock } from './readGeometryBlock.js';
import type { TplBranch, TplHeader, TplVariable, Warning } from './tplFile.js';

/** Names that a table built from the file adds itself; a variable that has one of them becomes `NAME#2`. */
const reservedKeys = ['TIME', 'LEAK', 'LEAK_FLOW_KG_S', 'LEAK_POSITION_M', 'LEAK_DIAMETER_M', 'SEGMENT'];

/**
 * Reads the header of a trend file section by section, by whole lines in their order, and leaves the cursor at the first
 * row of numbers. A title may therefore hold any word. Fails with `olga/not-olga`, or with `olga/truncated` naming the
 * section that is missing.
 */
export function readTplHeader(cursor: LineCursor, file: string | undefined, warnings: Warning[]): TplHeader {
  return readHeader(cursor, 'TIME PLOT', file, warnings);
}

/** The header of a trend file or of a profile file; they have the same sections. */
export function readHeader(cursor: LineCursor, kind: 'TIME PLOT' | 'PROFILE PLOT', file: string | undefined, warnings: Warning[]): TplHeader {
  const version = readVersion(cursor, file);
  readKind(cursor, kind, file);
  const { meta, stop } = readMeta(cursor, file);
  return { version, meta, ...rereadOr(cursor, stop, warnings, () => readLayout(cursor, stop, file, warnings)) };
}

function readLayout(cursor: LineCursor, stop: string, file: string | undefined, warnings: Warning[]): TplLayout {
  const { unit, branches, catalogFound } = readGeometry(cursor, stop, file, warnings);
  if (!catalogFound) throw truncated('CATALOG', cursor, file);
  return { geometry: { unit, branches }, ...readCatalog(cursor, file, warnings) };
}

function readVersion(cursor: LineCursor, file: string | undefined): string {
  const line = nextFullLine(cursor);
  const version = /^'OLGA\s+([^']+?)\s*'$/i.exec(line ?? '')?.[1];
  if (version === undefined) {
    const found = line === undefined ? 'the file is empty' : `the first line is ${JSON.stringify(line.slice(0, 60))}`;
    throw new PenstockError('olga/not-olga', `not an OLGA trend file: ${found}; a trend file begins with 'OLGA <version>'`, {
      file, line: Math.max(cursor.line, 1),
    });
  }
  return version;
}

function readKind(cursor: LineCursor, expected: 'TIME PLOT' | 'PROFILE PLOT', file: string | undefined): void {
  const kind = nextFullLine(cursor);
  if (kind === undefined) throw truncated(expected, cursor, file);
  if (kind.toUpperCase() === expected) return;
  const known: Record<string, string> = { 'PROFILE PLOT': 'a profile file (.ppl)', 'TIME PLOT': 'a trend file (.tpl)' };
  const what = known[kind.toUpperCase()] ?? `of the kind ${JSON.stringify(kind.slice(0, 60))}`;
  throw new PenstockError('olga/not-olga', `this OLGA file is ${what}; ${expected === 'TIME PLOT' ? 'a trend' : 'a profile'} file says ${expected} here`, { file, line: cursor.line });
}

type MetaStop = 'NETWORK' | 'GEOMETRY' | 'CATALOG';

/** `KEY` lines, each with its value on the next line, until the line that begins the next section. */
function readMeta(cursor: LineCursor, file: string | undefined): { meta: Record<string, string[]>; stop: string } {
  const meta: Record<string, string[]> = {};
  for (let line = nextFullLine(cursor); line !== undefined; line = nextFullLine(cursor)) {
    if (sectionOf(line) !== undefined) return { meta, stop: line };
    const before = { at: cursor.at, line: cursor.line };
    const value = nextFullLine(cursor);
    if (value === undefined) break;
    if (value.startsWith("'")) meta[line] = splitQuoted(value);
    else {
      // A key without a value: what came is the next key or section.
      meta[line] = [];
      cursor.at = before.at;
      cursor.line = before.line;
    }
  }
  throw truncated('NETWORK', cursor, file);
}

function sectionOf(line: string): MetaStop | undefined {
  const upper = line.toUpperCase();
  if (upper === 'NETWORK' || upper === 'CATALOG') return upper;
  return /^GEOMETRY\s*'/.test(upper) ? 'GEOMETRY' : undefined;
}

/** NETWORK, GEOMETRY and its blocks, up to the CATALOG line. All of it may be absent. */
function readGeometry(
  cursor: LineCursor, first: string, file: string | undefined, warnings: Warning[],
): { unit: string; branches: TplBranch[]; catalogFound: boolean } {
  const branches: TplBranch[] = [];
  let unit = '';
  let declared: number | undefined;
  for (let line: string | undefined = first; line !== undefined; line = nextFullLine(cursor)) {
    const section = sectionOf(line);
    if (section === 'CATALOG') {
      warnAboutBranches(declared, branches, cursor, warnings);
      return { unit, branches, catalogFound: true };
    }
    if (section === 'NETWORK') declared = Number(nextFullLine(cursor));
    else if (section === 'GEOMETRY') unit = unwrapUnit(/'(.*)'/.exec(line)?.[1] ?? '');
    else if (/^[A-Z][A-Z0-9_ ]*$/.test(line)) {
      const branch = readGeometryBlock(cursor, line, file, warnings);
      if (branch !== undefined) branches.push(branch);
    } else warnings.push({ code: 'header-line', message: `unknown header line ${JSON.stringify(line.slice(0, 60))}`, line: cursor.line });
  }
  return { unit, branches, catalogFound: false };
}

function warnAboutBranches(declared: number | undefined, branches: readonly TplBranch[], cursor: LineCursor, warnings: Warning[]): void {
  const found = branches.filter((branch) => branch.kind === 'BRANCH').length;
  if (declared === undefined || declared === found || declared === branches.length) return;
  warnings.push({ code: 'branch-count', message: `NETWORK says ${declared} branches, the geometry has ${found}`, line: cursor.line });
}

function readCatalog(
  cursor: LineCursor, file: string | undefined, warnings: Warning[],
): { variables: TplVariable[]; timeUnit: string } {
  const countLine = nextFullLine(cursor);
  if (countLine === undefined) throw truncated('CATALOG (its number of variables)', cursor, file);
  const declared = /^\d+$/.test(countLine) ? Number(countLine) : undefined;
  const variables: TplVariable[] = [];
  const taken = new Set(reservedKeys);
  // A line with quotes where the number belongs is already the first variable.
  let line = declared === undefined && countLine.includes("'") ? countLine : nextFullLine(cursor);
  for (; line !== undefined; line = nextFullLine(cursor)) {
    const timeUnit = /^TIME SERIES\b\s*(?:'(.*?)'?)?$/i.exec(line);
    if (timeUnit !== null) {
      if (declared !== variables.length) {
        warnings.push({
          code: 'catalog-count', line: cursor.line,
          message: `the catalog says ${JSON.stringify(countLine)} variables, ${variables.length} are listed before TIME SERIES`,
        });
      }
      return { variables, timeUnit: unwrapUnit(timeUnit[1] ?? 'S') };
    }
    const variable = parseCatalogLine(line, variables.length, taken);
    if (variable === undefined) {
      warnings.push({ code: 'catalog-line', message: `catalog line without unit and description: ${JSON.stringify(line.slice(0, 80))}`, line: cursor.line });
    }
    variables.push(variable ?? unreadableVariable(line, variables.length, taken));
  }
  throw truncated(`TIME SERIES (${variables.length} of ${declared ?? 'an unknown number of'} catalog lines read)`, cursor, file);
}

function truncated(section: string, cursor: LineCursor, file: string | undefined): PenstockError {
  return new PenstockError('olga/truncated', `the file ends at line ${cursor.line}, before ${section}`, { file, line: cursor.line });
}
