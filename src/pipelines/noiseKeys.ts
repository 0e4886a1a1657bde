import { z } from 'zod';

const amount = (what: string) => z.number().min(0).or(z.string().regex(/^\d+(\.\d+)?\s*%$/, 'a number from 0 on, or a share of the span such as 0.1%'))
  .optional().describe(`${what}; in the unit of the column, or a share of the span such as \`0.1%\``);
const seconds = (what: string) => z.number().min(0).optional().describe(what);

/** What an instrument makes of the true value. All effects are off unless given; they act in the order in which they stand here. */
const sensorShape = {
  span: z.number().positive().optional().describe('Span of the instrument, in the unit of the column; needed where a share of it is given'),
  clock_skew_seconds: seconds('The sensor\'s clock is late by a time up to this, drawn per sensor and case group; never early, which would show the future'),
  scan_interval_seconds: seconds('Seconds between readings, held in between'),
  bias: amount('Standard deviation of a constant error, drawn per sensor and case group'),
  drift_per_hour: amount('Standard deviation of an error that grows with time, per hour, drawn per sensor and case group'),
  gaussian: amount('Standard deviation of each reading'),
  quantisation: amount('Step between values that can be shown'),
  deadband: amount('A reading is reported only if it differs this much from the last one reported'),
  stuck: z.strictObject({
    probability_per_hour: z.number().min(0).lt(1).describe('Probability of getting stuck within an hour'),
    seconds: z.number().positive().describe('How long the value then stays'),
  }).optional().describe('Readings that freeze'),
  dropout: z.strictObject({
    probability: z.number().min(0).max(1).describe('Probability that a reading is lost'),
    shows: z.enum(['nan', 'hold']).default('hold').describe('What stands for a lost reading: a missing value, or the one before'),
  }).optional().describe('Readings that get lost'),
};

type Sensor = z.output<z.ZodObject<typeof sensorShape>>;

const anySensor = z.strictObject(sensorShape);
const sensorOf = (what: string) => z.strictObject(sensorShape)
  .refine((sensor: Sensor) => sensor.span !== undefined || !Object.values(sensor).some((value) => typeof value === 'string'), { message: 'a share such as 0.1% needs the span', path: ['span'] })
  .prefault({}).describe(what);

export const noiseKey = z.strictObject({
  enabled: z.boolean().default(false).describe('Lay noise over the series, once, at ingest'),
  seed: z.int().default(1).describe('Another seed gives another draw; a case and its twin always get the same'),
  pressure: sensorOf('Every measured pressure, told by its unit'),
  flow: sensorOf('Every measured mass or volume flow'),
  temperature: sensorOf('Every measured temperature'),
  other: sensorOf('Every other measured column'),
  columns: z.record(z.string(), anySensor).default({})
    .describe('Settings of single columns, by name, glob or `NAME@location`, put over those of the quantity; also for operational columns, which get none otherwise'),
}).prefault({}).describe('Errors of instruments and telemetry on measured columns; truth, clock and id columns are never touched');

export type NoiseConfig = z.output<typeof noiseKey>;
export type SensorConfig = Sensor;
