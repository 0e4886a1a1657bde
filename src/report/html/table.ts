import { html, type Markup } from './markup.js';

export interface HtmlColumn<Row> {
  readonly header: string;
  readonly value: (row: Row) => number | string | null | undefined;
  /** Writes a number; without it numbers stand as they are. */
  readonly format?: ((value: number) => string) | undefined;
  readonly number?: boolean | undefined;
  readonly wide?: boolean | undefined;
  readonly tone?: ((row: Row) => 'good' | 'bad' | 'warn' | undefined) | undefined;
}

/** A table that can be sorted by its headings, at most `most` rows of it. */
export function htmlTable<Row>(caption: string, columns: readonly HtmlColumn<Row>[], rows: readonly Row[], most = 500): Markup {
  const shown = rows.slice(0, most);
  const cut = shown.length < rows.length ? html`<p class="quiet">The first ${shown.length} of ${rows.length} rows; all of them are in the data files beside this report.</p>` : null;
  const isNumber = (column: HtmlColumn<Row>): boolean => column.number ?? column.format !== undefined;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="sortable"><thead><tr>${columns.map((column) =>
    html`<th scope="col"${isNumber(column) ? html` class="number"` : null}><button type="button">${column.header}</button></th>`)}</tr></thead><tbody>${shown.map((row) =>
    html`<tr>${columns.map((column) => cell(column, row, isNumber(column)))}</tr>`)}</tbody></table></div>${cut}`;
}

function cell<Row>(column: HtmlColumn<Row>, row: Row, isNumber: boolean): Markup {
  const value = column.value(row);
  const names = [isNumber ? 'number' : '', column.wide ? 'wide' : '', column.tone?.(row) ?? ''].filter(Boolean).join(' ');
  const open = names ? html` class="${names}"` : null;
  if (typeof value !== 'number') return html`<td${open}>${value ?? ''}</td>`;
  if (!Number.isFinite(value)) return html`<td${open}></td>`;
  return html`<td${open} data-value="${value}">${column.format ? column.format(value) : value}</td>`;
}

export const written = {
  count: (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ' '),
  percent: (value: number): string => `${(100 * value).toFixed(1)} %`,
  seconds: (value: number): string => value.toFixed(1),
  score: (value: number): string => value.toFixed(4),
  two: (value: number): string => value.toFixed(2),
  short: (value: number): string => String(Number(value.toPrecision(5))),
} as const;
