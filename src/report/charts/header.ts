import { legend, legendRow, type LegendEntry } from './legend.js';
import { ink } from './palette.js';
import { text } from './svg.js';
import { fitText } from './textWidth.js';

/** Room for the labels of the axes. */
export const chartSide = { left: 66, right: 26 };

/** Title, subtitle and legend of a chart, and where they end. */
export function chartHeader({ title, subtitle }: { title: string; subtitle?: string | undefined }, total: number, entries: readonly LegendEntry[]): { content: string; bottom: number } {
  const room = total - chartSide.left - chartSide.right;
  let y = 30;
  let content = text(chartSide.left, y, fitText(title, room, 16, true), { size: 16, bold: true });
  if (subtitle) content += text(chartSide.left, (y += 19), fitText(subtitle, room, 12), { fill: ink.muted });
  const key = legend(entries, chartSide.left, (y += 20), room);
  return { content: content + key.content, bottom: y + (key.rows - 1) * legendRow };
}
