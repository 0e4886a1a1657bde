/** A signal of the line as the healthy behaviour sees it. */
export interface ObservedSignal {
  readonly name: string;
  readonly unit: string;
  readonly role: 'measured' | 'operational';
}

/** The values that a signal had in the rows that healthy behaviour was learnt from. */
export interface EnvelopeRange {
  readonly signal: string;
  readonly low: number;
  readonly high: number;
}

/** Everything between a raw series and its residuals, except the regressors themselves. Plain JSON: a bundle carries it. */
export interface ObserverSettings {
  /** What the regressors see; each sees all but the signal that it explains. */
  readonly signals: readonly ObservedSignal[];
  /** Rows back at which signals are seen, ascending. */
  readonly lags: readonly number[];
  readonly envelope: readonly EnvelopeRange[];
  /** One per explained signal, in the order of the residuals. */
  readonly regressors: readonly { readonly signal: string; readonly file: string }[];
}

/** The name of a residual's column. */
export function residualName(signal: string): string {
  return `residual ${signal}`;
}
