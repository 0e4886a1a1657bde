import { PenstockError } from '../../errors/index.js';
import { valueScale, xAxis, type Frame } from './axes.js';
import { nameColumn, rankedRows, rowHeight, rowNames } from './featureRows.js';
import { chartHeader, chartSide } from './header.js';
import { bandMark } from './legend.js';
import { ink } from './palette.js';
import { element, picture, text } from './svg.js';
import { textWidth } from './textWidth.js';

export interface WaterfallData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly features: readonly string[];
  /** One contribution per feature, in raw-score units. */
  readonly contributions: ArrayLike<number>;
  /** The features' values, shown beside their names. */
  readonly values?: ArrayLike<number> | undefined;
  /** The raw score before any feature is known. */
  readonly base: number;
  /** Unit of the raw score; default `log odds`. */
  readonly unit?: string | undefined;
  /** Features that get a row; the others are added up in one. Default 9. */
  readonly shown?: number | undefined;
}

const width = 820;
const up = '#D52A5A';
const down = '#0072B2';

/** How one row's score comes about: from the base, at the bottom, feature by feature to the score, at the top; the largest step last. */
export function waterfallChart(data: WaterfallData): string {
  const { features, contributions, values, base, title, unit = 'log odds', shown = 9 } = data;
  if (contributions.length !== features.length || (values && values.length !== features.length)) {
    throw new PenstockError('evaluation/invalid', `${features.length} features need as many contributions and values; found ${contributions.length} and ${values?.length ?? 0}`);
  }
  const named = features.map((name, i) => (values ? `${name} = ${number(values[i]!)}` : name));
  const rows = rankedRows(named, Float64Array.from(contributions, Math.abs), shown);
  const sums = rows.map(({ members }) => members.reduce((sum, i) => sum + contributions[i]!, 0));
  const score = base + sums.reduce((sum, value) => sum + value, 0);
  // From the top: the score, then what it was before the largest step, and so on down to the base.
  const before = [score];
  for (const sum of sums) before.push(before.at(-1)! - sum);
  before[before.length - 1] = base;
  const names = nameColumn(rows);
  const head = chartHeader({ title, subtitle: data.subtitle }, width, [{ name: 'raises the score', mark: bandMark(up, up) }, { name: 'lowers the score', mark: bandMark(down, down) }]);
  const frame: Frame = { left: names.width, top: head.bottom + 38, width: width - names.width - chartSide.right, height: rows.length * rowHeight };
  // Room for the numbers beside the bars.
  const x = valueScale([before], [frame.left + 52, frame.left + frame.width - 52]);
  let content = head.content + rowNames(rows, names, frame.top);
  sums.forEach((sum, row) => {
    const top = frame.top + row * rowHeight;
    const [from, to] = [x(before[row + 1]!), x(before[row]!)];
    content += element('rect', { x: Math.min(from, to), y: top + 4, width: Math.max(1, Math.abs(to - from)), height: rowHeight - 8, fill: sum >= 0 ? up : down });
    content += text(sum >= 0 ? to + 5 : to - 5, top + rowHeight / 2 + 4, `${sum >= 0 ? '+' : ''}${number(sum)}`, { size: 11, fill: ink.muted, anchor: sum >= 0 ? 'start' : 'end' });
    content += element('line', { x1: from, x2: from, y1: top + rowHeight - 4, y2: top + rowHeight + (row === rows.length - 1 ? 0 : 4), stroke: ink.axis });
  });
  content += level(x(score), frame, `score ${number(score)}`, 'top') + level(x(base), frame, `base ${number(base)}`, 'bottom');
  const below: Frame = { ...frame, height: frame.height + 26 };
  content += xAxis(x, below, `raw score (${unit})`);
  return picture(width, Math.ceil(below.top + below.height + 52), title, content);
}

/** A label over the first or under the last bar, at its level. */
function level(at: number, frame: Frame, label: string, end: 'top' | 'bottom'): string {
  const half = textWidth(label, 11, true) / 2;
  const middle = Math.min(Math.max(at, frame.left + half), frame.left + frame.width - half);
  const bottom = frame.top + frame.height;
  const [y1, y2, y] = end === 'top' ? [frame.top - 6, frame.top + 4, frame.top - 10] : [bottom - 4, bottom + 4, bottom + 16];
  return element('line', { x1: at, x2: at, y1, y2, stroke: ink.text }) + text(middle, y, label, { size: 11, bold: true, anchor: 'middle' });
}

/** Four digits. */
function number(value: number): string {
  return Number.isNaN(value) ? 'missing' : String(Number(value.toPrecision(4)));
}
