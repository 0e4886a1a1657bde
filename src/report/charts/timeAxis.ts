/** Unit of a time axis: the largest in which the span is a handy number. */
export function timeUnit(spanSeconds: number): { readonly name: string; readonly seconds: number } {
  if (spanSeconds <= 2 * 3600) return { name: 's', seconds: 1 };
  if (spanSeconds <= 12 * 3600) return { name: 'min', seconds: 60 };
  if (spanSeconds <= 5 * 86_400) return { name: 'h', seconds: 3600 };
  return { name: 'd', seconds: 86_400 };
}

/** A short duration such as `1.2 s`, `95 s`, `12.4 min`, `3.1 h`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Number((seconds / 60).toFixed(1))} min`;
  return `${Number((seconds / 3600).toFixed(1))} h`;
}
