import { lineChart } from '../lineChart.js';

export interface EdfChartData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly objective: string;
  /** One curve per study: the share of trials whose value is at most x. */
  readonly studies: readonly { readonly name: string; readonly x: ArrayLike<number>; readonly share: ArrayLike<number> }[];
}

/** Empirical distributions of the objective: how good whole studies are, not only their best trial. */
export function edfChart({ title, subtitle, objective, studies }: EdfChartData): string {
  const series = studies.map(({ name, x, share }) => ({ name, x, y: share }));
  return lineChart({ title, subtitle, panels: [{ title: 'share of trials with at most this value', series, range: [0, 1] }], xTitle: objective });
}
