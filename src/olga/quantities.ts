import type { GenkeyStatement } from './genkeyFile.js';
import { toBasic, unitScale, type Dimension } from './units.js';
import type { Warning } from './tplFile.js';

/**
 * The numbers of an assignment in the basic unit of the dimension (seconds, metres, 1, kg/s, absolute Pa, K ...); an item's own unit goes before that of the list.
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
    const scale = unitScale(unit, dimension);
    if (item.number === undefined || scale === undefined) {
      const what = item.number === undefined ? `${JSON.stringify(item.text)} is not a number` : `the unit ${JSON.stringify(unit)} is not known for a ${dimension}`;
      warnings.push({ code: 'genkey-value', message: `${statement.keyword} ${name}: ${what}`, line: statement.line });
      return undefined;
    }
    values.push(toBasic(item.number, scale));
  }
  return values;
}

/** The first number of an assignment, converted. */
export function quantity(statement: GenkeyStatement, name: string, dimension: Dimension, warnings: Warning[]): number | undefined {
  return quantities(statement, name, dimension, warnings)?.[0];
}
