import { PenstockError } from '../errors/index.js';
import type { Column, Table } from '../table/table.js';
import { dimensionOf, fromBasic, toBasic, unitScale, type Dimension } from './units.js';

export type UnitSystem = 'si' | 'metric' | 'field';

const systems: Readonly<Record<UnitSystem, Partial<Record<Dimension, string>>>> = {
  si: { pressure: 'Pa', temperature: 'K', massFlow: 'kg/s', volumeFlow: 'm3/s', length: 'm', velocity: 'm/s', density: 'kg/m3', mass: 'kg', volume: 'm3', compressibility: '1/Pa' },
  metric: { pressure: 'bara', temperature: 'C', massFlow: 'kg/s', volumeFlow: 'm3/h', length: 'm', velocity: 'm/s', density: 'kg/m3', mass: 'kg', volume: 'm3', compressibility: '1/bar' },
  field: { pressure: 'psia', temperature: 'F', massFlow: 'lb/s', volumeFlow: 'bbl/d', length: 'ft', velocity: 'ft/s', density: 'lb/ft3', mass: 'lb', volume: 'bbl', compressibility: '1/psi' },
};

export interface ConvertUnitsOptions {
  readonly system?: UnitSystem;
  /** Units by dimension, over those of the system, such as `{ pressure: 'barg' }`. */
  readonly units?: Partial<Record<Dimension, string>>;
}

/**
 * The table with its columns in the units of a system. Columns whose unit is not known or has no place in the system,
 * text, and clocks stay as they are. Standard volume flows keep their `S`. The attribute `file_unit` tells the unit before.
 * Errors: `table/invalid` for a unit that is not one of its dimension.
 */
export function convertUnits(table: Table, options: ConvertUnitsOptions): Table {
  const wanted: Partial<Record<Dimension, string>> = { ...(options.system && systems[options.system]), ...options.units };
  for (const [dimension, unit] of Object.entries(wanted) as [Dimension, string][]) {
    if (unitScale(unit, dimension) === undefined) throw new PenstockError('table/invalid', `${JSON.stringify(unit)} is no known unit of ${dimension}`, { key: dimension });
  }
  return { ...table, columns: table.columns.map((column) => converted(column, wanted)) };
}

function converted(column: Column, wanted: Partial<Record<Dimension, string>>): Column {
  const dimension = column.role === 'clock' ? undefined : dimensionOf(column.unit);
  const target = dimension && wanted[dimension];
  const { values } = column;
  if (dimension === undefined || target === undefined || !(values instanceof Float64Array || values instanceof Float32Array)) return column;
  // A standard volume is no volume at the line's conditions.
  const standard = dimension === 'volumeFlow' && /^S/i.test(column.unit);
  const unit = standard && /^m3/i.test(target) ? `S${target}` : target;
  if (unit.toUpperCase() === column.unit.toUpperCase()) return { ...column, unit };
  if (standard && unit === target) return column;
  const from = unitScale(column.unit, dimension)!;
  const to = unitScale(unit, dimension)!;
  const convert = (value: number): number => fromBasic(toBasic(value, from), to);
  return {
    ...column, unit, values: values instanceof Float64Array ? values.map(convert) : values.map(convert),
    attributes: { ...column.attributes, file_unit: column.attributes?.['file_unit'] ?? column.unit },
  };
}
