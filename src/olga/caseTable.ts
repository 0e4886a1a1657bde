import type { CaseNames, CaseSummary } from './caseInput.js';
import type { Leaks } from './deriveLeaks.js';
import type { Leak } from './leak.js';
import type { Genkey } from './genkeyFile.js';
import type { LineGeometry } from './lineGeometry.js';
import type { Column, Role, Table } from '../table/table.js';
import type { TplFile, TplVariable } from './tplFile.js';
import { variablePosition } from './variablePosition.js';

interface CaseParts {
  readonly input: CaseNames;
  readonly tpl: TplFile;
  readonly genkey: Genkey | undefined;
  readonly geometry: LineGeometry | undefined;
  readonly leaks: readonly Leak[];
  /** The labels of the rows that are held. */
  readonly labels: Pick<Leaks, 'flow' | 'state' | 'active'>;
  readonly roles: readonly Role[];
  readonly summary: CaseSummary;
  readonly select: ((variable: TplVariable) => boolean) | undefined;
}

/**
 * The series of a case as a table: `time` (s), every selected variable under its key in the unit of the file, and the
 * labels, one per row:
 *
 * - `LEAK`: 1 where at least one leak flows, else 0
 * - `LEAK_FLOW_kg_s`: sum of |GTLEAK|; NaN where a leak is open and its flow was not recorded
 * - `LEAK_POSITION_m`: metres from the inlet of the largest leak that flows; NaN where none flows or it is not known
 * - `LEAK_DIAMETER_m`: its diameter; 0 where none flows, NaN where it is not known
 *
 * Where time runs backwards, `segment` after `time` counts the starts and restarts from 0 (int32, a clock); it is absent
 * where there is but one. A window that holds two of its values straddles a restart: its rows do not follow one another.
 *
 * Metadata: `penstock.case` is a JSON text with caseId, olgaVersion, sources, line and leaks.
 */
export function caseTable(parts: CaseParts): Table {
  const { tpl, leaks, labels } = parts;
  const columns: Column[] = [
    { name: 'time', values: tpl.time.seconds, unit: 's', role: 'clock', attributes: { name: 'TIME', description: 'Time since the start of the case', file_unit: tpl.time.unit } },
    ...(tpl.segments.length > 1 ? [segmentColumn(tpl)] : []),
    ...tpl.variables.flatMap((variable, at) => (parts.select?.(variable) ?? true ? [variableColumn(parts, variable, at)] : [])),
    ...labelColumns(leaks, labels),
  ];
  return { rows: tpl.rows, columns, metadata: { 'penstock.case': JSON.stringify(caseFacts(parts)) } };
}

function segmentColumn({ time, segments }: TplFile): Column {
  const values = new Int32Array(time.seconds.length);
  for (const [at, { from, to }] of segments.entries()) values.fill(at, from, to);
  return { name: 'segment', values, unit: '', role: 'clock', attributes: { description: 'Number of the start or restart' } };
}

function variableColumn(parts: CaseParts, variable: TplVariable, at: number): Column {
  const position = variablePosition(variable, parts.geometry, parts.genkey);
  const attributes: Record<string, string> = { name: variable.name, description: variable.description };
  if (variable.location.flag !== undefined) attributes['flag'] = variable.location.flag;
  if (variable.location.global) attributes['global'] = 'true';
  for (const [key, value] of variable.location.keys) attributes[key.toLowerCase()] = value;
  if (position !== undefined) attributes['position_m'] = String(position);
  return { name: variable.key, values: parts.tpl.columns[at]!, unit: variable.unit === '-' ? '' : variable.unit, role: parts.roles[at]!, attributes };
}

/** One value per row of `labels`. */
export function labelColumns(leaks: readonly Leak[], { flow, state, active }: Pick<Leaks, 'flow' | 'state' | 'active'>): Column[] {
  const position = new Float64Array(active.length).fill(NaN);
  const diameter = new Float64Array(active.length);
  const positions = Float64Array.from(leaks, (leak) => leak.position ?? NaN);
  const diameters = Float64Array.from(leaks, (leak) => leak.diameter ?? NaN);
  for (let row = 0; row < active.length; row++) {
    const at = active[row]!;
    if (at < 0) continue;
    position[row] = positions[at]!;
    diameter[row] = diameters[at]!;
  }
  return [
    { name: 'LEAK', values: state, unit: '', role: 'truth', attributes: { description: '1 while a leak flows' } },
    { name: 'LEAK_FLOW_kg_s', values: flow, unit: 'kg/s', role: 'truth', attributes: { description: 'Mass flow out of all leaks' } },
    { name: 'LEAK_POSITION_m', values: position, unit: 'm', role: 'truth', attributes: { description: 'Distance of the leak from the inlet' } },
    { name: 'LEAK_DIAMETER_m', values: diameter, unit: 'm', role: 'truth', attributes: { description: 'Diameter of the leak' } },
  ];
}

function caseFacts({ input, tpl, summary, leaks }: CaseParts): object {
  return {
    caseId: input.caseId,
    olgaVersion: tpl.version,
    sources: { tpl: input.tpl.name, ...(input.genkey && { genkey: input.genkey.name }) },
    line: { length_m: summary.length ?? null, sections: summary.sections ?? null },
    leaks,
  };
}
