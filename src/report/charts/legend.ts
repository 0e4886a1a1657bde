import { ink } from './palette.js';
import { element, text } from './svg.js';
import { fitText, textWidth } from './textWidth.js';

/** One entry: `mark` draws its sign in a box 18 px wide whose middle left end is the point given. */
export interface LegendEntry {
  readonly name: string;
  readonly mark: (x: number, y: number) => string;
}

const size = 11;
const markWidth = 18;
const markGap = 5;
const entryGap = 16;
export const legendRow = 17;

/** Rows of entries from `x` on, at most `room` px wide; `y` is the middle of the first row. */
export function legend(entries: readonly LegendEntry[], x: number, y: number, room: number): { content: string; rows: number } {
  let content = '';
  let row = 0;
  let at = 0;
  for (const entry of entries) {
    const name = fitText(entry.name, room - markWidth - markGap, size);
    const width = markWidth + markGap + textWidth(name, size);
    if (at > 0 && at + width > room) {
      row++;
      at = 0;
    }
    const middle = y + row * legendRow;
    content += entry.mark(x + at, middle) + text(x + at + markWidth + markGap, middle + 4, name, { size, fill: ink.muted });
    at += width + entryGap;
  }
  return { content, rows: entries.length === 0 ? 0 : row + 1 };
}

export function lineMark(color: string, dash?: string): LegendEntry['mark'] {
  return (x, y) => element('line', { x1: x, x2: x + markWidth, y1: y, y2: y, stroke: color, 'stroke-width': 2, 'stroke-dasharray': dash });
}

export function bandMark(color: string, edge: string): LegendEntry['mark'] {
  return (x, y) => element('rect', { x: x + 0.5, y: y - 5.5, width: markWidth - 1, height: 11, fill: color, stroke: edge });
}
