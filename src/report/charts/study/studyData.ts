import { scaleLinear } from 'd3-scale';
import { ink } from '../palette.js';
import { element } from '../svg.js';
import type { LegendEntry } from '../legend.js';

/** A trial of a study; the rows of the tuning room's table fit. */
export interface ChartTrial {
  readonly number: number;
  readonly state: 'waiting' | 'running' | 'complete' | 'pruned' | 'failed';
  readonly params: Readonly<Record<string, string | number | boolean | null>>;
  readonly value?: number | undefined;
  readonly reports?: readonly { readonly step: number; readonly value: number | null }[] | undefined;
}

/** A parameter of a study; those of the tuning room's search space fit. */
export type ChartParameter =
  | { readonly type: 'float' | 'int'; readonly low: number; readonly high: number; readonly log?: boolean | undefined }
  | { readonly type: 'categorical'; readonly choices: readonly (string | number | boolean | null)[] };

export interface StudyChartData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** What the objective is, such as `average precision`. */
  readonly objective: string;
  readonly direction: 'minimize' | 'maximize';
  readonly trials: readonly ChartTrial[];
}

export interface SpaceChartData extends StudyChartData {
  readonly space: Readonly<Record<string, ChartParameter>>;
}

export const stateColors = { complete: '#0072B2', pruned: '#E69F00', failed: ink.falseAlarm, running: '#56B4E9', waiting: ink.grid, best: '#D55E00' } as const;

/** Complete trials with a finite value, in order of their numbers. */
export function finished(trials: readonly ChartTrial[]): (ChartTrial & { readonly value: number })[] {
  return trials.filter((trial): trial is ChartTrial & { value: number } => trial.state === 'complete' && Number.isFinite(trial.value)).sort((a, b) => a.number - b.number);
}

export function bestOf({ trials, direction }: StudyChartData): (ChartTrial & { readonly value: number }) | undefined {
  const all = finished(trials);
  return all.length === 0 ? undefined : all.reduce((best, trial) => ((direction === 'minimize' ? trial.value < best.value : trial.value > best.value) ? trial : best));
}

/** A colour per value: dark for good ones. Values beyond the 95th percentile from the good end share the lightest, so that outliers do not drown the rest. */
export function valueColors(values: readonly number[], direction: 'minimize' | 'maximize'): (value: number) => string {
  const sorted = [...values].sort((a, b) => (direction === 'minimize' ? a - b : b - a));
  const best = sorted[0] ?? 0, worst = sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 1;
  return (value) => shade(best === worst ? 0 : 0.8 * Math.min(Math.max((value - best) / (worst - best), 0), 1));
}

const stops = [[8, 48, 107], [33, 113, 181], [107, 174, 214], [198, 219, 239], [236, 242, 249]] as const;
const channels = [0, 1, 2].map((c) => scaleLinear([0, 0.25, 0.5, 0.75, 1], stops.map((stop) => stop[c]!)).clamp(true));

/** 0 darkest, 1 lightest. */
export function shade(share: number): string {
  return `rgb(${channels.map((channel) => Math.round(channel(share))).join(',')})`;
}

export function dot(x: number, y: number, color: string, radius = 3.4): string {
  return element('circle', { cx: x, cy: y, r: radius, fill: color, stroke: '#ffffff', 'stroke-width': 0.7 });
}

export function cross(x: number, y: number, color: string, size = 3.4): string {
  return element('path', { d: `M${x - size},${y - size}L${x + size},${y + size}M${x - size},${y + size}L${x + size},${y - size}`, stroke: color, 'stroke-width': 1.6, fill: 'none' });
}

export function dotMark(color: string): LegendEntry['mark'] {
  return (x, y) => dot(x + 9, y, color, 4);
}

export function crossMark(color: string): LegendEntry['mark'] {
  return (x, y) => cross(x + 9, y, color, 4);
}

/** What the shades mean. */
export function shadeMark(x: number, y: number): string {
  return [0, 0.25, 0.5, 0.75, 1].map((share, i) => element('rect', { x: x + i * 3.6, y: y - 5, width: 3.7, height: 10, fill: shade(share) })).join('');
}
