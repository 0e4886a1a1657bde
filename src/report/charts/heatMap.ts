import { PenstockError } from '../../errors/index.js';
import { ink } from './palette.js';
import { element, picture, text } from './svg.js';
import { fitText, textWidth } from './textWidth.js';

export interface HeatMapData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly rowTitle: string;
  readonly columnTitle: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** 0 to 1 by row and column; null where there is none. */
  readonly shares: readonly (readonly (number | null)[])[];
  /** Small text under each share, such as its interval. */
  readonly notes?: readonly (readonly string[])[] | undefined;
}

const cell = { width: 84, height: 44 };

/** Shares as coloured cells with their numbers: how likely a leak of a size is found within a time. */
export function heatMap(data: HeatMapData): string {
  const { rows, columns, shares, notes, title, subtitle } = data;
  if (shares.length !== rows.length || shares.some((row) => row.length !== columns.length)) {
    throw new PenstockError('evaluation/invalid', `a map of ${rows.length} by ${columns.length} needs as many shares; found ${shares.length} rows of ${shares.map((row) => row.length).join(', ')}`);
  }
  const names = rows.map((name) => fitText(name, 200, 12));
  const left = 30 + Math.max(textWidth(data.rowTitle, 12), ...names.map((name) => textWidth(name, 12)), 40);
  const top = (subtitle ? 52 : 34) + 46;
  const width = Math.ceil(Math.max(left + columns.length * cell.width + 24, textWidth(title, 16, true) + 48, Math.min(textWidth(subtitle ?? '', 12) + 48, 820)));
  let content = text(20, 28, fitText(title, width - 40, 16, true), { size: 16, bold: true });
  if (subtitle) content += text(20, 47, fitText(subtitle, width - 40, 12), { fill: ink.muted });
  content += text(left + (columns.length * cell.width) / 2, top - 26, data.columnTitle, { fill: ink.muted, anchor: 'middle' });
  content += text(left - 9, top - 8, data.rowTitle, { fill: ink.muted, anchor: 'end' });
  columns.forEach((name, c) => (content += text(left + (c + 0.5) * cell.width, top - 8, name, { anchor: 'middle' })));
  rows.forEach((_, r) => {
    const y = top + r * cell.height;
    content += text(left - 9, y + cell.height / 2 + 4, names[r]!, { anchor: 'end' });
    columns.forEach((_, c) => (content += cellOf(left + c * cell.width, y, shares[r]![c]!, notes?.[r]?.[c])));
  });
  if (rows.length === 0) content += text(left, top + 20, 'nothing to show', { fill: ink.muted });
  return picture(width, Math.ceil(top + Math.max(1, rows.length) * cell.height + 20), title, content);
}

function cellOf(x: number, y: number, share: number | null, note: string | undefined): string {
  const fill = share === null ? ink.warmupBand : colorOf(share);
  const ground = element('rect', { x, y, width: cell.width, height: cell.height, fill, stroke: ink.paper, 'stroke-width': 2 });
  if (share === null) return ground;
  const color = share > 0.55 ? ink.onDark : ink.onLight;
  const middle = x + cell.width / 2;
  return ground + text(middle, y + (note ? 20 : 26), `${Math.round(share * 100)} %`, { size: 13, bold: true, fill: color, anchor: 'middle' })
    + (note ? text(middle, y + 35, note, { size: 10, fill: color, anchor: 'middle' }) : '');
}

function colorOf(share: number): string {
  const mix = (from: number, to: number): number => Math.round(from + (to - from) * share);
  return `rgb(${mix(242, 8)},${mix(246, 72)},${mix(250, 130)})`;
}
