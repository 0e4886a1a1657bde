import { scaleLinear, scaleLog } from 'd3-scale';
import type { ChartParameter } from './studyData.js';

type Value = string | number | boolean | null;

/** Where the values of a parameter stand along an axis, in pixels. */
export interface ParameterAxis {
  /** undefined for what is no value of the parameter. */
  readonly at: (value: Value | undefined) => number | undefined;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Numbers on their scale, a little inside the ends; choices evenly spread. */
export function parameterAxis(parameter: ChartParameter, [from, to]: readonly [number, number], count = 4): ParameterAxis {
  if (parameter.type === 'categorical') {
    const { choices } = parameter;
    const place = (i: number): number => from + ((to - from) * (i + 0.5)) / choices.length;
    return {
      at: (value) => (value === undefined || !choices.includes(value) ? undefined : place(choices.indexOf(value))),
      ticks: choices.map((choice, i) => ({ at: place(i), label: String(choice) })),
    };
  }
  const { low, high, log } = parameter;
  const margin = (to - from) * 0.03;
  const ends = [from + margin, to - margin] as const;
  const flat = low === high;
  const scale = log ? scaleLog(flat ? [low / 2, low * 2] : [low, high], ends) : scaleLinear(flat ? [low - 1, low + 1] : [low, high], ends);
  const ticks = log ? decades(low, high, count) : scaleLinear().domain([low, high]).ticks(count).filter((tick) => parameter.type === 'float' || Number.isInteger(tick));
  return {
    at: (value) => (typeof value === 'number' && (!log || value > 0) ? scale(value) : undefined),
    ticks: ticks.map((tick) => ({ at: scale(tick), label: label(tick) })),
  };
}

/** Powers of ten inside the range, or its ends where there are fewer than two. */
function decades(low: number, high: number, count: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
  if (last <= first) return [low, high];
  const stride = Math.max(1, Math.ceil((last - first + 1) / count));
  const ticks: number[] = [];
  for (let exponent = first; exponent <= last; exponent += stride) ticks.push(Number(`1e${exponent}`));
  return ticks;
}

export function label(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size < 1e5 && size >= 1e-3) return String(Number(value.toPrecision(4)));
  return value.toExponential(value === Number(value.toExponential(0)) ? 0 : 1).replace('e+', 'e');
}
