import { scaleLinear } from 'd3-scale';
import { PenstockError } from '../../errors/index.js';
import { curve, valueScale, xAxis, yAxis, type Frame, type Scale } from './axes.js';
import { chartHeader, chartSide } from './header.js';
import { lineMark, type LegendEntry } from './legend.js';
import { ink, seriesStyle } from './palette.js';
import { element, picture, text } from './svg.js';

/** One line of a reliability diagram: bins of a calibration curve. */
export interface CalibrationSeries {
  readonly name: string;
  readonly bins: readonly { readonly rows: number; readonly meanProbability: number; readonly observed: number }[];
}

export interface CalibrationChartData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly series: readonly CalibrationSeries[];
}

export interface PredictedChartData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** What is predicted, such as `leak flow`, and its unit. */
  readonly quantity: string;
  readonly unit?: string | undefined;
  readonly actual: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

const side = 560;
const countsHeight = 64;
/** More dots only darken the picture and swell the file. */
const mostDots = 4000;

/** Observed share of leaks over predicted probability, with the rows of each bin below: a calibrated model lies on the diagonal. */
export function calibrationChart(data: CalibrationChartData): string {
  const head = chartHeader(data, side, [
    ...data.series.map(({ name }, i): LegendEntry => ({ name, mark: lineMark(seriesStyle(i).color, seriesStyle(i).dash) })),
    { name: 'calibrated', mark: lineMark(ink.axis, '4 3') },
  ]);
  const frame = square(head.bottom + 40);
  const { x, y } = unitScales(frame);
  let content = head.content + yAxis(y, frame, 5) + diagonal(x, y, 0, 1);
  data.series.forEach(({ bins }, i) => {
    const style = seriesStyle(i);
    const [means, shares] = [bins.map((bin) => bin.meanProbability), bins.map((bin) => bin.observed)];
    content += curve(means, shares, x, y, { ...style, width: 1.8 });
    means.forEach((mean, bin) => (content += element('circle', { cx: x(mean), cy: y(shares[bin]!), r: 3.5, fill: style.color })));
  });
  content += text(frame.left, frame.top - 14, 'observed share of positives', { fill: ink.muted });
  const counts: Frame = { left: frame.left, width: frame.width, top: frame.top + frame.height + 34, height: countsHeight };
  content += rowCounts(data.series, x, counts) + xAxis(x, counts, 'predicted probability');
  return picture(side, Math.ceil(counts.top + counts.height + 52), data.title, content);
}

/** Bars of the rows per bin, the series side by side. */
function rowCounts(series: readonly CalibrationSeries[], x: Scale, frame: Frame): string {
  const most = Math.max(1, ...series.flatMap(({ bins }) => bins.map((bin) => bin.rows)));
  const y = scaleLinear([0, most], [frame.top + frame.height, frame.top]);
  let content = text(frame.left, frame.top - 9, 'rows per bin', { fill: ink.muted }) + yAxis(y, frame, 2);
  const width = 5;
  series.forEach(({ bins }, i) => {
    const shift = (i - series.length / 2) * (width + 1);
    for (const bin of bins) {
      const left = Math.min(Math.max(x(bin.meanProbability) + shift, frame.left), frame.left + frame.width - width);
      content += element('rect', { x: left, y: y(bin.rows), width, height: frame.top + frame.height - y(bin.rows), fill: seriesStyle(i).color });
    }
  });
  return content;
}

/** Predicted over true values, on equal axes: exact predictions lie on the diagonal. Missing values are left out. */
export function predictedChart(data: PredictedChartData): string {
  const { actual, predicted, quantity, unit, title } = data;
  if (actual.length !== predicted.length) {
    throw new PenstockError('evaluation/invalid', `there are ${actual.length} true and ${predicted.length} predicted values; as many of each are needed`);
  }
  const present = Array.from(actual, (_, i) => i).filter((i) => Number.isFinite(actual[i]!) && Number.isFinite(predicted[i]!));
  const every = Math.max(1, Math.ceil(present.length / mostDots));
  const shown = present.filter((_, i) => i % every === 0);
  const dots = shown.length === present.length ? `${present.length} values` : `${shown.length} of ${present.length} values`;
  const head = chartHeader(data, side, [{ name: dots, mark: dotMark(seriesStyle(0).color) }, { name: 'exact', mark: lineMark(ink.axis, '4 3') }]);
  const frame = square(head.bottom + 40);
  const all = [present.map((i) => actual[i]!), present.map((i) => predicted[i]!)];
  const x = valueScale(all, [frame.left, frame.left + frame.width]);
  const y = x.copy().range([frame.top + frame.height, frame.top]);
  const [low = 0, high = 1] = x.domain();
  const named = unit ? ` (${unit})` : '';
  let content = head.content + yAxis(y, frame, 5) + diagonal(x, y, low, high);
  for (const i of shown) content += element('circle', { cx: x(actual[i]!), cy: y(predicted[i]!), r: 2.2, fill: seriesStyle(0).color, 'fill-opacity': 0.45 });
  content += text(frame.left, frame.top - 14, `predicted ${quantity}${named}`, { fill: ink.muted }) + xAxis(x, frame, `true ${quantity}${named}`);
  return picture(side, Math.ceil(frame.top + frame.height + 52), title, content);
}

function square(top: number): Frame {
  const size = side - chartSide.left - chartSide.right;
  return { left: chartSide.left, top, width: size, height: size };
}

function unitScales(frame: Frame): { x: Scale; y: Scale } {
  return { x: scaleLinear([0, 1], [frame.left, frame.left + frame.width]), y: scaleLinear([0, 1], [frame.top + frame.height, frame.top]) };
}

function diagonal(x: Scale, y: Scale, low: number, high: number): string {
  return element('line', { x1: x(low), y1: y(low), x2: x(high), y2: y(high), stroke: ink.axis, 'stroke-dasharray': '4 3' });
}

function dotMark(color: string): LegendEntry['mark'] {
  return (x, y) => element('circle', { cx: x + 9, cy: y, r: 3, fill: color });
}
