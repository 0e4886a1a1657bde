import { PenstockError } from '../../errors/index.js';
import type { BundleSignal } from '../../learning/index.js';
import { canonicalNames, convertUnits, dimensionOf } from '../../olga/index.js';
import type { Column, Table } from '../../table/index.js';

/** A recording cut down to what the model reads, in the units it was trained in. */
export interface FittedSignals {
  readonly table: Table;
  /** Signals of the model that the recording does not have. */
  readonly missing: readonly string[];
  /** What was converted or assumed. */
  readonly notes: readonly string[];
}

/**
 * Keeps the clocks and the model's signals, converted to the model's units. Truth, labels and everything else is left out, so
 * that nothing but the signals can decide.
 * @throws PenstockError `table/invalid` for a unit that cannot be converted.
 */
export function fitSignals(recorded: Table, signals: readonly BundleSignal[]): FittedSignals {
  const notes: string[] = [];
  const missing: string[] = [];
  const clocks = recorded.columns.filter((column) => column.role === 'clock').map(asSeconds);
  // Ingest may have given canonical names; a recording that was not ingested has those of its file.
  const canonical = canonicalNames(recorded);
  const columns = signals.flatMap((signal) => {
    const named = ({ name }: Column): boolean => name === signal.name;
    const found = recorded.columns.find(named) ?? canonical.columns.find(named);
    if (!found) {
      missing.push(signal.name);
      return [];
    }
    return [inUnit(found, signal, notes)];
  });
  return { table: { rows: recorded.rows, columns: [...clocks, ...columns], metadata: {} }, missing, notes };
}

function asSeconds(column: Column): Column {
  // CSV does not say units; its column `time` is in seconds.
  return column.name.toLowerCase() === 'time' && column.unit === '' ? { ...column, unit: 's' } : column;
}

function inUnit(column: Column, { name, unit, role }: BundleSignal, notes: string[]): Column {
  if (typeof column.values[0] === 'string') throw new PenstockError('table/invalid', `${name} holds text; numbers are needed`, { key: name });
  const values = Float64Array.from(column.values as ArrayLike<number>);
  const own: Column = { ...column, role, values };
  if (column.unit === '' && unit !== '') {
    notes.push(`${name} has no unit; ${unit} is assumed`);
    return { ...own, unit };
  }
  if (sameUnit(column.unit, unit)) return { ...own, unit };
  const dimension = dimensionOf(unit);
  if (dimension !== undefined && dimensionOf(column.unit) === dimension) {
    const converted = convertUnits({ rows: values.length, columns: [own], metadata: {} }, { units: { [dimension]: unit } }).columns[0]!;
    if (sameUnit(converted.unit, unit)) {
      notes.push(`${name} was converted from ${column.unit} to ${unit}`);
      return converted;
    }
  }
  throw new PenstockError('table/invalid', `${name} is in ${column.unit}; the model needs ${unit || 'a number without unit'}, and there is no way from one to the other`, { key: name });
}

function sameUnit(one: string, other: string): boolean {
  return one.toUpperCase() === other.toUpperCase();
}
