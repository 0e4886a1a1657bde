import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { shared } from './shared.js';

const probability = z.number().gt(0).lt(1);

const line = z.strictObject({
  balance_seconds: z.number().positive().default(60).describe('Time over which `mass_balance` is averaged'),
  shift: z.number().positive().default(1).describe('Shift of the whitened balance, in its standard deviations, that `sprt` and `cusum` look for'),
  false_alarms_per_month: z.number().positive().default(1).describe('False alarms that `sprt` and `cusum` may give by themselves on independent noise; sets their bounds'),
  short_seconds: z.number().positive().default(10).describe('Newest time that `pressure_wave` and `flow_deviation` compare'),
  long_seconds: z.number().positive().default(300).describe('... with so much time before it'),
  wave_seconds: z.number().positive().default(60).describe('Time for which a pressure wave that has passed still counts'),
});

const filter = z.strictObject({
  onset_hazard: probability.optional().describe('Probability that a leak begins within one window length'),
  end_hazard: probability.optional().describe('Probability that a leak ends within one window length'),
  weight: z.number().gt(0).max(1).optional().describe('Factor of every log-likelihood ratio: below 1 where windows or groups still have something in common'),
  log_ratio_limit: z.number().positive().optional().describe('Most that one window may say, as a natural logarithm of a likelihood ratio'),
  theta_on: probability.optional().describe('The alarm goes on at this probability of a leak ...'),
  theta_off: probability.optional().describe('... and off below this one; at most `theta_on`'),
  persistence: z.int().min(1).optional().describe('Windows in a row at `theta_on` before the alarm goes on'),
});

const calibration = z.strictObject({
  n_trials: z.int().min(1).max(5000).default(150).describe('Settings that are tried'),
  seed: z.int().min(0).default(1).describe('Seed of the search: the same seed gives the same table'),
  max_false_alarms_per_month: z.number().min(0).default(1).describe('False alarms per month of 30 leak-free days that are acceptable; in less time than one of them takes, none is'),
  delay_weight: z.number().min(0).max(1).default(0.3).describe('Share of a found leak\'s worth that is lost when it is found `delay_seconds` late or later'),
  delay_seconds: z.number().positive().default(300).describe('In proportion before'),
});

export const ldsBayesian = definePipeline({
  name: 'ldsBayesian',
  section: 'lds_bayesian_pipeline',
  queue: 'penstock-cpu',
  revision: 2,
  summary: 'Fuses detectors into one probability of a leak, calibrated on a campaign of its own, as a bundle',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    scores_path: path('Output folder of test_offline over the calibration campaign, with the bundles below'),
    series_path: path('Output folder of tpl_genkey of the same campaign, for the detectors of the line'),
    bundles: z.array(z.strictObject({
      name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots, dashes and underscores are allowed').describe('Name of the detector'),
      folder: path('Output folder of its training'),
    })).min(1).describe('Trained detectors, the ones the scores came from; the first gives the windows and the clock baseline'),
    output_folder: shared.output_folder,
    best_params_file: path('Calibrated elsewhere').optional().describe('JSON `{"params": {...}}` with keys of `filter`, in place of `calibration`; keys of `filter` go before it'),
    detectors: z.array(z.string()).default([]).describe('Names of bundles and of `mass_balance`, `sprt`, `cusum`, `pressure_wave`, `flow_deviation`; empty takes all that the signals allow'),
    groups: z.array(z.strictObject({
      name: z.string().min(1), detectors: z.array(z.string()).min(1),
    })).default([]).describe('Detectors whose scores are one piece of evidence; empty puts those together that share sensors'),
    line: line.prefault({}).describe('Settings of the detectors of the line'),
    folds: z.int().min(2).default(5).describe('Folds of case groups: no case is judged by what was fitted to it'),
    seed: z.int().min(0).default(1).describe('Seed of the bootstrap'),
    filter: filter.prefault({}).describe('Settings that are given; the others are calibrated'),
    calibration: calibration.nullable().prefault({}).describe('Search of the settings that are not given; null takes fixed ones for them'),
    alarm_rules: z.strictObject({
      persistence: z.int().min(1).default(2).describe('Windows in a row above the threshold of a single detector before its alarm is raised'),
      hold_off_seconds: z.number().min(0).default(60).describe('Alarms closer together than this are one alarm'),
      grace_seconds: z.number().min(0).default(0).describe('An alarm so long after the end of a leak still counts as its detection'),
    }).prefault({}).describe('Rules of events, as the offline test has them'),
    claim_margin: z.number().min(0).default(0).describe('False alarms on the calibration campaign by which the fusion may be worse than the best single detector at the upper 95 % bound'),
  }).superRefine((config, context) => {
    const problem = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    const { theta_on: on, theta_off: off } = config.filter;
    if (on !== undefined && off !== undefined && off > on) problem('filter', `theta_off ${off} is above theta_on ${on}`);
    if (new Set(config.bundles.map(({ name }) => name)).size < config.bundles.length) problem('bundles', 'two bundles have the same name');
  }),
  example: {
    scores_path: 'data/fusion/scores', series_path: 'data/series/calibration', bundles: [{ name: 'pfm', folder: 'data/training/pfm_detection' }], output_folder: 'data/fusion/bundle',
  },
  notHashed: ['pipeline'],
});

export type LdsBayesianConfig = ConfigOf<typeof ldsBayesian>;
