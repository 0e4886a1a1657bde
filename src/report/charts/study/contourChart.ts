import type { Frame } from '../axes.js';
import { PenstockError } from '../../../errors/index.js';
import { chartHeader, chartSide } from '../header.js';
import { ink } from '../palette.js';
import { element, picture, text } from '../svg.js';
import { fitText, textWidth } from '../textWidth.js';
import { label, parameterAxis } from './parameterAxis.js';
import { foot } from './sliceChart.js';
import { bestOf, dot, dotMark, finished, shade, stateColors, type SpaceChartData } from './studyData.js';

export interface ContourChartData extends SpaceChartData {
  /** The two parameters. */
  readonly x: string;
  readonly y: string;
}

const width = 640;
const cells = 90;
const levels = 10;

/** The objective over two parameters: bands of a surface through the trials (weights falling with the fourth power of the distance), and the trials. */
export function contourChart(data: ContourChartData): string {
  const { x: nameX, y: nameY, space, direction } = data;
  for (const name of [nameX, nameY]) if (!space[name]) throw new PenstockError('evaluation/invalid', `a contour over ${name}, which is no parameter; there are ${Object.keys(space).join(', ')}`, { key: name });
  const head = chartHeader(data, width, [{ name: 'trial', mark: dotMark('#22272e') }, { name: 'best', mark: dotMark(stateColors.best) }]);
  const names = parameterAxis(space[nameY]!, [0, 1]).ticks.map((tick) => fitText(tick.label, 90, 11));
  const left = Math.max(chartSide.left, 34 + Math.max(0, ...names.map((name) => textWidth(name, 11))));
  const frame: Frame = { left, top: head.bottom + 34, width: width - left - 108, height: 400 };
  const axisX = parameterAxis(space[nameX]!, [frame.left, frame.left + frame.width]);
  const axisY = parameterAxis(space[nameY]!, [frame.top + frame.height, frame.top]);
  const points = finished(data.trials).flatMap((trial) => {
    const px = axisX.at(trial.params[nameX]), py = axisY.at(trial.params[nameY]);
    return px === undefined || py === undefined ? [] : [{ px, py, value: trial.value, trial }];
  });
  const best = bestOf(data);
  const bands = bandsOf(points.map(({ value }) => value), direction);
  let content = head.content + text(frame.left, frame.top - 12, data.objective, { fill: ink.muted });
  if (points.length > 0) content += surface(points, frame, bands.of);
  content += element('rect', { x: frame.left, y: frame.top, width: frame.width, height: frame.height, fill: 'none', stroke: ink.axis });
  for (const { px, py, trial } of points) if (trial !== best) content += dot(px, py, '#22272e', 2.4);
  const marked = points.find(({ trial }) => trial === best);
  if (marked) content += dot(marked.px, marked.py, stateColors.best, 5);
  axisY.ticks.forEach(({ at }, i) => (content += text(frame.left - 8, at + 4, names[i]!, { size: 11, fill: ink.muted, anchor: 'end' })));
  content += text(18, frame.top + frame.height / 2, fitText(nameY, frame.height, 12), { anchor: 'middle', rotate: -90 });
  content += foot(axisX, frame, nameX) + colorBar(frame, bands.edges);
  return picture(width, Math.ceil(frame.top + frame.height + 50), data.title, content);
}

interface Bands {
  /** From the good end. */
  readonly edges: readonly number[];
  readonly of: (value: number) => number;
}

/** Ten bands between the best value and the 95th percentile. */
function bandsOf(values: readonly number[], direction: 'minimize' | 'maximize'): Bands {
  const sorted = [...values].sort((a, b) => (direction === 'minimize' ? a - b : b - a));
  const best = sorted[0] ?? 0, worst = sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 1;
  const edges = Array.from({ length: levels + 1 }, (_, i) => best + ((worst - best) * i) / levels);
  return { edges, of: (value) => (worst === best ? 0 : Math.min(Math.max(Math.floor(((value - best) / (worst - best)) * levels), 0), levels - 1)) };
}

interface Point {
  readonly px: number;
  readonly py: number;
  readonly value: number;
}

/** Cells of one band that lie side by side are one rectangle. */
function surface(points: readonly Point[], frame: Frame, band: (value: number) => number): string {
  const w = frame.width / cells, h = frame.height / cells;
  let content = '';
  for (let row = 0; row < cells; row++) {
    let from = 0;
    let current = -1;
    for (let column = 0; column <= cells; column++) {
      const next = column < cells ? band(interpolate(points, frame.left + (column + 0.5) * w, frame.top + (row + 0.5) * h)) : -1;
      if (next === current) continue;
      if (current >= 0) content += element('rect', { x: frame.left + from * w, y: frame.top + row * h, width: (column - from) * w + 0.4, height: h + 0.4, fill: bandColor(current) });
      from = column;
      current = next;
    }
  }
  return content;
}

function interpolate(points: readonly Point[], x: number, y: number): number {
  let sum = 0, weights = 0;
  for (const { px, py, value } of points) {
    const distance = (px - x) ** 2 + (py - y) ** 2 + 4;
    const weight = 1 / (distance * distance);
    sum += weight * value;
    weights += weight;
  }
  return sum / weights;
}

function bandColor(band: number): string {
  return shade((band + 0.5) / levels);
}

function colorBar({ left, top, width: inner, height }: Frame, edges: readonly number[]): string {
  const x = left + inner + 16, step = (height * 0.7) / levels;
  let content = '';
  for (let band = 0; band < levels; band++) content += element('rect', { x, y: top + band * step, width: 14, height: step + 0.4, fill: bandColor(band) });
  for (const i of [0, levels / 2, levels]) content += text(x + 20, top + i * step + 4, label(edges[i]!), { size: 11, fill: ink.muted });
  return content;
}
