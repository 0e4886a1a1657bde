import { ink, seriesColors } from '../charts/palette.js';
import { trusted, type Markup } from './markup.js';

/** Colours of charts by night; those that are not here are the same by day and by night. */
const night: Readonly<Record<string, string>> = {
  paper: '#161b22', text: '#e6edf3', muted: '#a4afbb', axis: '#6e7b89', grid: '#2b333d', leak: '#E69F00', leakBand: '#3a2f14', leakText: '#ffd68a',
  recoveryBand: '#1d2733', warmupBand: '#23282f', score: '#c9d4e0', threshold: '#a79bf0', detection: '#39c796', falseAlarm: '#ff7b66', quiet: '#9aa7b4',
};
const nightSeries = ['#4ea8e6', '#ff8a45', '#2fc79c', '#e39bc6', '#8fd0f7', '#d3b03c', '#a79bf0', '#b5b5b5'];

const names = new Map([
  ...Object.entries(ink).filter(([name]) => name in night).map(([name, color]) => [color.toLowerCase(), `ink-${name}`] as const),
  ...seriesColors.map((color, n) => [color.toLowerCase(), `series-${n}`] as const),
]);

/** Custom properties of all colours of charts, by day and by night. */
export function chartColors(scheme: 'light' | 'dark'): string {
  const inks = Object.entries(ink).filter(([name]) => name in night).map(([name, color]) => `--ink-${name}:${scheme === 'light' ? color : night[name]!}`);
  const series = seriesColors.map((color, n) => `--series-${n}:${scheme === 'light' ? color : nightSeries[n]!}`);
  return [...inks, ...series].join(';');
}

/** A chart for a page: its colours follow the page's, its width the room there is. */
export function themed(svg: string): Markup {
  const colored = svg.replaceAll(/"(#[0-9a-fA-F]{6})"/g, (whole, color: string) => {
    const name = names.get(color.toLowerCase());
    return name === undefined ? whole : `"var(--${name})"`;
  });
  // The size stays as the most that the chart takes; the view box gives its proportions.
  return trusted(colored.replace(/^<svg /, '<svg class="chart" '));
}
