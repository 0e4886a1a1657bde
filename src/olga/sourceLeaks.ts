import { locationValue } from './catalogLine.js';
import { openingWire } from './connections.js';
import type { Genkey, GenkeyStatement } from './genkeyFile.js';
import { leakSchedule, openByLines, timeTable, type Schedule } from './leakSchedule.js';
import { quantities } from './quantities.js';
import { sameLabel, textOf } from './readGenkey.js';
import type { TplSketch } from './tplFile.js';

/**
 * When a SOURCE takes out, by the manual controller wired to it, or by its own `TIME` and `MASSFLOW` (or `STDFLOWRATE`), whose values are
 * joined by straight lines. Unknown for one that also brings in, or that always takes out, as a sale does.
 */
export function sourceSchedule(genkey: Genkey, source: GenkeyStatement): Schedule {
  const known = { source: `SOURCE line ${source.line}` };
  const [name, dimension] = source.assignments.has('MASSFLOW') ? (['MASSFLOW', 'massFlow'] as const) : (['STDFLOWRATE', 'volumeFlow'] as const);
  const flows = quantities(source, name, dimension, []);
  if (flows === undefined || flows.some((flow) => flow > 0) || !flows.some((flow) => flow < 0)) return known;
  if (openingWire(genkey, source.component?.tag ?? '', textOf(source, 'LABEL') ?? '')) {
    const driven = leakSchedule(genkey, source, []);
    return flows.every((flow) => flow < 0) && driven.open?.some(({ start }) => start > -Infinity) ? driven : known;
  }
  const points = timeTable(source, name, dimension, []);
  if (points === undefined || points.every(({ value }) => value < 0)) return known;
  return { ...known, open: openByLines(points.map(({ time, value }) => ({ time, value: -value }))) };
}

/** The SOURCEs that take out at times by the input file alone: their flow (`GTSOUR`) was not recorded, which would count before it. */
export function unrecordedSources(tpl: TplSketch, genkey: Genkey): GenkeyStatement[] {
  const recorded = tpl.variables.filter(({ name }) => name.toUpperCase() === 'GTSOUR').map((variable) => locationValue(variable, 'SOURCE'));
  return genkey.statements.filter((statement) => statement.keyword === 'SOURCE'
    && !recorded.some((name) => sameLabel(name, textOf(statement, 'LABEL'))) && sourceSchedule(genkey, statement).open !== undefined);
}
