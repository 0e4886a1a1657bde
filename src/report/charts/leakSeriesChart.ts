import { scaleLinear } from 'd3-scale';
import { PenstockError } from '../../errors/index.js';
import { curve, valueScale, xAxis, yAxis, type Frame, type Scale } from './axes.js';
import { legend, legendRow, lineMark, type LegendEntry } from './legend.js';
import { alarmGuides, keyEntries, leakLane, alarmLane, phaseBands } from './leakLanes.js';
import type { LeakSeriesData, SignalPanel } from './leakSeriesData.js';
import { ink, seriesStyle } from './palette.js';
import { signalLevels } from './signalLevels.js';
import { element, picture, text } from './svg.js';
import { fitText, textWidth } from './textWidth.js';
import { timeUnit } from './timeAxis.js';

const margin = { left: 66, right: 26 };
const panelHeight = 118;
const laneHeight = { leaks: 20, alarms: 36 };

/**
 * One case as SVG: what truly happened and what was raised on two lanes at the top, under them the signals and the score,
 * all over one time axis. Leaks are shaded in every panel.
 */
export function leakSeriesChart(data: LeakSeriesData): string {
  checkLengths(data);
  const width = data.width ?? 1000;
  const plotWidth = width - margin.left - margin.right;
  const [from, to] = timeSpan(data);
  const unit = timeUnit(to - from);
  const x = scaleLinear([from / unit.seconds, to / unit.seconds], [margin.left, margin.left + plotWidth]);
  const at = (seconds: number): number => x(seconds / unit.seconds);

  let y = 30;
  let content = text(margin.left, y, fitText(data.title, plotWidth, 16, true), { size: 16, bold: true });
  if (data.subtitle) content += text(margin.left, (y += 19), fitText(data.subtitle, plotWidth, 12), { fill: ink.muted });
  const key = legend(keyEntries(data), margin.left, (y += 20), plotWidth);
  content += key.content;
  y += key.rows * legendRow;

  const laneFrame = { left: margin.left, top: y, width: plotWidth, height: laneHeight.leaks + laneHeight.alarms };
  content += leakLane(data, { ...laneFrame, height: laneHeight.leaks }, at);
  const alarmTop = y + laneHeight.leaks;
  content += alarmLane(data.alarms, { ...laneFrame, top: alarmTop, height: laneHeight.alarms }, at);
  y = alarmTop + laneHeight.alarms;

  let last: Frame = laneFrame;
  for (const panel of [...data.panels, undefined]) {
    const levels = panel && signalLevels(panel, data);
    const head = panel ? signalHead(panel, levels) : scoreHead(data);
    const header = panelHeader(head.title, head.entries, y + 16, plotWidth);
    last = { left: margin.left, top: y + 16 + header.height, width: plotWidth, height: panelHeight };
    content += header.content + phaseBands(data, last, at);
    content += panel ? signals(panel, levels, data.time, x, last, unit.seconds) : score(data, x, last, unit.seconds);
    content += alarmGuides(data.alarms, last, at) + frameOf(last);
    y = last.top + last.height;
  }
  content += xAxis(x, last, `time since start of case (${unit.name})`);
  return picture(width, Math.ceil(y + 50), data.title, content);
}

function signalHead({ title, unit, series }: SignalPanel, levels: readonly number[] | undefined): { title: string; entries: LegendEntry[] } {
  const entries = series.map(({ name }, i) => {
    const { color, dash } = seriesStyle(i);
    return { name: levels ? `${name} (from ${compact(levels[i]!)})` : name, mark: lineMark(color, dash) };
  });
  const drawn = levels ? `${title}, change` : title;
  return { title: unit ? `${drawn} (${unit})` : drawn, entries };
}

/** Four digits, as the axis writes large numbers: 6.8M, 182.3. */
function compact(value: number): string {
  const size = Math.abs(value);
  for (const [prefix, scale] of [['G', 1e9], ['M', 1e6], ['k', 1e3]] as const) {
    if (size >= 1e5 && size >= scale) return `${Number((value / scale).toPrecision(4))}${prefix}`;
  }
  return `${Number(value.toPrecision(4))}`;
}

