import { openingWire, parametersOf } from './connections.js';
import type { Genkey, GenkeyStatement } from './genkeyFile.js';
import { quantities, quantity } from './quantities.js';
import { textOf } from './readGenkey.js';
import type { TplSegment, Warning } from './tplFile.js';
import type { Dimension } from './units.js';

/** A time during which something is open, in seconds; the ends are where the opening is just zero. */
export interface OpenTime {
  readonly start: number;
  readonly end: number;
}

export interface Schedule {
  /** Undefined where the input file does not say when the leak is open. */
  readonly open?: OpenTime[];
  /** Label of the controller that drives the leak. */
  readonly controller?: string;
  /** The statements it rests on. */
  readonly source: string;
}

/**
 * When a LEAK is open according to the input file: by the manual controller wired to its VALVESIG, else by its own
 * `TIME` and `OPENING`, else from its `TIME` on. Times are not limited to the run.
 */
export function leakSchedule(genkey: Genkey, leak: GenkeyStatement, warnings: Warning[]): Schedule {
  const label = textOf(leak, 'LABEL') ?? '';
  const wire = openingWire(genkey, leak.component?.tag ?? '', label);
  if (wire === undefined) return ownSchedule(leak, warnings);
  const parameters = parametersOf(genkey, wire.from);
  if (parameters === undefined) {
    warnings.push({ code: 'genkey-reference', message: `leak ${label} is driven by ${wire.from}, which is not in the file`, line: wire.line });
    return { source: `CONNECTION line ${wire.line}` };
  }
  const controller = textOf(parameters, 'LABEL') ?? wire.from;
  const source = `CONNECTION line ${wire.line}, ${wire.from} line ${parameters.line}`;
  const type = parameters.component?.type;
  if (type !== 'MANUALCONTROLLER') return { controller, source: `${source} (schedule unknown: ${type === undefined || type === '' ? 'no type' : type})` };
  const points = timeTable(parameters, 'SETPOINT', 'fraction', warnings);
  if (points === undefined) return { controller, source: `${source} (schedule unknown: no SETPOINT)` };
  const stroke = quantity(parameters, 'STROKETIME', 'time', warnings) ?? 0;
  const opening = quantity(parameters, 'OPENINGTIME', 'time', warnings) ?? stroke;
  const closing = quantity(parameters, 'CLOSINGTIME', 'time', warnings) ?? stroke;
  return { open: openBySteps(points, opening, closing), controller, source };
}

function ownSchedule(leak: GenkeyStatement, warnings: Warning[]): Schedule {
  const source = `LEAK line ${leak.line}`;
  if (leak.assignments.has('OPENING')) {
    const points = timeTable(leak, 'OPENING', 'fraction', warnings);
    return points === undefined ? { source } : { open: openByLines(points), source };
  }
  const start = quantity(leak, 'TIME', 'time', warnings);
  if (start === undefined && leak.assignments.has('TIME')) return { source };
  return { open: [{ start: start ?? 0, end: Infinity }], source };
}

export interface Point {
  readonly time: number;
  readonly value: number;
}

/** The points of a schedule, in the basic unit of the dimension; undefined where the statement does not say them. */
export function timeTable(statement: GenkeyStatement, name: string, dimension: Dimension, warnings: Warning[]): Point[] | undefined {
  const values = quantities(statement, name, dimension, warnings);
  const times = statement.assignments.has('TIME') ? quantities(statement, 'TIME', 'time', warnings) : [0];
  if (values === undefined || times === undefined || values.length === 0) return undefined;
  if (times.length !== values.length && values.length > 1) {
    warnings.push({ code: 'genkey-value', message: `${statement.keyword}: TIME has ${times.length} entries, ${name} has ${values.length}`, line: statement.line });
  }
  return times.flatMap((time, at) => {
    const value = values.length === 1 ? values[0] : values[at];
    return value === undefined ? [] : [{ time, value }];
  });
}

/** A controller goes to each set-point at its time, at the speed of one full stroke per opening or closing time. */
function openBySteps(points: readonly Point[], openingTime: number, closingTime: number): OpenTime[] {
  const open: OpenTime[] = [];
  let opening = points[0]!.value;
  let start = opening > 0 ? -Infinity : NaN;
  for (const [at, point] of points.entries()) {
    const next = points[at + 1]?.time ?? Infinity;
    if (Number.isNaN(start) && point.value > 0) start = point.time;
    const stroke = point.value > opening ? openingTime : closingTime;
    const arrival = point.time + Math.abs(point.value - opening) * stroke;
    if (!Number.isNaN(start) && point.value <= 0 && arrival <= next) {
      open.push({ start, end: arrival });
      start = NaN;
    }
    const share = arrival <= next ? 1 : (next - point.time) / (arrival - point.time);
    opening += (point.value - opening) * share;
  }
  if (!Number.isNaN(start)) open.push({ start, end: Infinity });
  return open;
}

/** A device's own openings are joined by straight lines, as recorded valve openings show. */
export function openByLines(points: readonly Point[]): OpenTime[] {
  const open: OpenTime[] = [];
  let start = points[0]!.value > 0 ? -Infinity : NaN;
  for (const [at, point] of points.entries()) {
    const before = points[at - 1];
    if (Number.isNaN(start) && point.value > 0 && before !== undefined) start = before.time;
    else if (!Number.isNaN(start) && point.value <= 0) {
      open.push({ start, end: point.time });
      start = NaN;
    }
  }
  if (!Number.isNaN(start)) open.push({ start, end: Infinity });
  return open;
}

/** An opening as it should show in one start or restart of the run. */
export interface ExpectedOpening extends OpenTime {
  readonly segment: TplSegment;
}

/** What of it falls into the run. */
export function withinRun(open: readonly OpenTime[], first: number, last: number): OpenTime[] {
  return open.filter((time) => time.start < last && time.end > first)
    .map((time) => ({ start: Math.max(time.start, first), end: Math.min(time.end, last) }));
}
