import { valueScale, yAxis, type Frame } from '../axes.js';
import { chartHeader, chartSide } from '../header.js';
import { ink } from '../palette.js';
import { element, picture, text } from '../svg.js';
import { fitText, textWidth } from '../textWidth.js';
import { parameterAxis, type ParameterAxis } from './parameterAxis.js';
import { bestOf, dot, dotMark, finished, shade, shadeMark, stateColors, type SpaceChartData } from './studyData.js';

const perRow = 3;
const panel = { width: 250, height: 190, gap: 30 };

/** The objective over each parameter, one panel each; later trials are darker, the best one is marked. */
export function sliceChart(data: SpaceChartData): string {
  const names = Object.keys(data.space);
  const complete = finished(data.trials);
  const columns = Math.min(perRow, names.length);
  const width = chartSide.left + columns * panel.width + (columns - 1) * panel.gap + chartSide.right;
  const head = chartHeader(data, width, [{ name: 'later trials darker', mark: (x, y) => shadeMark(x, y) }, { name: 'best', mark: dotMark(stateColors.best) }]);
  const last = Math.max(1, ...complete.map(({ number }) => number));
  const best = bestOf(data);
  let content = head.content + text(chartSide.left, head.bottom + 26, data.objective, { fill: ink.muted });
  let bottom = head.bottom;
  names.forEach((name, i) => {
    const frame: Frame = {
      left: chartSide.left + (i % columns) * (panel.width + panel.gap), top: head.bottom + 40 + Math.floor(i / columns) * (panel.height + 64), width: panel.width, height: panel.height,
    };
    const axis = parameterAxis(data.space[name]!, [frame.left, frame.left + frame.width]);
    const y = valueScale([complete.map(({ value }) => value)], [frame.top + frame.height - 6, frame.top + 6]);
    content += i % columns === 0 ? yAxis(y, frame) : gridLines(y.ticks(4).map(y), frame);
    for (const trial of [...complete.filter((one) => one !== best), ...(best ? [best] : [])]) {
      const x = axis.at(trial.params[name]);
      if (x !== undefined) content += trial === best ? dot(x, y(trial.value), stateColors.best, 4.6) : dot(x, y(trial.value), shade(0.8 * (1 - trial.number / last)), 3);
    }
    content += foot(axis, frame, name);
    bottom = frame.top + frame.height + 46;
  });
  return picture(width, Math.ceil(bottom + 6), data.title, content);
}

function gridLines(places: readonly number[], { left, width }: Frame): string {
  return places.map((y) => element('line', { x1: left, x2: left + width, y1: y, y2: y, stroke: ink.grid })).join('');
}

/** Ticks, as many of their labels as have room, and the name. */
export function foot(axis: ParameterAxis, { left, top, width, height }: Frame, name: string): string {
  const bottom = top + height;
  let content = element('line', { x1: left, x2: left + width, y1: bottom, y2: bottom, stroke: ink.axis });
  let free = left - 20;
  for (const { at, label } of axis.ticks) {
    const shown = fitText(label, width / 2, 11), half = textWidth(shown, 11) / 2;
    content += element('line', { x1: at, x2: at, y1: bottom, y2: bottom + 4, stroke: ink.axis });
    if (at - half < free + 6) continue;
    content += text(at, bottom + 17, shown, { size: 11, fill: ink.muted, anchor: 'middle' });
    free = at + half;
  }
  return content + text(left + width / 2, bottom + 35, fitText(name, width, 12), { fill: ink.text, anchor: 'middle' });
}
