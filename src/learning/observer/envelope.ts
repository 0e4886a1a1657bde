import type { EnvelopeRange } from './observer.js';

/** Widens with every case that is learnt from. */
export function openEnvelope(signals: readonly string[]): { add(columns: readonly Float64Array[], rows: Int32Array): void; end(): EnvelopeRange[] } {
  const low = signals.map(() => Infinity);
  const high = signals.map(() => -Infinity);
  return {
    add(columns, rows) {
      for (const [s, values] of columns.entries()) {
        for (const row of rows) {
          const value = values[row]!;
          if (value < low[s]!) low[s] = value;
          if (value > high[s]!) high[s] = value;
        }
      }
    },
    end: () => signals.map((signal, s) => ({ signal, low: low[s]!, high: high[s]! })),
  };
}

/** 1 for rows at which any signal lies outside what healthy behaviour was learnt from, or is missing: a residual there says less. */
export function outsideEnvelope(columns: readonly Float64Array[], envelope: readonly EnvelopeRange[]): Uint8Array {
  const outside = new Uint8Array(columns[0]?.length ?? 0);
  for (const [s, values] of columns.entries()) {
    const { low, high } = envelope[s]!;
    for (let row = 0; row < values.length; row++) if (!(values[row]! >= low && values[row]! <= high)) outside[row] = 1;
  }
  return outside;
}
