import type { Column } from '../table/table.js';

export type Quantity = 'pressure' | 'flow' | 'temperature' | 'other';

const units: Readonly<Record<string, Quantity>> = {
  ...of('pressure', 'PA KPA MPA BAR BARA BARG MBAR PSI PSIA PSIG ATM'),
  ...of('flow', 'KG/S KG/H KG/D LB/S LB/H T/H M3/S M3/H M3/D SM3/S SM3/H SM3/D L/S STB/D BBL/D BPD FT3/S SCF/D GPM'),
  ...of('temperature', 'C K F R'),
};

/** What a column measures, by its unit in any case. Mass and volume flow are both `flow`. */
export function quantityOf(column: Column): Quantity {
  const unit = column.unit.toUpperCase().replaceAll(' ', '');
  return Object.hasOwn(units, unit) ? units[unit]! : 'other';
}

function of(quantity: Quantity, names: string): Record<string, Quantity> {
  return Object.fromEntries(names.split(' ').map((name) => [name, quantity]));
}
