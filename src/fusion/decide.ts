/** When a fused probability is an alarm. */
export interface DecisionOptions {
  /** The alarm goes on when the probability was at least this ... */
  readonly on: number;
  /** ... for so many updates in a row, ... */
  readonly persistence: number;
  /** ... and off when it is below this. At most `on`. */
  readonly off: number;
}

/** Per update 1 where the alarm is on, else 0. NaN leaves the alarm as it is. */
export function decide(probability: Float64Array, { on, off, persistence }: DecisionOptions): Float64Array {
  const out = new Float64Array(probability.length);
  let alarm = false;
  let above = 0;
  for (let i = 0; i < probability.length; i++) {
    const p = probability[i]!;
    if (!Number.isNaN(p)) {
      above = p >= on ? above + 1 : 0;
      alarm = alarm ? p >= off : above >= persistence;
    }
    out[i] = alarm ? 1 : 0;
  }
  return out;
}