function scoreHead({ score: { name = 'Score', threshold } }: LeakSeriesData): { title: string; entries: LegendEntry[] } {
  return {
    title: name,
    entries: [
      { name: 'score', mark: lineMark(ink.score) },
      ...(Number.isFinite(threshold) ? [{ name: `threshold ${Number(threshold.toPrecision(4))}`, mark: lineMark(ink.threshold, '5 3') }] : []),
    ],
  };
}

/** Title of a panel with the legend beside it, or under it where it would become cramped. */
function panelHeader(title: string, entries: readonly LegendEntry[], y: number, room: number): { content: string; height: number } {
  const shown = fitText(title, room, 12, true);
  const titleWidth = textWidth(shown, 12, true) + 22;
  const heading = text(margin.left, y + 4, shown, { bold: true });
  const beside = titleWidth < room / 2;
  const key = beside
    ? legend(entries, margin.left + titleWidth, y, room - titleWidth)
    : legend(entries, margin.left, y + legendRow, room);
  const rows = beside ? Math.max(1, key.rows) : 1 + key.rows;
  return { content: heading + key.content, height: (rows - 1) * legendRow + 12 };
}

function signals(panel: SignalPanel, levels: readonly number[] | undefined, time: ArrayLike<number>, x: Scale, frame: Frame, unitSeconds: number): string {
  const drawn = panel.series.map(({ values }, i) => (levels ? Float64Array.from(values, (value) => value - levels[i]!) : values));
  const y = valueScale(drawn, [frame.top + frame.height, frame.top]);
  const scaled = Float64Array.from(time, (t) => t / unitSeconds);
  const lines = drawn.map((values, i) => {
    const { color, dash } = seriesStyle(i);
    return curve(scaled, values, x, y, { color, dash });
  });
  return yAxis(y, frame) + lines.join('');
}

function score({ score: { time, values, threshold } }: LeakSeriesData, x: Scale, frame: Frame, unitSeconds: number): string {
  const range = [frame.top + frame.height, frame.top] as const;
  const probability = Array.from(values).every((value) => !Number.isFinite(value) || (value >= 0 && value <= 1));
  const y = probability && threshold >= 0 && threshold <= 1 ? scaleLinear([0, 1], range) : valueScale([values], range, [threshold]);
  const scaled = Float64Array.from(time, (t) => t / unitSeconds);
  const limit = Number.isFinite(threshold)
    ? element('line', {
        x1: frame.left,
        x2: frame.left + frame.width,
        y1: y(threshold),
        y2: y(threshold),
        stroke: ink.threshold,
        'stroke-width': 1.2,
        'stroke-dasharray': '5 3',
      })
    : '';
  return yAxis(y, frame) + curve(scaled, values, x, y, { color: ink.score, width: 1.6 }) + limit;
}

function frameOf(frame: Frame): string {
  return element('rect', { x: frame.left, y: frame.top, width: frame.width, height: frame.height, fill: 'none', stroke: ink.axis, 'stroke-width': 0.8 });
}

function timeSpan({ time, score }: LeakSeriesData): [number, number] {
  const ends = [time, score.time].flatMap((list) => (list.length > 0 ? [list[0]!, list[list.length - 1]!] : []));
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  return Number.isFinite(from) && to > from ? [from, to] : [0, 1];
}

function checkLengths({ time, panels, score }: LeakSeriesData): void {
  for (const { name, values } of panels.flatMap(({ series }) => series)) {
    if (values.length !== time.length) {
      throw new PenstockError('evaluation/invalid', `series ${name} has ${values.length} values, its time has ${time.length}`, { key: name });
    }
  }
  if (score.values.length !== score.time.length) {
    throw new PenstockError('evaluation/invalid', `the score has ${score.values.length} values, its time has ${score.time.length}`, { key: 'score' });
  }
}
