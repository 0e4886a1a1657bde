import { scaleLinear } from 'd3-scale';
import { curve, valueScale, xAxis, yAxis, type Frame, type Scale } from './axes.js';
import { chartHeader, chartSide } from './header.js';
import { lineMark } from './legend.js';
import { ink, seriesStyle } from './palette.js';
import { element, picture, text } from './svg.js';
import { textWidth } from './textWidth.js';

export interface TrainingCurveData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Name of the metric, such as `binary_logloss`. */
  readonly metric: string;
  /** The metric after iteration 1, 2, ... */
  readonly train: ArrayLike<number>;
  readonly valid: ArrayLike<number>;
  /** From 1 on; undefined where none was chosen. */
  readonly bestIteration?: number | undefined;
}

export interface RateCurve {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

export interface RateCurveData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly curves: readonly RateCurve[];
}

const width = 820;

/** The metric of training and validation data per iteration; the best iteration is marked. */
export function trainingCurveChart(data: TrainingCurveData): string {
  const { title, metric, train, valid, bestIteration } = data;
  // As in the other charts of a training, the validation comes first.
  const [validStyle, trainStyle] = [seriesStyle(0), seriesStyle(1)];
  const head = chartHeader(data, width, [
    ...(train.length > 0 ? [{ name: 'train', mark: lineMark(trainStyle.color) }] : []),
    ...(valid.length > 0 ? [{ name: 'validation', mark: lineMark(validStyle.color) }] : []),
  ]);
  const frame: Frame = { left: chartSide.left, top: head.bottom + 54, width: width - chartSide.left - chartSide.right, height: 320 };
  const iterations = Math.max(train.length, valid.length, 2);
  const x = scaleLinear([1, iterations], [frame.left, frame.left + frame.width]);
  const y = valueScale([train, valid], [frame.top + frame.height, frame.top]);
  const count = (_: number, i: number): number => i + 1;
  let content = head.content + yAxis(y, frame, 6);
  content += curve(Float64Array.from(train, count), train, x, y, { color: trainStyle.color, width: 1.8 });
  content += curve(Float64Array.from(valid, count), valid, x, y, { color: validStyle.color, width: 1.8 });
  if (bestIteration !== undefined && bestIteration >= 1 && bestIteration <= iterations) content += best(bestIteration, valid, x, y, frame);
  content += text(chartSide.left, frame.top - 27, metric, { fill: ink.muted });
  content += xAxis(x, frame, 'iteration');
  return picture(width, Math.ceil(frame.top + frame.height + 52), title, content);
}

/** ROC curves over the chance diagonal: x = false positive rate, y = true positive rate. */
export function rocChart(data: RateCurveData): string {
  return rateChart(data, 'false positive rate', 'true positive rate', [0, 0, 1, 1]);
}

/** Precision over recall; `prevalence`, the share of positives, is what chance would give. */
export function prChart(data: RateCurveData & { readonly prevalence: number }): string {
  return rateChart(data, 'recall', 'precision', [0, data.prevalence, 1, data.prevalence]);
}

function rateChart(data: RateCurveData, xTitle: string, yTitle: string, chance: readonly [number, number, number, number]): string {
  const sideWidth = 560;
  const entries = data.curves.map(({ name }, i) => {
    const { color, dash } = seriesStyle(i);
    return { name, mark: lineMark(color, dash) };
  });
  const head = chartHeader(data, sideWidth, [...entries, { name: 'chance', mark: lineMark(ink.axis, '4 3') }]);
  const frame: Frame = { left: chartSide.left, top: head.bottom + 40, width: sideWidth - chartSide.left - chartSide.right, height: sideWidth - chartSide.left - chartSide.right };
  const x = scaleLinear([0, 1], [frame.left, frame.left + frame.width]);
  const y = scaleLinear([0, 1], [frame.top + frame.height, frame.top]);
  const [x1, y1, x2, y2] = chance;
  let content = head.content + yAxis(y, frame, 5);
  content += element('line', { x1: x(x1), y1: y(y1), x2: x(x2), y2: y(y2), stroke: ink.axis, 'stroke-dasharray': '4 3' });
  // Rates may repeat an x: they are drawn whole, thinned only where they have more points than pixels can show.
  data.curves.forEach((one, i) => (content += curve(one.x, one.y, x, y, { ...seriesStyle(i), width: 1.8 })));
  content += text(chartSide.left, frame.top - 14, yTitle, { fill: ink.muted }) + xAxis(x, frame, xTitle);
  return picture(sideWidth, Math.ceil(frame.top + frame.height + 52), data.title, content);
}

/** A line at the best iteration; its label stands above the frame, on the side where there is room. */
function best(iteration: number, valid: ArrayLike<number>, x: Scale, y: Scale, frame: Frame): string {
  const at = x(iteration);
  const value = valid[iteration - 1];
  const known = value !== undefined && Number.isFinite(value);
  const label = known ? `best iteration ${iteration}: ${value.toPrecision(4)}` : `best iteration ${iteration}`;
  const half = textWidth(label, 11) / 2;
  const middle = Math.min(Math.max(at, frame.left + half), frame.left + frame.width - half);
  return (
    element('line', { x1: at, x2: at, y1: frame.top - 4, y2: frame.top + frame.height, stroke: ink.detection, 'stroke-dasharray': '5 3' }) +
    (known ? element('circle', { cx: at, cy: y(value), r: 4, fill: '#ffffff', stroke: ink.detection, 'stroke-width': 2 }) : '') +
    text(middle, frame.top - 8, label, { size: 11, fill: ink.detection, anchor: 'middle' })
  );
}
