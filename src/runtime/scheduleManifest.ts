import { z } from 'zod';
import { parseConfig, validate } from '../config/index.js';

const zone = z.string().default('UTC').describe('Time zone, such as America/Bogota');
const minutes = z.number().positive();

/** When a schedule fires: every so many minutes, by a cron expression, or once a day. */
const when = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('interval'), minutes: minutes.describe('Minutes between starts') }),
  z.strictObject({ mode: z.literal('cron'), cron: z.string().describe('Five fields: minute hour day month weekday'), timezone: zone }),
  z.strictObject({ mode: z.literal('daily'), time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM').describe('Time of day'), timezone: zone }),
]);

/** `deploy/schedules/*.yml`: one schedule per file. */
export const scheduleManifest = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'letters, digits, dot, dash and underscore').describe('Name of the schedule on the server'),
  section: z.string().describe('Section of the configuration to run'),
  config: z.string().default('configs/pipelines_config.yml').describe('Configuration file as worker hosts see it'),
  overrides: z.record(z.string(), z.unknown()).default({}).describe('Values put over the file\'s'),
  schedule: when,
  overlap: z.enum(['skip', 'buffer_all']).default('skip')
    .describe('While a run is going: `skip` for pipelines that process whatever is new, `buffer_all` where each time of start stands for its own data'),
  catchup_minutes: minutes.default(60).describe('Starts missed while the server was down are made up for if they are not older'),
  paused: z.boolean().default(false).describe('Create the schedule paused; a later pause by a person is kept'),
});

export type ScheduleManifest = z.output<typeof scheduleManifest>;

/** Reads one manifest; throws `config/syntax` or `config/invalid` with all problems. */
export function parseManifest(text: string, file: string): ScheduleManifest {
  const document = parseConfig(text, file);
  return validate(scheduleManifest, document.sections, { file, path: [], lineOf: document.lineOf }, {
    id: 'leak-detection-nightly', section: 'leak_detection_pipeline', schedule: { mode: 'daily', time: '02:30', timezone: 'UTC' },
  });
}
