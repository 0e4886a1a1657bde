import type { Genkey, GenkeyStatement } from './genkeyFile.js';
import { quantities, quantity } from './quantities.js';
import { sameLabel, textOf } from './readGenkey.js';
import type { Warning } from './tplFile.js';

/** One pipe of a flow path; all lengths in metres, along the path from its inlet. */
export interface Pipe {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly length: number;
  /** Elevation gained from inlet to outlet. */
  readonly rise: number;
  readonly diameter?: number;
  readonly roughness?: number;
  readonly sections: number;
  /** Section boundaries, `sections + 1` of them, from `from` to `to`. */
  readonly boundaries: Float64Array;
}

export interface FlowPath {
  /** The label that trend files use, or the tag where there is none. */
  readonly name: string;
  readonly tag: string;
  readonly pipes: readonly Pipe[];
  readonly length: number;
  readonly sections: number;
  /** Metres of POSITION statements, by label in upper case. */
  readonly positions: ReadonlyMap<string, number>;
}

export interface LineGeometry {
  readonly flowPaths: readonly FlowPath[];
  readonly warnings: readonly Warning[];
}

/**
 * The pipes of every flow path of an input file, from `LENGTH` and `ELEVATION` or from `XEND` and `YEND`, with
 * `NSEGMENT` equal sections or the lengths of `LSEGMENT`.
 */
export function lineGeometry(genkey: Genkey): LineGeometry {
  let geometry = geometries.get(genkey);
  if (!geometry) geometries.set(genkey, (geometry = readGeometry(genkey)));
  return geometry;
}

/** Positions, leaks and the check of a pair all ask for it. */
const geometries = new WeakMap<Genkey, LineGeometry>();

function readGeometry(genkey: Genkey): LineGeometry {
  const warnings: Warning[] = [];
  const written = genkey.statements.filter((s) => s.component === undefined);
  const byHand = written.some((s) => s.keyword === 'PIPE') ? flowPathsByHand(written, warnings) : [];
  const tags = [...new Set(genkey.statements.filter((s) => s.component?.type === 'FLOWPATH').map((s) => s.component!.tag))];
  const flowPaths = tags.map((tag) => readFlowPath(tag, genkey.statements.filter((s) => s.component?.type === 'FLOWPATH' && s.component.tag === tag), warnings));
  return { flowPaths: [...flowPaths, ...byHand], warnings };
}

/**
 * Input files written by hand may have no NETWORKCOMPONENT. Their pipes follow a GEOMETRY, and a BRANCH that names this
 * GEOMETRY names the flow path; other statements say by BRANCH where they belong.
 */
function flowPathsByHand(statements: readonly GenkeyStatement[], warnings: Warning[]): FlowPath[] {
  const groups: GenkeyStatement[][] = [];
  for (const statement of statements) {
    if (statement.keyword === 'GEOMETRY' || (statement.keyword === 'PIPE' && groups.length === 0)) groups.push([]);
    if (statement.keyword === 'GEOMETRY' || statement.keyword === 'PIPE') groups.at(-1)!.push(statement);
  }
  const branches = statements.filter((statement) => statement.keyword === 'BRANCH');
  return groups.filter((group) => group.some((statement) => statement.keyword === 'PIPE')).map((group) => {
    const label = textOf(group[0]!, 'LABEL');
    const branch = branches.find((candidate) => group[0]!.keyword === 'GEOMETRY' && sameLabel(textOf(candidate, 'GEOMETRY'), label))
      ?? (groups.length === 1 ? branches[0] : undefined);
    const name = (branch && textOf(branch, 'LABEL')) ?? label ?? '';
    const positions = statements.filter((statement) => statement.keyword === 'POSITION' && (groups.length === 1 || sameLabel(textOf(statement, 'BRANCH'), name)));
    return readFlowPath(name, [...group, ...positions], warnings);
  });
}

/** The flow path that a statement belongs to: its component, or the BRANCH or FLOWPATH it names, or the only one there is. */
export function flowPathOf(flowPaths: readonly FlowPath[], statement: GenkeyStatement): FlowPath | undefined {
  if (statement.component !== undefined) return flowPaths.find((path) => sameLabel(path.tag, statement.component!.tag));
  const named = textOf(statement, 'BRANCH') ?? textOf(statement, 'FLOWPATH');
  return named === undefined ? (flowPaths.length === 1 ? flowPaths[0] : undefined) : flowPaths.find((path) => sameLabel(path.name, named) || sameLabel(path.tag, named));
}

