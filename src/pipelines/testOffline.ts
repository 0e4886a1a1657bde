import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { executionKeys, shared } from './shared.js';

const bundles = z.array(z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots, dashes and underscores are allowed').describe('Name of the bundle in the report and in file names'),
  folder: path('Output folder of its training'),
}));

const regimes = z.strictObject({
  shut_in_percent: z.number().min(0).default(2).describe('Below this share of the line\'s own flow, in %, the line is shut in'),
  transient_percent: z.number().positive().default(5).describe('Flow or pressure moving by more than this, in % of its level, is a transient'),
  transient_seconds: z.number().positive().default(60).describe('... within so many seconds'),
  slack_pressure: z.number().nullable().default(null).describe('Pressure at or below which a line is slack, in the unit of the series (vapour pressure); null: not looked for'),
  thresholds: z.strictObject({
    'shut-in': z.number().optional(), steady: z.number().optional(), transient: z.number().optional(), slack: z.number().optional(),
  }).prefault({}).describe('Thresholds that hold in a regime in place of the bundle\'s; choose them on other cases than these'),
});

const reference = z.strictObject({
  meter_percent: z.number().min(0).default(0.25).describe('Standard uncertainty of each flow meter, in % of the flow'),
  line_pack_seconds: z.number().min(0).default(14.4).describe('Standard uncertainty of the line pack, in seconds of flow; 14.4 s is 2 m3 at 500 m3/h'),
  z: z.number().positive().default(1.96).describe('Normal quantile: 1.96 for 95 %, 2.576 for 99 %'),
});

const wave = z.strictObject({
  speed: z.number().positive().nullable().default(null).describe('Speed of pressure waves in m/s; null takes the speed of sound (`SSP`) where the cases have it, else there is no location by wave'),
  search_seconds: z.number().positive().default(60).describe('The wave began at most so long before the alarm; longer finds the waves of late alarms, and of more other events'),
  front_seconds: z.number().positive().default(10).describe('Time before and after a front over which pressures are averaged'),
});

/** Names that the report itself gives to detectors and estimates. */
const reserved = ['clock_only', 'imbalance', 'pressure_wave'];

export const testOffline = definePipeline({
  name: 'testOffline',
  section: 'test_offline_pipeline',
  queue: 'penstock-cpu',
  revision: 7,
  summary: 'Runs bundles over held-out cases: events found, delays, false alarms, regimes, controls, report',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    parquet_root: path('Held-out cases').optional().describe('Held-out cases: output folder of tpl_genkey, or a folder of .tpl, Parquet or CSV files'),
    input_path: path('The same').optional().describe('Another name of `parquet_root`'),
    bundle_folder: path('Output folder of the training').optional().describe('Output folder of the training of one bundle'),
    bundles: bundles.default([]).describe('Bundles to compare, in place of `bundle_folder`; sheets and charts are about the first that detects. Those of size, location or leak flow are judged on the leaks that it finds'),
    output_report_folder: path('Folder that receives the report'),
    include: z.array(z.string()).default([]).describe('Names of cases; `*` stands for any text; empty takes all'),
    max_cases: z.int().min(1).nullable().default(null).describe('At most so many cases, drawn at random by `sample_seed`; null takes all'),
    sample_seed: z.int().min(0).default(1).describe('Seed of that draw'),
    twin_suffix: z.string().default('_twin').describe('Suffix of the twin of a case, for .tpl, Parquet and CSV files that do not say their group'),
    persistence: z.int().min(1).default(2).describe('Windows in a row above the threshold before an alarm is raised'),
    hold_off_seconds: z.number().min(0).default(60).describe('Alarms closer together than this are one alarm'),
    grace_seconds: z.number().min(0).default(0).describe('An alarm so long after the end of a leak still counts as its detection'),
    size_edges: z.array(z.number().positive()).min(1).optional().describe('Edges between the sizes of leaks in maps and tables, in % of the flow (kg/s where no flow is measured); by default 0.5, 1, 2, 5, 10, 20, 50'),
    regimes: regimes.prefault({}).describe('How operating regimes are told apart, from measured signals; the rule is written into the report'),
    reference: reference.prefault({}).describe('Volume balance whose least detectable leak (API 1149) is drawn beside the measured delays'),
    pressure_wave: wave.prefault({}).describe('Location of the leaks found, by the negative pressure wave of their onset: no bundle is needed, but places of at least two pressures'),
    shifted_label_repeats: z.int().min(1).default(20).describe('Repeats of the shifted-label control'),
    series_charts: z.int().min(0).nullable().default(null).describe('Leak-series charts at most, in the order of the cases; null draws every case'),
    html_cases: z.int().min(0).max(200).default(24).describe('Cases at most whose series stand in the HTML report: those that went wrong first'),
    html_points: z.int().min(100).max(5000).default(600).describe('Points at most of each signal there'),
    max_workers: shared.max_workers,
    batch_size: z.int().min(1).default(50).describe('Cases per batch at most'),
    batches_per_run: shared.batches_per_run,
  }).superRefine((config, context) => {
    const problem = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if ((config.parquet_root === undefined) === (config.input_path === undefined)) problem('parquet_root', 'name the held-out cases, once: parquet_root or input_path');
    if ((config.bundle_folder === undefined) === (config.bundles.length === 0)) problem('bundle_folder', 'name the bundle, once: bundle_folder, or bundles with a name and a folder each');
    const taken = config.bundles.find(({ name }) => reserved.includes(name));
    if (taken) problem('bundles', `${taken.name} is the report's own name; ${reserved.join(', ')} cannot be names of bundles`);
    if (new Set(config.bundles.map(({ name }) => name)).size < config.bundles.length) problem('bundles', 'two bundles have the same name');
  }),
  example: { parquet_root: 'data/series/report', bundle_folder: 'data/training/pfm_detection', output_report_folder: 'data/report' },
  notHashed: executionKeys,
});

export type TestOfflineConfig = ConfigOf<typeof testOffline>;
