import { scaleLinear } from 'd3-scale';
import { PenstockError } from '../../errors/index.js';
import { xAxis, type Frame } from './axes.js';
import { nameColumn, rankedRows, rowHeight, rowNames } from './featureRows.js';
import { chartHeader, chartSide } from './header.js';
import { seriesStyle } from './palette.js';
import { element, picture } from './svg.js';

/** One measure of importance; measures may rank features differently, so each has bars of its own. */
export interface ImportanceMeasure {
  /** What the axis says, such as `mean |SHAP| (log odds)`. */
  readonly name: string;
  /** One value per feature, 0 or more. */
  readonly values: ArrayLike<number>;
}

export interface ImportanceChartData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly features: readonly string[];
  /** The first one decides the order. */
  readonly measures: readonly ImportanceMeasure[];
  /** Features that get a row; the others are added up in one. Default 20. */
  readonly shown?: number | undefined;
}

/** Bars of feature importance, the largest first, one panel per measure. */
export function importanceChart(data: ImportanceChartData): string {
  const { features, measures, title, shown = 20 } = data;
  const [first] = measures;
  if (!first || measures.some(({ values }) => values.length !== features.length)) {
    throw new PenstockError('evaluation/invalid', `importances need at least one measure, each with a value for each of the ${features.length} features`);
  }
  const rows = rankedRows(features, first.values, shown);
  const names = nameColumn(rows);
  const width = Math.ceil(Math.max(560, names.width + 60 + measures.length * 330));
  const head = chartHeader(data, width, []);
  const top = head.bottom + 8;
  const height = rows.length * rowHeight;
  const gap = 34;
  const panel = (width - names.width - chartSide.right - (measures.length - 1) * gap) / measures.length;
  let content = head.content + rowNames(rows, names, top);
  measures.forEach(({ name, values }, m) => {
    const frame: Frame = { left: names.width + m * (panel + gap), top, width: panel, height };
    const sums = rows.map(({ members }) => members.reduce((sum, i) => sum + values[i]!, 0));
    const x = scaleLinear([0, Math.max(...sums, 0) || 1], [frame.left, frame.left + frame.width]).nice(4);
    sums.forEach((sum, row) => (content += element('rect', {
      x: frame.left, y: top + row * rowHeight + 4, width: x(sum) - frame.left, height: rowHeight - 8, fill: seriesStyle(m).color,
    })));
    content += xAxis(x, frame, name);
  });
  return picture(width, Math.ceil(top + height + 52), title, content);
}