function readFlowPath(tag: string, statements: readonly GenkeyStatement[], warnings: Warning[]): FlowPath {
  const parameters = statements.find((s) => s.keyword === 'PARAMETERS');
  const start = statements.find((s) => s.keyword === 'GEOMETRY');
  let x = (start && quantity(start, 'XSTART', 'length', warnings)) ?? 0;
  let y = (start && quantity(start, 'YSTART', 'length', warnings)) ?? 0;
  let at = 0;
  const pipes: Pipe[] = [];
  for (const statement of statements.filter((s) => s.keyword === 'PIPE')) {
    const xEnd = quantity(statement, 'XEND', 'length', warnings);
    const yEnd = quantity(statement, 'YEND', 'length', warnings);
    const rise = yEnd === undefined ? (quantity(statement, 'ELEVATION', 'length', warnings) ?? 0) : yEnd - y;
    const length = quantity(statement, 'LENGTH', 'length', warnings) ?? (xEnd === undefined ? undefined : Math.hypot(xEnd - x, rise));
    if (length === undefined) {
      warnings.push({ code: 'genkey-value', message: `PIPE ${textOf(statement, 'LABEL') ?? ''} has neither LENGTH nor XEND; it is left out`, line: statement.line });
      continue;
    }
    pipes.push(pipeOf(statement, at, length, rise, warnings));
    at = pipes.at(-1)!.to;
    x = xEnd ?? x + Math.sqrt(Math.max(length * length - rise * rise, 0));
    y += rise;
  }
  const path: FlowPath = {
    name: (parameters && textOf(parameters, 'LABEL')) ?? tag,
    tag,
    pipes,
    length: at,
    sections: pipes.reduce((sum, pipe) => sum + pipe.sections, 0),
    positions: new Map(),
  };
  const positions = new Map<string, number>();
  for (const statement of statements.filter((s) => s.keyword === 'POSITION')) {
    const label = textOf(statement, 'LABEL');
    const metres = placeOf(path, statement, warnings)?.position;
    if (label !== undefined && metres !== undefined) positions.set(label.toUpperCase(), metres);
  }
  return { ...path, positions };
}

function pipeOf(statement: GenkeyStatement, from: number, length: number, rise: number, warnings: Warning[]): Pipe {
  const label = textOf(statement, 'LABEL') ?? '';
  const lengths = quantities(statement, 'LSEGMENT', 'length', warnings);
  const declared = statement.assignments.get('NSEGMENT')?.items[0]?.number;
  const listed = lengths !== undefined && lengths.length > 1 ? lengths.length : undefined;
  if (listed !== undefined && declared !== undefined && listed !== declared) {
    warnings.push({ code: 'genkey-value', message: `PIPE ${label}: NSEGMENT is ${declared}, LSEGMENT lists ${listed}`, line: statement.line });
  }
  // A count without its list is bounded: nobody cuts one pipe into a million sections.
  const sections = listed ?? Math.min(Math.max(Math.round(declared ?? 1), 1), 1_000_000);
  const boundaries = new Float64Array(sections + 1);
  boundaries[0] = from;
  for (let at = 1; at < sections; at++) {
    boundaries[at] = listed === undefined ? from + (length * at) / sections : boundaries[at - 1]! + lengths![at - 1]!;
  }
  boundaries[sections] = from + length;
  const diameter = quantity(statement, 'DIAMETER', 'length', warnings);
  const roughness = quantity(statement, 'ROUGHNESS', 'length', warnings);
  return {
    label, from, to: from + length, length, rise, sections, boundaries,
    ...(diameter === undefined ? {} : { diameter }), ...(roughness === undefined ? {} : { roughness }),
  };
}

export interface Place {
  /** Metres along the flow path. */
  readonly position: number;
  readonly section?: { readonly from: number; readonly to: number };
}

/**
 * Where a device stands: `ABSPOSITION`, or `PIPE` with `SECTION` (its middle), `SECTIONBOUNDARY` or `RELDISTANCE`, or
 * the label of a POSITION. Undefined where nothing of it can be resolved.
 */
export function placeOf(path: FlowPath, statement: GenkeyStatement, warnings: Warning[]): Place | undefined {
  const absolute = quantity(statement, 'ABSPOSITION', 'length', warnings);
  if (absolute !== undefined) return placeAt(path, absolute);
  const label = textOf(statement, 'POSITION');
  if (label !== undefined) {
    const metres = path.positions.get(label.toUpperCase());
    if (metres !== undefined) return placeAt(path, metres);
  }
  const pipeLabel = textOf(statement, 'PIPE');
  const pipe = path.pipes.find((candidate) => sameLabel(candidate.label, pipeLabel));
  if (pipe !== undefined) {
    const relative = quantity(statement, 'RELDISTANCE', 'length', warnings);
    if (relative !== undefined) return placeAt(path, pipe.from + relative);
    const section = statement.assignments.get('SECTION')?.items[0]?.number;
    if (section !== undefined) return placeInPipe(pipe, section, 'SECTION');
    const boundary = statement.assignments.get('SECTIONBOUNDARY')?.items[0]?.number;
    if (boundary !== undefined) return placeInPipe(pipe, boundary, 'BOUNDARY');
  }
  const reference = label ?? pipeLabel;
  if (reference !== undefined) {
    warnings.push({ code: 'genkey-reference', message: `${statement.keyword} stands at ${JSON.stringify(reference)}, which is not in the file`, line: statement.line });
  }
  return undefined;
}

/** The middle of section `nr` of a pipe, or its boundary `nr` (1 is the pipe's inlet). */
export function placeInPipe(pipe: Pipe, nr: number, flag: 'SECTION' | 'BOUNDARY'): Place | undefined {
  if (flag === 'BOUNDARY') {
    const position = pipe.boundaries[nr - 1];
    return position === undefined ? undefined : { position };
  }
  const from = pipe.boundaries[nr - 1];
  const to = pipe.boundaries[nr];
  return from === undefined || to === undefined ? undefined : { position: (from + to) / 2, section: { from, to } };
}

function placeAt(path: FlowPath, position: number): Place {
  const pipe = path.pipes.find((candidate) => position >= candidate.from && position < candidate.to)
    ?? (position === path.length ? path.pipes.at(-1) : undefined);
  if (pipe === undefined) return { position };
  let at = 0;
  while (at < pipe.sections - 1 && pipe.boundaries[at + 1]! <= position) at++;
  return { position, section: { from: pipe.boundaries[at]!, to: pipe.boundaries[at + 1]! } };
}
