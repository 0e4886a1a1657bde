import type { Workbook } from 'exceljs';
import type { CellContent } from './cells.js';
import { addTableSheet } from './tableSheet.js';

export interface Setting {
  readonly key: string;
  readonly value: CellContent;
}

const longestList = 1000;

/** Every setting by its dotted key. */
export function addConfigSheet(workbook: Workbook, config: Readonly<Record<string, unknown>>, configHash: string): void {
  addTableSheet<Setting>(workbook, 'Config', {
    note: 'The settings that the result depends on.',
    columns: [
      { header: 'Key', width: 44, value: (row) => row.key },
      { header: 'Value', width: 90, wrap: true, value: (row) => row.value },
    ],
    rows: [{ key: 'config_hash', value: configHash }, ...settingsOf(config, '')],
  });
}

export function settingsOf(value: unknown, key: string): Setting[] {
  if (isRecord(value)) return Object.entries(value).flatMap(([name, inner]) => settingsOf(inner, key === '' ? name : `${key}.${name}`));
  if (value === undefined) return [];
  return [{ key, value: cellOf(value) }];
}

function cellOf(value: unknown): CellContent {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const list = Array.isArray(value) && value.every((item) => typeof item !== 'object') ? value.join(', ') : JSON.stringify(value);
  const count = Array.isArray(value) ? ` (${value.length} in all)` : '';
  return list.length > longestList ? `${list.slice(0, longestList)}…${count}` : list;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
