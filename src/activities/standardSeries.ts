import { canonicalNames, convertUnits, dimensionOf, type Dimension } from '../olga/index.js';
import type { TplGenkeyConfig } from '../pipelines/index.js';
import type { Table } from '../table/index.js';
import { isSignal } from './selectSignals.js';

/** What was renamed and converted of one case: the metadata says it, so that nobody takes the series for the file. */
export interface SeriesStandard {
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  readonly converted: readonly { readonly column: string; readonly from: string; readonly to: string }[];
  /** Signals whose unit is not known, so that it was kept. */
  readonly unknown_units: readonly { readonly column: string; readonly unit: string }[];
}

/**
 * Signals under canonical names and in the units asked for; truth, clock and id columns stay, because their names tell their units.
 * Nothing asked for changes nothing and reports nothing.
 */
export function standardSeries(table: Table, { canonical_names: canonical, units }: Pick<TplGenkeyConfig, 'canonical_names' | 'units'>): { series: Table; standard?: SeriesStandard } {
  if (!canonical && units === undefined) return { series: table };
  const named = canonical ? canonicalNames(table) : table;
  const inUnits = convertUnits(named, { units: wantedUnits(units) });
  const columns = named.columns.map((column, at) => (isSignal(column) ? inUnits.columns[at]! : column));
  return {
    series: { ...named, columns },
    standard: {
      renamed: columns.flatMap((column, at) => (column.name === table.columns[at]!.name ? [] : [{ from: table.columns[at]!.name, to: column.name }])),
      converted: columns.flatMap((column, at) => (column.unit.toUpperCase() === table.columns[at]!.unit.toUpperCase() ? [] : [{ column: column.name, from: table.columns[at]!.unit, to: column.unit }])),
      unknown_units: units === undefined ? [] : columns.filter((column) => isSignal(column) && column.unit !== '' && dimensionOf(column.unit) === undefined).map(({ name, unit }) => ({ column: name, unit })),
    },
  };
}

const dimensions = { pressure: 'pressure', temperature: 'temperature', mass_flow: 'massFlow', volume_flow: 'volumeFlow', velocity: 'velocity', density: 'density' } as const;

function wantedUnits(units: TplGenkeyConfig['units']): Partial<Record<Dimension, string>> {
  const keys = Object.keys(dimensions) as (keyof typeof dimensions)[];
  return Object.fromEntries(keys.flatMap((key) => (units?.[key] === undefined ? [] : [[dimensions[key], units[key]]])));
}
