import type { GenkeyStatement } from './genkeyFile.js';
import { toBasicUnit, type Dimension } from './units.js';
import type { Warning } from './tplFile.js';

/**
 * The numbers of an assignment in seconds, metres, 1 or kg/s; an item's own unit goes before that of the list.
 * Undefined where the key is absent, holds something that is no number (a `$placeholder`), or has an unknown unit: the
 * last two are reported.
 */
export function quantities(
  statement: GenkeyStatement, name: string, dimension: Dimension, warnings: Warning[],
): number[] | undefined {
  const assignment = statement.assignments.get(name);
  if (assignment === undefined) return undefined;
  const values: number[] = [];
  for (const item of assignment.items) {
    const unit = item.rest[0] ?? assignment.unit;
    const factor = toBasicUnit(unit, dimension);
    if (item.number === undefined || factor === undefined) {
      const what = item.number === undefined ? `${JSON.stringify(item.text)} is not a number` : `the unit ${JSON.stringify(unit)} is not known for a ${dimension}`;
      warnings.push({ code: 'genkey-value', message: `${statement.keyword} ${name}: ${what}`, line: statement.line });
      return undefined;
    }
    values.push(scaled(item.number, factor));
  }
  return values;
}

/** The first number of an assignment, converted. */
export function quantity(statement: GenkeyStatement, name: string, dimension: Dimension, warnings: Warning[]): number | undefined {
  return quantities(statement, name, dimension, warnings)?.[0];
}

/** Divides where the factor is the inverse of a whole number, so that 20 mm is 0.02 m and not its neighbour. */
function scaled(value: number, factor: number): number {
  const inverse = Math.round(1 / factor);
  return factor < 1 && 1 / inverse === factor ? value / inverse : value * factor;
}
