import { PenstockError } from '../errors/index.js';
import type { Role } from '../table/table.js';

/** A column as far as the check needs it. `sources` names the columns of the same table that it was computed from. */
export interface InputColumn {
  readonly name: string;
  readonly role: Role;
  readonly sources?: readonly string[];
}

/**
 * Checks that a model may learn from the wanted columns: measured ones, operational ones on request, and nothing that comes
 * from a truth, clock or id column, however many steps away.
 *
 * Throws `table/role` naming every column that may not be used, `table/column-missing` for unknown ones.
 */
export function checkModelInput(columns: readonly InputColumn[], wanted: readonly string[], { operational = false }: { operational?: boolean } = {}): void {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const missing = wanted.filter((name) => !byName.has(name));
  if (missing.length > 0) {
    throw new PenstockError('table/column-missing', `there is no column ${quoted(missing)}; there is ${quoted([...byName.keys()])}`, { key: missing[0] });
  }
  const allowed: readonly Role[] = operational ? ['measured', 'operational'] : ['measured'];
  const faults = wanted.flatMap((name) => {
    const cause = forbiddenSource(byName.get(name)!, byName, allowed);
    if (!cause) return [];
    return [cause.name === name ? `"${name}" is ${cause.role}` : `"${name}" comes from "${cause.name}", which is ${cause.role}`];
  });
  if (faults.length > 0) {
    throw new PenstockError('table/role', `these columns may not be model input: ${faults.join('; ')}; allowed are ${allowed.join(' and ')} columns`, { key: wanted[0] });
  }
}

/** The column itself or the first of its sources, near ones first, whose role is not allowed. */
function forbiddenSource(column: InputColumn, byName: ReadonlyMap<string, InputColumn>, allowed: readonly Role[]): InputColumn | undefined {
  const queue = [column];
  const seen = new Set(queue);
  for (const current of queue) {
    if (!allowed.includes(current.role)) return current;
    for (const name of current.sources ?? []) {
      const source = byName.get(name);
      if (source && !seen.has(source)) {
        seen.add(source);
        queue.push(source);
      }
    }
  }
  return undefined;
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `"${name}"`).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
