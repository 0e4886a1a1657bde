import { PenstockError } from '../../errors/index.js';
import type { FeatureOptions, SelectableGroup } from './group.js';

/**
 * Of the statistics that a group knows, the places of those that `values` keeps, in the group's own order.
 * @throws PenstockError `signal/invalid` for a statistic the group does not know.
 */
export function chosenValues(group: SelectableGroup, known: readonly string[], options: FeatureOptions): number[] {
  const asked = options.values?.[group];
  if (!asked) return known.map((_, at) => at);
  const strange = asked.find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new PenstockError('signal/invalid', `${group} has no statistic "${strange}"; allowed: ${known.join(', ')}`, { key: `values.${group}` });
  }
  return known.flatMap((name, at) => (asked.includes(name) ? [at] : []));
}
