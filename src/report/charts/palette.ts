/** Colours of series, told apart by colour-blind readers too (Okabe and Ito 2008), strongest first. */
export const seriesColors = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#8C6D00', '#5A4FA2', '#666666'] as const;

export const ink = {
  paper: '#ffffff',
  /** Text on coloured cells, which are the same by day and by night. */
  onDark: '#fffffe',
  onLight: '#22272d',
  text: '#22272e',
  muted: '#5f6b7a',
  axis: '#8b95a1',
  grid: '#e6e9ed',
  leak: '#E69F00',
  leakBand: '#fbeed2',
  leakText: '#6b4a00',
  recoveryBand: '#eef3f8',
  warmupBand: '#f0f0f0',
  score: '#3b4a5a',
  threshold: '#5A4FA2',
  detection: '#007a59',
  falseAlarm: '#c8321a',
  quiet: '#6f7c8a',
} as const;

/** Series n: colour, and a dash pattern once the colours have all been used. */
export function seriesStyle(n: number): { color: string; dash: string | undefined } {
  const round = Math.floor(n / seriesColors.length);
  return { color: seriesColors[n % seriesColors.length]!, dash: round === 0 ? undefined : `${4 * round} ${2 * round}` };
}
