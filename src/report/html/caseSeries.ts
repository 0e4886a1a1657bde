import { thin } from '../charts/thin.js';
import type { AlarmKind } from '../../evaluation/index.js';

/** A case for the interactive view: times in seconds since its start. */
export interface CaseSeries {
  readonly caseId: string;
  /** One line on how it went. */
  readonly summary: string;
  readonly time: ArrayLike<number>;
  readonly panels: readonly { readonly title: string; readonly unit: string; readonly signals: readonly { readonly name: string; readonly values: ArrayLike<number> }[] }[];
  readonly score: { readonly time: ArrayLike<number>; readonly values: ArrayLike<number>; readonly threshold: number };
  readonly leaks: readonly { readonly start: number; readonly end: number; readonly label: string }[];
  readonly alarms: readonly { readonly time: number; readonly kind: AlarmKind; readonly delay?: number | undefined }[];
}

type Drawn = readonly [times: readonly number[], values: readonly (number | null)[]];

interface PageSeries {
  readonly id: string;
  readonly summary: string;
  readonly panels: readonly { readonly title: string; readonly lines: readonly { readonly name: string; readonly data: Drawn }[]; readonly threshold?: number }[];
  readonly leaks: readonly (readonly [start: number, end: number, label: string])[];
  readonly alarms: readonly (readonly [time: number, kind: AlarmKind, delay: number | null])[];
}

/** What the page's script is given: at most `points` points of each line, peaks kept, five digits of each number. */
export function pageSeries(one: CaseSeries, points: number): PageSeries {
  const line = (name: string, time: ArrayLike<number>, values: ArrayLike<number>) => ({ name, data: thinned(time, values, points) });
  return {
    id: one.caseId, summary: one.summary,
    panels: [
      ...one.panels.map(({ title, unit, signals }) => ({ title: unit ? `${title} (${unit})` : title, lines: signals.map(({ name, values }) => line(name, one.time, values)) })),
      { title: 'Score', lines: [line('score', one.score.time, one.score.values)], threshold: one.score.threshold },
    ],
    leaks: one.leaks.map(({ start, end, label }) => [start, end, label]),
    alarms: one.alarms.map(({ time, kind, delay }) => [short(time, 8), kind, delay === undefined ? null : short(delay, 5)]),
  };
}

function thinned(time: ArrayLike<number>, values: ArrayLike<number>, points: number): Drawn {
  const { x, y } = thin(time, values, Math.floor(points / 2));
  return [Array.from(x, (t) => short(t, 7)), Array.from(y, (v) => (Number.isFinite(v) ? short(v, 5) : null))];
}

function short(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
