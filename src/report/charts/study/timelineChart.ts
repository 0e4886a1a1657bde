import { scaleLinear } from 'd3-scale';
import { xAxis, type Frame } from '../axes.js';
import { chartHeader, chartSide } from '../header.js';
import { ink } from '../palette.js';
import { element, picture, text } from '../svg.js';
import { textWidth } from '../textWidth.js';
import { stateColors, type ChartTrial } from './studyData.js';
import { bandMark } from '../legend.js';

/** When a trial ran, in seconds since the study began; `end` undefined while it runs. */
export interface TrialTime {
  readonly number: number;
  readonly state: ChartTrial['state'];
  readonly start: number;
  readonly end?: number | undefined;
}

export interface TimelineChartData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly times: readonly TrialTime[];
  /** Where the picture ends for trials that still run; default the last time there is. */
  readonly now?: number | undefined;
}

const width = 820;
const states = ['complete', 'pruned', 'failed', 'running', 'waiting'] as const;

/** Bars of when trials ran, packed into as few lanes as ran side by side. */
export function timelineChart(data: TimelineChartData): string {
  const { times, title } = data;
  const present = states.filter((state) => times.some((time) => time.state === state));
  const head = chartHeader(data, width, present.map((state) => ({ name: `${state}: ${times.filter((time) => time.state === state).length}`, mark: bandMark(stateColors[state], ink.axis) })));
  const last = Math.max(1e-3, data.now ?? 0, ...times.map(({ start, end }) => end ?? start));
  const lanes = lanesOf(times, last);
  const rows = Math.max(1, lanes.length);
  const row = Math.max(5, Math.min(26, 420 / rows));
  const frame: Frame = { left: chartSide.left, top: head.bottom + 34, width: width - chartSide.left - chartSide.right, height: rows * row };
  const unit = last >= 7200 ? { seconds: 3600, name: 'h' } : last >= 120 ? { seconds: 60, name: 'min' } : { seconds: 1, name: 's' };
  const x = scaleLinear([0, last / unit.seconds], [frame.left, frame.left + frame.width]);
  let content = head.content;
  lanes.forEach((lane, i) => {
    const top = frame.top + i * row;
    for (const { number, state, start, end } of lane) {
      const from = x(start / unit.seconds), length = Math.max(1, x((end ?? last) / unit.seconds) - from);
      content += element('rect', { x: from, y: top + 1.5, width: length, height: row - 3, fill: stateColors[state], stroke: '#ffffff', 'stroke-width': 0.6 });
      const written = String(number);
      if (row >= 14 && textWidth(written, 10) + 6 < length) content += text(from + length / 2, top + row / 2 + 3.6, written, { size: 10, fill: state === 'waiting' ? ink.text : '#ffffff', anchor: 'middle' });
    }
  });
  content += text(frame.left, frame.top - 8, rows === 1 ? 'one trial at a time' : `${rows} trials at a time`, { size: 11, fill: ink.muted });
  content += xAxis(x, frame, `time since the study began (${unit.name})`);
  return picture(width, Math.ceil(frame.top + frame.height + 52), title, content);
}

/** Each trial in the first lane that is free when it starts. */
function lanesOf(times: readonly TrialTime[], last: number): TrialTime[][] {
  const lanes: TrialTime[][] = [];
  const free: number[] = [];
  for (const time of [...times].sort((a, b) => a.start - b.start || a.number - b.number)) {
    let lane = free.findIndex((until) => until <= time.start);
    if (lane < 0) lane = free.push(0) - 1;
    free[lane] = time.end ?? last;
    (lanes[lane] ??= []).push(time);
  }
  return lanes;
}
