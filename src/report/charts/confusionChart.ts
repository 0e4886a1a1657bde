import { PenstockError } from '../../errors/index.js';
import { ink } from './palette.js';
import { element, picture, text } from './svg.js';
import { fitText, textWidth } from './textWidth.js';

export interface ConfusionData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Names of the classes, in the order of rows and columns. */
  readonly labels: readonly string[];
  /** counts[true class][predicted class] */
  readonly counts: readonly (readonly number[])[];
}

/** Confusion matrix as SVG: counts, and the share of each true class; colour by that share. */
export function confusionChart(data: ConfusionData): string {
  const { labels, counts, title, subtitle } = data;
  checkSquare(data);
  const n = labels.length;
  const cell = Math.min(120, Math.max(52, Math.floor(560 / Math.max(1, n))));
  const names = labels.map((label) => fitText(label, 150, 12));
  const widest = Math.max(0, ...names.map((name) => textWidth(name, 12)));
  const rotated = widest > cell - 8;
  const left = 40 + widest + 10;
  const top = (subtitle ? 52 : 34) + (rotated ? widest * 0.71 + 20 : 22) + 22;
  const right = rotated ? widest * 0.71 : 20;
  const width = Math.ceil(Math.max(left + n * cell + right, textWidth(title, 16, true) + 40, 320));

  let content = text(20, 28, fitText(title, width - 40, 16, true), { size: 16, bold: true });
  if (subtitle) content += text(20, 47, fitText(subtitle, width - 40, 12), { fill: ink.muted });
  content += text(left + (n * cell) / 2, (subtitle ? 52 : 34) + 20, 'predicted', { fill: ink.muted, anchor: 'middle' });
  content += text(26, top + (n * cell) / 2, 'true', { fill: ink.muted, anchor: 'middle', rotate: -90 });
  counts.forEach((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    content += text(left - 9, top + (i + 0.5) * cell + 4, names[i]!, { anchor: 'end' });
    const x = left + (i + 0.5) * cell;
    content += rotated ? text(x - 2, top - 9, names[i]!, { rotate: -45 }) : text(x, top - 9, names[i]!, { anchor: 'middle' });
    row.forEach((count, j) => (content += cellOf(left + j * cell, top + i * cell, cell, count, total)));
  });
  return picture(width, Math.ceil(top + n * cell + 24), title, content);
}

function cellOf(x: number, y: number, size: number, count: number, total: number): string {
  const share = total > 0 ? count / total : 0;
  const fill = share > 0.55 ? '#ffffff' : ink.text;
  const middle = x + size / 2;
  const digits = thousands(count);
  const large = Math.min(size > 80 ? 18 : 13, (13 * (size - 8)) / textWidth(digits, 13));
  return (
    element('rect', { x, y, width: size, height: size, fill: blue(share), stroke: '#ffffff', 'stroke-width': 2 }) +
    text(middle, y + size / 2 + 1, digits, { size: Math.round(large * 10) / 10, bold: size > 80, fill, anchor: 'middle' }) +
    text(middle, y + size / 2 + (size > 80 ? 20 : 15), total > 0 ? percent(share) : 'none', { size: size > 80 ? 12 : 10, fill, anchor: 'middle' })
  );
}

/** 0 and 100 % only where it is exactly that. */
function percent(share: number): string {
  const shown = (share * 100).toFixed(1);
  if (share < 1 && shown === '100.0') return '> 99.9 %';
  if (share > 0 && shown === '0.0') return '< 0.1 %';
  return `${shown} %`;
}

function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function blue(share: number): string {
  const mix = (from: number, to: number): number => Math.round(from + (to - from) * share);
  return `rgb(${mix(242, 8)},${mix(246, 72)},${mix(250, 130)})`;
}

function checkSquare({ labels, counts }: ConfusionData): void {
  if (counts.length !== labels.length || counts.some((row) => row.length !== labels.length)) {
    throw new PenstockError('evaluation/invalid', `a confusion matrix of ${labels.length} classes needs as many rows and columns; found ${counts.length} rows of ${counts.map((row) => row.length).join(', ')}`);
  }
}
