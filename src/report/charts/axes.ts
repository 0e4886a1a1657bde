import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { ink } from './palette.js';
import { pathThrough } from './pathThrough.js';
import { element, text } from './svg.js';
import { textWidth } from './textWidth.js';
import { thin } from './thin.js';

/** The rectangle that data are drawn in, in pixels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type Scale = ScaleLinear<number, number>;

/** A scale over all finite values; a single value gets room around it. */
export function valueScale(values: readonly ArrayLike<number>[], range: readonly [number, number], also: readonly number[] = []): Scale {
  let low = Infinity;
  let high = -Infinity;
  for (const list of [...values, also]) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i]!;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) [low, high] = [0, 1];
  if (low === high) {
    const room = Math.abs(low) * 0.01 || 1;
    [low, high] = [low - room, high + room];
  }
  return scaleLinear([low, high], range).nice(4);
}

/** Labels of the ticks: plain numbers, or one common prefix (k, M, m ...) where they would be long. */
export function tickLabels(scale: Scale, ticks: readonly number[], count: number): string[] {
  const largest = Math.max(...scale.domain().map(Math.abs));
  const format = largest >= 1e5 || largest < 1e-2 ? scale.tickFormat(count, 's') : scale.tickFormat(count);
  return ticks.map((tick) => (tick === 0 ? '0' : format(tick)));
}

/** Horizontal grid lines with their labels left of the frame. */
export function yAxis(scale: Scale, frame: Frame, count = 4): string {
  const ticks = scale.ticks(count);
  const labels = tickLabels(scale, ticks, count);
  return ticks
    .map((tick, i) => {
      const y = scale(tick);
      return (
        element('line', { x1: frame.left, x2: frame.left + frame.width, y1: y, y2: y, stroke: ink.grid }) +
        text(frame.left - 7, y + 4, labels[i]!, { size: 11, fill: ink.muted, anchor: 'end' })
      );
    })
    .join('');
}

/** Ticks, labels and title under the frame. Fewer ticks are taken where the labels would touch. */
export function xAxis(scale: Scale, frame: Frame, title: string): string {
  const bottom = frame.top + frame.height;
  const { ticks, labels } = roomyTicks(scale, frame.width);
  let content = element('line', { x1: frame.left, x2: frame.left + frame.width, y1: bottom, y2: bottom, stroke: ink.axis });
  ticks.forEach((tick, i) => {
    const x = scale(tick);
    content += element('line', { x1: x, x2: x, y1: bottom, y2: bottom + 4, stroke: ink.axis });
    content += text(x, bottom + 17, labels[i]!, { size: 11, fill: ink.muted, anchor: 'middle' });
  });
  return content + text(frame.left + frame.width / 2, bottom + 36, title, { size: 12, fill: ink.muted, anchor: 'middle' });
}

function roomyTicks(scale: Scale, width: number): { ticks: number[]; labels: string[] } {
  for (let count = Math.max(2, Math.floor(width / 80)); ; count--) {
    const ticks = scale.ticks(count);
    const labels = tickLabels(scale, ticks, count);
    const widest = Math.max(0, ...labels.map((label) => textWidth(label, 11)));
    const gap = ticks.length > 1 ? Math.abs(scale(ticks[1]!) - scale(ticks[0]!)) : width;
    if (count <= 1 || gap > widest + 14) return { ticks, labels };
  }
}

export interface LineStyle {
  readonly color: string;
  readonly width?: number;
  readonly dash?: string | undefined;
}

/** A line through the points, thinned to what its pixels can show; missing values break it. */
export function curve(x: ArrayLike<number>, y: ArrayLike<number>, scaleX: Scale, scaleY: Scale, style: LineStyle): string {
  const [from = 0, to = 0] = scaleX.range();
  const points = thin(x, y, Math.abs(to - from));
  const path = pathThrough(points.x, points.y, scaleX, scaleY);
  if (path === '') return '';
  return element('path', {
    d: path,
    fill: 'none',
    stroke: style.color,
    'stroke-width': style.width ?? 1.4,
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
    'stroke-dasharray': style.dash,
  });
}
