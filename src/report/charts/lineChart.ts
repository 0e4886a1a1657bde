import { scaleLinear, scaleLog } from 'd3-scale';
import { PenstockError } from '../../errors/index.js';
import type { Frame } from './axes.js';
import { chartHeader, chartSide } from './header.js';
import { lineMark, type LegendEntry } from './legend.js';
import { ink, seriesStyle } from './palette.js';
import { element, picture as wrap, px, text } from './svg.js';
import { thin } from './thin.js';

/** One line of a panel. Points without a finite value break it. */
export interface LineSeries {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Points, with or without the line. Default: line alone. */
  readonly draw?: 'line' | 'points' | 'both' | undefined;
  /** Number of its colour; default its place in the panel. */
  readonly color?: number | undefined;
  readonly dash?: string | undefined;
}

export interface LinePanel {
  readonly title: string;
  readonly series: readonly LineSeries[];
  readonly log?: boolean | undefined;
  /** Ends of the axis; default: the values. */
  readonly range?: readonly [number, number] | undefined;
  /** Writes a tick. */
  readonly format?: ((value: number) => string) | undefined;
  readonly height?: number | undefined;
}

export interface LineChartData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Panels over one x axis, from above. */
  readonly panels: readonly LinePanel[];
  readonly xTitle: string;
  readonly xLog?: boolean | undefined;
  readonly xRange?: readonly [number, number] | undefined;
  readonly xFormat?: ((value: number) => string) | undefined;
  /** Where ticks may stand on a logarithmic x axis; default: 1-2-5 steps or decades. */
  readonly xTicks?: readonly number[] | undefined;
  /** A line through all panels, such as the threshold in use. */
  readonly mark?: { readonly x: number; readonly name: string } | undefined;
  readonly width?: number | undefined;
}

type Scale = (value: number) => number;

