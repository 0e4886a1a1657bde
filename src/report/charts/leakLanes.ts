import type { Frame } from './axes.js';
import { bandMark, type LegendEntry } from './legend.js';
import type { ChartAlarmKind, LeakSeriesData } from './leakSeriesData.js';
import { ink } from './palette.js';
import { element, px, text } from './svg.js';
import { textWidth } from './textWidth.js';
import { duration } from './timeAxis.js';

const kinds: Readonly<Record<ChartAlarmKind, { readonly name: string; readonly color: string }>> = {
  detection: { name: 'detection (delay)', color: ink.detection },
  false: { name: 'false alarm', color: ink.falseAlarm },
  repeat: { name: 'further alarm in the leak', color: ink.detection },
  recovery: { name: 'alarm in recovery', color: ink.quiet },
  carried: { name: 'alarm on since warm-up', color: ink.quiet },
};

/** What the chart shows, in words: only what there is. */
export function keyEntries({ leaks, warmup, recovery, alarms }: LeakSeriesData): LegendEntry[] {
  const entries: LegendEntry[] = [];
  if (leaks.length > 0) entries.push({ name: 'leak', mark: bandMark(ink.leakBand, ink.leak) });
  if (recovery && recovery.length > 0) entries.push({ name: 'recovery', mark: bandMark(ink.recoveryBand, '#c3d0de') });
  if (warmup) entries.push({ name: 'warm-up', mark: bandMark(ink.warmupBand, '#cfcfcf') });
  for (const kind of Object.keys(kinds) as ChartAlarmKind[]) {
    const count = alarms.filter((alarm) => alarm.kind === kind).length;
    if (count > 0) entries.push({ name: `${kinds[kind].name}: ${count}`, mark: (x, y) => alarmMark(kind, x + 9, y) });
  }
  if (alarms.length === 0) entries.push({ name: 'no alarm', mark: () => '' });
  return entries;
}

type At = (seconds: number) => number;

/** Shading behind a panel. */
export function phaseBands({ leaks, warmup, recovery = [] }: LeakSeriesData, frame: Frame, at: At): string {
  const bands = [
    ...(warmup ? [{ ...warmup, fill: ink.warmupBand }] : []),
    ...recovery.map((span) => ({ ...span, fill: ink.recoveryBand })),
    ...leaks.map((span) => ({ ...span, fill: ink.leakBand })),
  ];
  return bands.map(({ start, end, fill }) => bar(start, end, frame, at, frame.top, frame.height, fill)).join('');
}

/** The true intervals as bars; a label stands in its bar where it fits. */
export function leakLane({ leaks }: LeakSeriesData, frame: Frame, at: At): string {
  const top = frame.top + 2;
  const height = frame.height - 4;
  const bars = leaks.map(({ start, end, label }) => {
    const [from, to] = clip(start, end, frame, at);
    const shape = bar(start, end, frame, at, top, height, ink.leak, 0.55);
    if (!label || to - from < textWidth(label, 10) + 6) return shape;
    return shape + text((from + to) / 2, top + height / 2 + 3.6, label, { size: 10, fill: ink.leakText, anchor: 'middle' });
  });
  return laneLabel('leaks', frame) + bars.join('');
}

/** Alarms as marks, detections with their delay; a label without room beside its mark moves to the second row or is left out. */
export function alarmLane(alarms: LeakSeriesData['alarms'], frame: Frame, at: At): string {
  const y = frame.top + 10;
  const occupied = [-Infinity, -Infinity];
  const right = frame.left + frame.width;
  const marks = alarms.map(({ time }) => at(time));
  let content = laneLabel('alarms', { ...frame, height: 20 });
  alarms.forEach(({ kind, delay }, i) => {
    const x = marks[i]!;
    content += alarmMark(kind, x, y);
    if (delay === undefined) return;
    const label = `+${duration(delay)}`;
    const width = textWidth(label, 10);
    const besideFree = x + 8 > occupied[0]! && (marks[i + 1] ?? Infinity) - 8 > x + 8 + width && x + 8 + width <= right;
    const under = Math.min(Math.max(x - width / 2, frame.left), right - width);
    if (besideFree) {
      content += text(x + 8, y + 3.6, label, { size: 10, fill: kinds[kind].color });
      occupied[0] = x + 8 + width + 4;
    } else if (under > occupied[1]!) {
      content += text(under, y + 19, label, { size: 10, fill: kinds[kind].color });
      occupied[1] = under + width + 4;
    }
  });
  return content;
}

/** A thin line through a panel at each alarm. */
export function alarmGuides(alarms: LeakSeriesData['alarms'], frame: Frame, at: At): string {
  return alarms
    .map(({ time, kind }) =>
      element('line', {
        x1: at(time),
        x2: at(time),
        y1: frame.top,
        y2: frame.top + frame.height,
        stroke: kinds[kind].color,
        'stroke-width': 1,
        'stroke-dasharray': kind === 'false' ? '2 2' : undefined,
        'stroke-opacity': 0.75,
      }),
    )
    .join('');
}

/** Told apart by shape as well as by colour. */
function alarmMark(kind: ChartAlarmKind, x: number, y: number): string {
  const { color } = kinds[kind];
  const path = (d: string, filled: boolean): string =>
    element('path', { d, fill: filled ? color : '#ffffff', stroke: color, 'stroke-width': filled ? 1 : 1.6, 'stroke-linejoin': 'round' });
  const triangle = `M${px(x - 5.5)},${px(y - 5)}H${px(x + 5.5)}L${px(x)},${px(y + 5)}Z`;
  if (kind === 'detection') return path(triangle, true);
  if (kind === 'repeat') return path(triangle, false);
  if (kind === 'recovery') return path(`M${px(x)},${px(y - 5.5)}L${px(x + 5.5)},${px(y)}L${px(x)},${px(y + 5.5)}L${px(x - 5.5)},${px(y)}Z`, false);
  if (kind === 'carried') return path(`M${px(x - 4.5)},${px(y - 4.5)}h9v9h-9Z`, false);
  return element('path', {
    d: `M${px(x - 4.5)},${px(y - 4.5)}l9,9m0,-9l-9,9`,
    fill: 'none',
    stroke: color,
    'stroke-width': 2.6,
    'stroke-linecap': 'round',
  });
}

function laneLabel(name: string, frame: Frame): string {
  return text(frame.left - 7, frame.top + frame.height / 2 + 4, name, { size: 11, fill: ink.muted, anchor: 'end' });
}

function clip(start: number, end: number, frame: Frame, at: At): [number, number] {
  const right = frame.left + frame.width;
  const from = Math.min(Math.max(at(start), frame.left), right);
  return [from, Math.min(Math.max(at(end), from), right)];
}

/** At least one pixel wide, so that a short leak is not lost. */
function bar(start: number, end: number, frame: Frame, at: At, top: number, height: number, fill: string, opacity?: number): string {
  const [from, to] = clip(start, end, frame, at);
  return element('rect', { x: from, y: top, width: Math.max(1, to - from), height, fill, 'fill-opacity': opacity });
}
