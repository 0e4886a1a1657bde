import { scaleLinear } from 'd3-scale';
import { valueScale, xAxis, yAxis, type Frame } from '../axes.js';
import { chartHeader, chartSide } from '../header.js';
import { lineMark } from '../legend.js';
import { ink } from '../palette.js';
import { element, picture, px, text } from '../svg.js';
import { cross, crossMark, dot, dotMark, finished, stateColors, type ChartTrial, type StudyChartData } from './studyData.js';

const width = 820;

/** The objective of every trial with the best value so far; pruned trials at their last report, failed ones at the foot. */
export function optimizationHistoryChart(data: StudyChartData): string {
  const { title, trials, direction, objective } = data;
  const complete = finished(trials);
  const pruned = trials.flatMap((trial) => (trial.state === 'pruned' ? [{ trial, value: lastValue(trial) }] : []));
  const failed = trials.filter(({ state }) => state === 'failed');
  const head = chartHeader(data, width, [
    { name: `complete: ${complete.length}`, mark: dotMark(stateColors.complete) },
    ...(pruned.length > 0 ? [{ name: `pruned: ${pruned.length}`, mark: dotMark(stateColors.pruned) }] : []),
    ...(failed.length > 0 ? [{ name: `failed: ${failed.length}`, mark: crossMark(stateColors.failed) }] : []),
    { name: 'best so far', mark: lineMark(stateColors.best) },
  ]);
  const frame: Frame = { left: chartSide.left, top: head.bottom + 40, width: width - chartSide.left - chartSide.right, height: 330 };
  const foot = frame.top + frame.height;
  const x = scaleLinear([0, Math.max(1, ...trials.map(({ number }) => number))], [frame.left + 6, frame.left + frame.width - 6]);
  const y = valueScale([complete.map(({ value }) => value), pruned.map(({ value }) => value)], [foot - 14, frame.top]);
  let content = head.content + yAxis(y, frame, 6);
  for (const { trial, value } of pruned) content += Number.isFinite(value) ? dot(x(trial.number), y(value), stateColors.pruned) : cross(x(trial.number), foot - 6, stateColors.pruned);
  for (const { number, value } of complete) content += dot(x(number), y(value), stateColors.complete);
  for (const { number } of failed) content += cross(x(number), foot - 6, stateColors.failed);
  const steps = runningBest(complete, direction);
  const last = Math.max(0, ...trials.map(({ number }) => number));
  const path = steps.map(({ number, value }, i) => `${i === 0 ? `M${px(x(number))},` : `H${px(x(number))}V`}${px(y(value))}`).join('');
  if (path) content += element('path', { d: `${path}H${px(x(last))}`, fill: 'none', stroke: stateColors.best, 'stroke-width': 2 });
  content += text(chartSide.left, frame.top - 14, objective, { fill: ink.muted }) + xAxis(x, frame, 'trial');
  return picture(width, Math.ceil(foot + 52), title, content);
}

/** The trials that were better than all before them. */
export function runningBest<T extends { readonly value: number }>(complete: readonly T[], direction: 'minimize' | 'maximize'): T[] {
  const sign = direction === 'minimize' ? 1 : -1;
  const steps: T[] = [];
  for (const trial of complete) if (steps.length === 0 || sign * trial.value < sign * steps.at(-1)!.value) steps.push(trial);
  return steps;
}

function lastValue({ reports }: ChartTrial): number {
  return reports?.at(-1)?.value ?? NaN;
}
