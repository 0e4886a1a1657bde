import { scaleLinear } from 'd3-scale';
import { curve, valueScale, xAxis, yAxis, type Frame } from '../axes.js';
import { chartHeader, chartSide } from '../header.js';
import { lineMark } from '../legend.js';
import { ink } from '../palette.js';
import { picture, text } from '../svg.js';
import { bestOf, dot, dotMark, stateColors, type ChartTrial, type StudyChartData } from './studyData.js';

const width = 820;

export interface IntermediateChartData extends StudyChartData {
  /** What a step is. Default `step`. */
  readonly step?: string | undefined;
}

/** What trials reported on the way, one line each; pruned ones end in a dot, the best one stands out. */
export function intermediateValuesChart(data: IntermediateChartData): string {
  const { title, objective, step = 'step' } = data;
  const reporting = data.trials.filter(({ reports }) => reports && reports.length > 0);
  const best = bestOf(data);
  const pruned = reporting.filter(({ state }) => state === 'pruned');
  const head = chartHeader(data, width, [
    { name: 'complete', mark: lineMark(stateColors.running) },
    ...(pruned.length > 0 ? [{ name: `pruned: ${pruned.length} of ${reporting.length}`, mark: dotMark(stateColors.pruned) }] : []),
    { name: 'best', mark: lineMark(stateColors.best) },
  ]);
  const frame: Frame = { left: chartSide.left, top: head.bottom + 40, width: width - chartSide.left - chartSide.right, height: 330 };
  const values = reporting.map((trial) => valuesOf(trial));
  const steps = reporting.map(({ reports }) => Float64Array.from(reports!, (report) => report.step));
  const all = steps.flatMap((list) => Array.from(list));
  const low = all.length > 0 ? Math.min(...all) : 0, high = all.length > 0 ? Math.max(...all) : 1;
  const x = scaleLinear(low < high ? [low, high] : [low - 1, low + 1], [frame.left, frame.left + frame.width]);
  const y = valueScale(values, [frame.top + frame.height, frame.top]);
  let content = head.content + yAxis(y, frame, 6);
  const order = reporting.map((_, i) => i).sort((a, b) => rank(reporting[a]!, best) - rank(reporting[b]!, best) || a - b);
  for (const i of order) {
    const trial = reporting[i]!, last = values[i]!.length - 1;
    const color = trial === best ? stateColors.best : trial.state === 'pruned' ? '#f0cf8e' : '#a9d0ee';
    content += curve(steps[i]!, values[i]!, x, y, { color, width: trial === best ? 2.6 : 1.2 });
    if (trial.state === 'pruned' && Number.isFinite(values[i]![last])) content += dot(x(steps[i]![last]!), y(values[i]![last]!), stateColors.pruned, 3);
  }
  content += text(chartSide.left, frame.top - 14, objective, { fill: ink.muted }) + xAxis(x, frame, step);
  return picture(width, Math.ceil(frame.top + frame.height + 52), title, content);
}

/** Pruned lines below complete ones, the best one above all. */
function rank(trial: ChartTrial, best: ChartTrial | undefined): number {
  return trial === best ? 2 : trial.state === 'pruned' ? 0 : 1;
}

function valuesOf({ reports }: ChartTrial): Float64Array {
  return Float64Array.from(reports!, ({ value }) => value ?? NaN);
}
