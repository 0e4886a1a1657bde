/**
 * What an instrument and its telemetry make of the true value. Amounts are in the unit of the column; what is absent or 0
 * is off. All of it is causal: no reading shows a value from later than its row.
 */
export interface Sensor {
  /** Standard deviation of each reading. */
  readonly gaussian?: number;
  /** Standard deviation of a constant error, drawn once per case group. */
  readonly bias?: number;
  /** Standard deviation of an error that grows in proportion to time, drawn once per case group, per hour. */
  readonly driftPerHour?: number;
  /** Readings are whole multiples of it. */
  readonly quantisation?: number;
  /** A reading is reported only if it differs from the last one reported by at least this. */
  readonly deadband?: number;
  /** The reading freezes with this probability per hour (below 1), each time for so many seconds. */
  readonly stuck?: { readonly probabilityPerHour: number; readonly seconds: number };
  /** A reading is lost with this probability: missing (NaN), or the one before shown again. */
  readonly dropout?: { readonly probability: number; readonly shows: 'nan' | 'hold' };
  /** Seconds between readings, which are held in between; the phase is drawn once per case group. */
  readonly scanSeconds?: number;
  /** The clock of the sensor is late by a time between 0 and so many seconds, drawn once per case group. */
  readonly clockSkewSeconds?: number;
}
