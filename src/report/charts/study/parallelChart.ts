import { valueScale } from '../axes.js';
import { chartHeader } from '../header.js';
import { ink } from '../palette.js';
import { element, picture, px, text } from '../svg.js';
import { fitText, textWidth } from '../textWidth.js';
import { label, parameterAxis, type ParameterAxis } from './parameterAxis.js';
import { bestOf, finished, shadeMark, stateColors, valueColors, type SpaceChartData } from './studyData.js';
import { lineMark } from '../legend.js';

/** Every trial as a line through the objective and its parameters; better ones darker and on top, the best one marked. */
export function parallelCoordinatesChart(data: SpaceChartData): string {
  const { space, direction, objective, title } = data;
  const names = Object.keys(space);
  const complete = finished(data.trials);
  const spacing = Math.max(110, Math.min(170, 900 / (names.length + 1)));
  const width = Math.ceil(Math.max(560, 110 + names.length * spacing + 90));
  const head = chartHeader(data, width, [{ name: 'better trials darker', mark: (x, y) => shadeMark(x, y) }, { name: 'best', mark: lineMark(stateColors.best) }]);
  const top = head.bottom + 56, bottom = top + 340;
  const scale = valueScale([complete.map(({ value }) => value)], [bottom, top]);
  const first: ParameterAxis = { at: (value) => scale(Number(value)), ticks: scale.ticks(5).map((tick) => ({ at: scale(tick), label: label(tick) })) };
  const axes = [first, ...names.map((name) => parameterAxis(space[name]!, [bottom, top]))];
  const places = axes.map((_, i) => 110 + i * ((width - 200) / names.length));
  const color = valueColors(complete.map(({ value }) => value), direction);
  const best = bestOf(data);
  const sign = direction === 'minimize' ? 1 : -1;
  let content = head.content;
  for (const trial of [...complete].sort((a, b) => sign * (b.value - a.value))) {
    const points = axes.map((axis, i) => axis.at(i === 0 ? trial.value : trial.params[names[i - 1]!]));
    content += element('path', { d: pathOf(points, places), fill: 'none', stroke: trial === best ? stateColors.best : color(trial.value), 'stroke-width': trial === best ? 2.6 : 1.2, 'stroke-linejoin': 'round' });
  }
  axes.forEach((axis, i) => (content += axisAt(axis, places[i]!, top, bottom, i === 0 ? objective : names[i - 1]!, Math.min(2 * spacing - 16, 2 * (width - places[i]!) - 12, 2 * places[i]! - 12), i)));
  return picture(width, Math.ceil(bottom + 26), title, content);
}

/** A trial without a parameter goes on at the next one that it has. */
function pathOf(points: readonly (number | undefined)[], places: readonly number[]): string {
  let path = '';
  points.forEach((y, i) => {
    if (y !== undefined) path += `${path === '' ? 'M' : 'L'}${px(places[i]!)},${px(y)}`;
  });
  return path;
}

/** Names of neighbours stand at two heights, so that long ones do not touch. */
function axisAt(axis: ParameterAxis, x: number, top: number, bottom: number, name: string, room: number, i: number): string {
  let content = element('line', { x1: x, x2: x, y1: top, y2: bottom, stroke: ink.axis, 'stroke-width': 1.4 });
  content += text(x, top - (i % 2 === 0 ? 14 : 30), fitText(name, room, 12), { anchor: 'middle' });
  for (const { at, label: written } of axis.ticks) {
    const shown = fitText(written, 80, 11), wide = textWidth(shown, 11);
    content += element('rect', { x: x - 9 - wide, y: at - 7, width: wide + 4, height: 14, fill: '#ffffff', 'fill-opacity': 0.8 });
    content += element('line', { x1: x - 4, x2: x, y1: at, y2: at, stroke: ink.axis }) + text(x - 7, at + 4, shown, { size: 11, fill: ink.text, anchor: 'end' });
  }
  return content;
}
