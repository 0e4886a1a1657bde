import { z } from 'zod';

const action = z.enum(['off', 'warn', 'quarantine']).default('off').describe('`warn` counts findings in the metadata, `quarantine` also leaves the case out');
const limits = z.tuple([z.number(), z.number()]).refine(([least, most]) => least <= most, { message: 'the first must not be above the second' });
const perSecond = z.number().positive();

function byQuantity<S extends z.ZodType>(schema: S, what: string) {
  const one = (quantity: string) => schema.optional().describe(`${what} of every measured ${quantity}, in the unit of the column`);
  return {
    pressure: one('pressure'), flow: one('flow'), temperature: one('temperature'), other: one('other column'),
    columns: z.record(z.string(), schema).default({}).describe(`${what} of single columns, by name, glob or \`NAME@location\`; goes before that of the quantity`),
  };
}

export const qualityKey = z.strictObject({
  range: z.strictObject({ action, ...byQuantity(limits, 'Least and most value') }).prefault({}).describe('Values out of range'),
  rate_of_change: z.strictObject({ action, ...byQuantity(perSecond, 'Largest change per second') }).prefault({}).describe('Values that jump'),
  flat_line: z.strictObject({
    action,
    seconds: z.number().positive().default(600).describe('A value that stays exactly the same for longer is a finding'),
    columns: z.array(z.string()).default([]).describe('Columns to check, by name, glob or `NAME@location`; empty checks every measured one'),
  }).prefault({}).describe('Values that do not move'),
  time_order: z.strictObject({ action }).prefault({}).describe('Times that repeat or run backwards'),
  gaps: z.strictObject({
    action,
    seconds: z.number().positive().nullable().default(null).describe('A longer step in time is a gap; null takes five times the median step'),
  }).prefault({}).describe('Times without rows'),
  mass_balance: z.strictObject({
    action,
    tolerance_percent: z.number().positive().default(1).describe('|mean in - mean out - mean leak flow| above this share of the mean inlet flow is a finding'),
    steady_seconds: z.number().positive().default(300).describe('Length of the stretches that are looked at'),
    steady_percent: z.number().positive().default(0.1).describe('A stretch is steady where the means of its halves differ by at most this share, for every flow and pressure'),
  }).prefault({}).describe('Mass flow (GT) at the first and last position against the leak, over steady stretches, because trends do not say what the line holds'),
}).prefault({}).describe('Checks of what the files say, before any noise');

export type QualityConfig = z.output<typeof qualityKey>;