interface Axis {
  readonly at: Scale;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** Lines and points over linear or logarithmic axes, in one panel or several under one another. */
export function lineChart(data: LineChartData): string {
  const { width = 820, panels, mark } = data;
  const names = panels.flatMap((panel) => panel.series.map((series, i) => ({ series, style: styleOf(series, i) })));
  const entries: LegendEntry[] = names.filter(({ series }, i) => names.findIndex((other) => other.series.name === series.name) === i).map(({ series, style }) => ({
    name: series.name,
    mark: series.draw === 'points' ? (x, y) => element('circle', { cx: x + 9, cy: y, r: 3.2, fill: style.color, 'fill-opacity': 0.7 }) : lineMark(style.color, style.dash),
  }));
  if (mark) entries.push({ name: mark.name, mark: lineMark(ink.threshold, '5 3') });
  const head = chartHeader(data, width, entries);
  const plotWidth = width - chartSide.left - chartSide.right;
  const x = axisOf(panels.flatMap(({ series }) => series.map((one) => one.x)), [chartSide.left, chartSide.left + plotWidth], { log: data.xLog, range: data.xRange, format: data.xFormat, ticks: data.xTicks, count: 8 });
  let content = head.content;
  let top = head.bottom + 22;
  let frame: Frame = { left: chartSide.left, top, width: plotWidth, height: 0 };
  for (const panel of panels) {
    frame = { ...frame, top: top + 16, height: panel.height ?? (panels.length > 1 ? 150 : 320) };
    content += text(frame.left, frame.top - 8, panel.title, { fill: ink.muted });
    content += panelOf(panel, x, frame, mark?.x);
    top = frame.top + frame.height + 18;
  }
  content += xAxisOf(x, frame, data.xTitle);
  return wrap(width, Math.ceil(frame.top + frame.height + 50), data.title, content);
}

function panelOf(panel: LinePanel, x: Axis, frame: Frame, mark: number | undefined): string {
  const y = axisOf(panel.series.map((one) => one.y), [frame.top + frame.height, frame.top], { log: panel.log, range: panel.range, format: panel.format, count: 5 });
  let content = y.ticks.map(({ value, label }) => element('line', { x1: frame.left, x2: frame.left + frame.width, y1: y.at(value), y2: y.at(value), stroke: ink.grid })
    + text(frame.left - 7, y.at(value) + 4, label, { size: 11, fill: ink.muted, anchor: 'end' })).join('');
  if (mark !== undefined && Number.isFinite(x.at(mark))) {
    content += element('line', { x1: x.at(mark), x2: x.at(mark), y1: frame.top, y2: frame.top + frame.height, stroke: ink.threshold, 'stroke-dasharray': '5 3' });
  }
  panel.series.forEach((series, i) => (content += drawn(series, styleOf(series, i), x, y, frame)));
  return content + element('rect', { x: frame.left, y: frame.top, width: frame.width, height: frame.height, fill: 'none', stroke: ink.axis, 'stroke-width': 0.8 });
}

function drawn(series: LineSeries, { color, dash }: { color: string; dash: string | undefined }, x: Axis, y: Axis, frame: Frame): string {
  if (series.x.length !== series.y.length) throw new PenstockError('evaluation/invalid', `line ${series.name} has ${series.x.length} x and ${series.y.length} y`, { key: series.name });
  const inside = (px: number, py: number): boolean => Number.isFinite(px) && Number.isFinite(py) && px >= frame.left - 1 && px <= frame.left + frame.width + 1 && py >= frame.top - 1 && py <= frame.top + frame.height + 1;
  const mode = series.draw ?? 'line';
  let content = '';
  if (mode !== 'points') {
    const points = thin(series.x, series.y, frame.width);
    let path = '';
    let pen = false;
    for (let i = 0; i < points.x.length; i++) {
      const [at, up] = [x.at(points.x[i]!), y.at(points.y[i]!)];
      pen = inside(at, up) && ((path += `${pen ? 'L' : 'M'}${px(at)},${px(up)}`), true);
    }
    if (path) content += element('path', { d: path, fill: 'none', stroke: color, 'stroke-width': 1.8, 'stroke-linejoin': 'round', 'stroke-linecap': 'round', 'stroke-dasharray': dash });
  }
  if (mode !== 'line') {
    for (let i = 0; i < series.x.length && i < mostPoints; i++) {
      const [at, up] = [x.at(series.x[i]!), y.at(series.y[i]!)];
      if (inside(at, up)) content += element('circle', { cx: at, cy: up, r: mode === 'both' ? 3 : 3.2, fill: color, 'fill-opacity': mode === 'both' ? 1 : 0.55 });
    }
  }
  return content;
}

/** More of them are a cloud. */
const mostPoints = 2000;

function styleOf(series: LineSeries, i: number): { color: string; dash: string | undefined } {
  const style = seriesStyle(series.color ?? i);
  return { color: style.color, dash: series.dash ?? style.dash };
}

interface AxisOptions {
  readonly log?: boolean | undefined;
  readonly range?: readonly [number, number] | undefined;
  readonly format?: ((value: number) => string) | undefined;
  readonly ticks?: readonly number[] | undefined;
  readonly count: number;
}

function axisOf(values: readonly ArrayLike<number>[], to: readonly [number, number], { log, range, format, ticks: given, count }: AxisOptions): Axis {
  let [low, high] = range ?? spanOf(values, log === true);
  if (!(low <= high)) [low, high] = log ? [1, 10] : [0, 1];
  if (low === high) [low, high] = log ? [low / 2, high * 2] : [low - (Math.abs(low) * 0.05 || 1), high + (Math.abs(high) * 0.05 || 1)];
  if (log) {
    const scale = scaleLog([low, high], to);
    const decades = Math.log10(high / low);
    const digits = decades <= 2.5 ? [1, 2, 5] : [1];
    const ticks = (given ?? []).filter((value) => value >= low * 0.999 && value <= high * 1.001);
    for (let exponent = Math.floor(Math.log10(low)); !given && exponent <= Math.ceil(Math.log10(high)); exponent++) {
      for (const digit of digits) {
        const value = Number(`${digit}e${exponent}`);
        if (value >= low * 0.999 && value <= high * 1.001) ticks.push(value);
      }
    }
    return { at: (value) => (value > 0 ? scale(value) : NaN), ticks: ticks.map((value) => ({ value, label: format?.(value) ?? String(value) })) };
  }
  const scale = range ? scaleLinear([low, high], to) : scaleLinear([low, high], to).nice(count);
  const written = scale.tickFormat(count);
  return { at: scale, ticks: scale.ticks(count).map((value) => ({ value, label: format?.(value) ?? written(value) })) };
}

function spanOf(values: readonly ArrayLike<number>[], positive: boolean): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const list of values) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i]!;
      if (!Number.isFinite(value) || (positive && value <= 0)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return [low, high];
}

function xAxisOf(x: Axis, frame: Frame, title: string): string {
  const bottom = frame.top + frame.height;
  const ticks = x.ticks.map(({ value, label }) => element('line', { x1: x.at(value), x2: x.at(value), y1: bottom, y2: bottom + 4, stroke: ink.axis })
    + text(x.at(value), bottom + 17, label, { size: 11, fill: ink.muted, anchor: 'middle' }));
  return ticks.join('') + text(frame.left + frame.width / 2, bottom + 36, title, { fill: ink.muted, anchor: 'middle' });
}
