/** What a cell may hold. Dates are not among them: a workbook says nothing of the time it was made. */
export type CellContent = string | number | boolean | null;

const longestText = 32_767;
/** What XML forbids, halves of surrogate pairs among them. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/**
 * A value as a sheet can hold it. Numbers without a cell form (NaN, infinite) become empty; text loses its control
 * characters, and text that a spreadsheet would read as a formula after an export to CSV is led by an apostrophe.
 */
export function safeCell(value: CellContent | undefined): CellContent {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' ? safeText(value) : value;
}

function safeText(text: string): string {
  const clean = text.replace(forbidden, '');
  const guarded = /^[\s]*[=+\-@\t\r]/.test(clean) ? `'${clean}` : clean;
  return guarded.length > longestText ? `${guarded.slice(0, longestText - 1)}…`.replace(forbidden, '') : guarded;
}

export const formats = {
  count: '#,##0',
  percent: '0.0%',
  seconds: '#,##0.0',
  hours: '#,##0.00',
  score: '0.0000',
  number: '#,##0.###',
} as const;
