import { PenstockError } from '../../errors/index.js';
import { valueScale, xAxis, type Frame, type Scale } from './axes.js';
import { nameColumn, rankedRows, rowNames, type FeatureRow } from './featureRows.js';
import { chartHeader, chartSide } from './header.js';
import type { LegendEntry } from './legend.js';
import { ink } from './palette.js';
import { element, picture } from './svg.js';

export interface ShapSummaryData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly features: readonly string[];
  readonly rows: number;
  /** Contributions in raw-score units, row-major. */
  readonly contributions: ArrayLike<number>;
  /** The features' values, row-major; NaN means missing. */
  readonly values: ArrayLike<number>;
  /** Unit of the raw score; default `log odds`. */
  readonly unit?: string | undefined;
  /** Features that get a row; the others are added up in one. Default 10. */
  readonly shown?: number | undefined;
}

const width = 820;
const height = 34;
/** Rows drawn at most, taken evenly: more dots hide one another. */
const mostRows = 1000;
const radius = 2.2;

/**
 * Every row's contribution of every feature as a dot (beeswarm), features by mean |contribution|, colour by the feature's value.
 * Dots of equal contribution stand above one another, so that the width of a swarm shows how many there are.
 */
export function shapSummaryChart(data: ShapSummaryData): string {
  const { features, contributions, values, rows, title, shown = 10, unit = 'log odds' } = data;
  const n = features.length;
  if (contributions.length !== rows * n || values.length !== rows * n) {
    throw new PenstockError('evaluation/invalid', `${rows} rows of ${n} features need ${rows * n} contributions and values; found ${contributions.length} and ${values.length}`);
  }
  const ranked = rankedRows(features, meanAbsolute(contributions, rows, n), shown);
  const step = Math.max(1, Math.ceil(rows / mostRows));
  const drawn = Array.from({ length: Math.ceil(rows / step) }, (_, i) => i * step);
  const swarms = ranked.map(({ members }) => drawn.map((row) => members.reduce((sum, i) => sum + contributions[row * n + i]!, 0)));
  const names = nameColumn(ranked);
  const head = chartHeader({ title, subtitle: data.subtitle }, width, legendEntries(rows, drawn.length));
  const frame: Frame = { left: names.width, top: head.bottom + 18, width: width - names.width - chartSide.right, height: ranked.length * height };
  const x = valueScale(swarms, [frame.left, frame.left + frame.width], [0]);
  let content = head.content + rowNames(ranked, names, frame.top, height);
  content += element('line', { x1: x(0), x2: x(0), y1: frame.top, y2: frame.top + frame.height, stroke: ink.axis });
  ranked.forEach((of, at) => {
    const middle = frame.top + (at + 0.5) * height;
    content += element('line', { x1: frame.left, x2: frame.left + frame.width, y1: middle, y2: middle, stroke: ink.grid });
    content += swarm(swarms[at]!, x, middle, colorsOf(of, drawn, values, n));
  });
  content += xAxis(x, frame, `contribution to the raw score (${unit})`);
  return picture(width, Math.ceil(frame.top + frame.height + 52), title, content);
}

/** Dots from the middle outwards, above and below in turn, where their columns of pixels are taken. */
function swarm(contributions: readonly number[], x: Scale, middle: number, colors: readonly string[]): string {
  const columns = new Map<number, number>();
  const at = contributions.map((value) => Math.round(x(value) / (2 * radius)));
  for (const column of at) columns.set(column, (columns.get(column) ?? 0) + 1);
  const most = Math.max(1, ...columns.values());
  const room = height / 2 - radius - 1;
  const pitch = Math.min(2 * radius, room / Math.max(1, Math.floor(most / 2)));
  const taken = new Map<number, number>();
  return contributions.map((value, i) => {
    const place = taken.get(at[i]!) ?? 0;
    taken.set(at[i]!, place + 1);
    const offset = (place % 2 === 0 ? -1 : 1) * Math.ceil(place / 2) * pitch;
    return element('circle', { cx: x(value), cy: middle + offset, r: radius, fill: colors[i]!, 'fill-opacity': 0.85 });
  }).join('');
}

const missing = '#8b95a1';
const [lowColor, highColor] = [[0, 114, 178], [213, 42, 90]] as const;

/** Colour by the value's place between the 5th and the 95th percentile; sums of features have no value of their own. */
function colorsOf({ members }: FeatureRow, drawn: readonly number[], values: ArrayLike<number>, n: number): string[] {
  if (members.length > 1) return drawn.map(() => missing);
  const own = drawn.map((row) => values[row * n + members[0]!]!);
  const sorted = Float64Array.from(own).filter((value) => !Number.isNaN(value)).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [low, high] = [at(0.05), at(0.95)];
  return own.map((value) => (Number.isNaN(value) ? missing : mixed(high > low ? (value - low) / (high - low) : 0.5)));
}

function mixed(share: number): string {
  const t = Math.min(1, Math.max(0, share));
  return `rgb(${lowColor.map((from, i) => Math.round(from + (highColor[i]! - from) * t)).join(',')})`;
}

function legendEntries(rows: number, drawn: number): LegendEntry[] {
  const dot = (color: string): LegendEntry['mark'] => (x, y) => element('circle', { cx: x + 9, cy: y, r: 4, fill: color });
  return [
    { name: 'low value', mark: dot(mixed(0)) }, { name: 'high value', mark: dot(mixed(1)) }, { name: 'missing or several', mark: dot(missing) },
    { name: drawn === rows ? `${rows} rows` : `${drawn} of ${rows} rows`, mark: () => '' },
  ];
}

function meanAbsolute(contributions: ArrayLike<number>, rows: number, n: number): Float64Array {
  const mean = new Float64Array(n);
  for (let i = 0; i < rows * n; i++) mean[i % n]! += Math.abs(contributions[i]!) / rows;
  return mean;
}
