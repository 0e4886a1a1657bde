import { scaleLinear } from 'd3-scale';
import { PenstockError } from '../../errors/index.js';
import { xAxis, type Frame } from './axes.js';
import { nameColumn, rowHeight } from './featureRows.js';
import { chartHeader, chartSide } from './header.js';
import { ink, seriesStyle } from './palette.js';
import { element, picture, text } from './svg.js';

/** A number with what it may be as well; null where there is none. */
export interface IntervalValue {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Written beside it; default: the value. */
  readonly label?: string | undefined;
}

export interface IntervalPanel {
  /** What the axis says. */
  readonly title: string;
  /** One per row. */
  readonly values: readonly IntervalValue[];
}

export interface IntervalChartData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly rows: readonly string[];
  readonly panels: readonly IntervalPanel[];
  /** Rows that are meant; the others are there to compare. */
  readonly highlighted?: readonly number[] | undefined;
}

/** Points with intervals, a row for each thing that is compared, a panel for each measure; every axis begins at 0. */
export function intervalChart(data: IntervalChartData): string {
  const { rows, panels, highlighted = [] } = data;
  if (panels.some(({ values }) => values.length !== rows.length)) throw new PenstockError('evaluation/invalid', `every panel needs a value for each of the ${rows.length} rows`);
  const names = nameColumn(rows.map((name) => ({ name })));
  const gap = 40;
  const width = Math.ceil(Math.max(560, names.width + chartSide.right + panels.length * 280 + (panels.length - 1) * gap));
  const head = chartHeader(data, width, []);
  const top = head.bottom + 8;
  const height = rows.length * rowHeight;
  const panelWidth = (width - names.width - chartSide.right - (panels.length - 1) * gap) / panels.length;
  let content = head.content;
  rows.forEach((_, row) => (content += text(names.width - 8, middleOf(top, row) + 4, names.names[row]!, { anchor: 'end', bold: highlighted.includes(row) })));
  panels.forEach((panel, p) => (content += drawPanel(panel, { left: names.width + p * (panelWidth + gap), top, width: panelWidth, height }, highlighted)));
  return picture(width, Math.ceil(top + height + 52), data.title, content);
}

function drawPanel({ title, values }: IntervalPanel, frame: Frame, highlighted: readonly number[]): string {
  const most = Math.max(0, ...values.flatMap(({ value, high }) => [value ?? 0, high ?? 0]));
  // Room for the number beside the last interval.
  const x = scaleLinear([0, most || 1], [frame.left, frame.left + frame.width - 34]).nice(4);
  let content = '';
  values.forEach(({ value, low, high, label }, row) => {
    const y = middleOf(frame.top, row);
    const color = highlighted.includes(row) ? seriesStyle(1).color : seriesStyle(0).color;
    content += element('line', { x1: frame.left, x2: frame.left + frame.width, y1: y, y2: y, stroke: ink.grid });
    if (value === null) {
      content += text(frame.left + 4, y + 4, label ?? 'none', { size: 11, fill: ink.muted });
      return;
    }
    if (low !== null && high !== null) content += element('line', { x1: x(low), x2: x(high), y1: y, y2: y, stroke: color, 'stroke-width': 3, 'stroke-opacity': 0.45 });
    content += element('circle', { cx: x(value), cy: y, r: 4.5, fill: color });
    content += text(x(high ?? value) + 9, y + 4, label ?? String(value), { size: 11, fill: ink.muted });
  });
  return content + xAxis(x, frame, title);
}

function middleOf(top: number, row: number): number {
  return top + (row + 0.5) * rowHeight;
}
