import { PenstockError } from '../../errors/index.js';
import type { Metrics, OptimizeLgbmConfig, OutputReference, PublishStudyInput, StageOutcome, StudyMetadata, TrialRecord } from '../../pipelines/index.js';
import { finishPublication, joinUri, publishFile, readPublication } from '../../storage/index.js';
import { encodeCsv, encodeParquet, type Column, type Table } from '../../table/index.js';
import { bestTrial, fanova, pedAnova, type Importance, type Trial } from '../../tuning/index.js';
import { withoutPlaces, writeRun } from '../batches.js';
import { clearWork, tryReadJson } from '../checkpoint.js';
import { jsonBytes, publishAll, type FileToPublish } from '../files.js';
import type { StageContext } from '../stage.js';
import { chartsOf, timelineOf } from './charts.js';
import { openStudy, readTrials, readWaiting, studyUri, type OpenStudy } from './store.js';
import { spaceOf, trialsWithReports } from './table.js';
import { needsData, wholeParameters } from './trainTrial.js';

export const metadataFile = 'optimize_metadata.json';
/** All that is known of the trials but hosts and times: what a later run goes on from. */
export const trialsFile = 'trials.json';

/** Stands beside run.json, and like it in no metadata. */
const timelineFile = 'run_timeline.svg';

/** Publishes the table, the best values and the charts. Only what does not depend on hosts and times; that stands in run.json. */
export async function publishOf(context: StageContext, input: PublishStudyInput): Promise<StageOutcome> {
  const { resolved } = input;
  const { output_folder: folder } = resolved.config as OptimizeLgbmConfig;
  if (!(await tryReadJson(context.storage, studyUri(folder)))) return publishedBefore(context, folder, resolved.configHash);
  const study = await openStudy(context, input);
  const all = await readTrials(context.storage, folder);
  const waiting = await readWaiting(context.storage, folder, all);
  const records = all.filter((record) => record.state !== 'running');
  const finished = records.filter((record) => record.state !== 'failed').length;
  if (records.length !== input.trials) throw new PenstockError('internal', `${input.trials} trials have ended, but storage knows ${records.length}`);

  const trials = trialsWithReports(records);
  const best = bestTrial(trials, input.direction);
  const metrics = metricsOf(records, best, input);
  const importances = importancesOf(trials, input, study);
  const files = await publishAll(context, folder, [
    ...tables(records, input), ...(best ? [bestParams(best, input, study)] : []),
    { path: 'importance.json', bytes: jsonBytes({ fanova: importances.fanova, ped_anova: importances.pedAnova }) },
    ...chartsOf(trials, importances, input),
  ]);
  await context.storage.sweep(folder);
  const timeline = timelineOf(records);
  if (timeline !== undefined) await publishFile(context.storage, folder, timelineFile, timeline);
  await writeRun(context.storage, folder, resolved, study.started, { trials: records.map(timesOf) });
  const metadata: StudyMetadata = {
    config_hash: study.config_hash, inputs_hash: study.inputs_hash, metric: input.metric, direction: input.direction, end: input.end, finished, ...(waiting.length > 0 && { waiting }), metrics, files,
  };
  await finishPublication(context.storage, folder, metadataFile, { pipeline: resolved.pipeline, config: withoutPlaces(resolved.config), ...metadata });
  await clearWork(context.storage, folder);
  return outcomeOf(folder, metadata);
}

export function outcomeOf(folder: string, { files, metrics }: Pick<StudyMetadata, 'files' | 'metrics'>): StageOutcome {
  const outputs = files.toSorted((a, b) => (a.path < b.path ? -1 : 1)).map((file): OutputReference => ({
    name: file.path, uri: joinUri(folder, file.path), sha256: file.sha256, ...(file.rows !== undefined && { rows: file.rows }),
  }));
  return { outputs, metrics, quarantined: [] };
}

/** The publication is there but the study is gone: an earlier attempt died between publishing and tidying up. */
async function publishedBefore(context: StageContext, folder: string, configHash: string): Promise<StageOutcome> {
  const published = await readPublication<StudyMetadata>(context.storage, folder, metadataFile);
  if (published?.config_hash === configHash) return outcomeOf(folder, published);
  throw new PenstockError('storage/busy', 'the study of this run is gone: another run works on the same output folder', { file: folder });
}

function metricsOf(records: readonly TrialRecord[], best: Trial | undefined, { metric, end }: PublishStudyInput): Metrics {
  const count = (state: TrialRecord['state']): number => records.filter((record) => record.state === state).length;
  return {
    trials: records.length, complete: count('complete'), pruned: count('pruned'), failed: count('failed'), ended_by: end,
    metric, best_value: best?.value ?? null, best_trial: best?.number ?? null,
    ...Object.fromEntries(Object.entries(best?.params ?? {}).map(([name, value]) => [`best.${name}`, typeof value === 'boolean' ? String(value) : value])),
  };
}

/** The values to train with: the trial's own, those that all trials shared, and what these bring along. */
function bestParams(best: Trial, { metric }: PublishStudyInput, { config }: OpenStudy): FileToPublish {
  const params = needsData(config) ? wholeParameters(config, best.params) : { ...config.lgbm_params, ...best.params };
  return { path: 'best_params.json', bytes: jsonBytes({ params, value: best.value, metric, trial: best.number }) };
}

/** Two measures that answer different questions; parameters that not all trials have are in neither. */
function importancesOf(trials: readonly Trial[], { direction }: PublishStudyInput, { config }: OpenStudy): { fanova: Importance[]; pedAnova: Importance[] } {
  const space = spaceOf(config);
  return { fanova: fanova(space, trials, { seed: config.random_state }), pedAnova: pedAnova(space, trials, direction) };
}

function tables(records: readonly TrialRecord[], { parameters }: PublishStudyInput): FileToPublish[] {
  const known = records.map(({ host: _host, started: _started, ended: _ended, begun: _begun, ...record }) => record);
  const trials = trialTable(records, parameters);
  const reports = records.flatMap(({ number, reports }) => reports.map((report) => ({ number, ...report })));
  return [
    { path: trialsFile, bytes: new TextEncoder().encode(`[\n${known.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`) },
    { path: 'trials.parquet', bytes: encodeParquet(trials) },
    { path: 'trials.csv', bytes: encodeCsv(trials) },
    ...(reports.length === 0 ? [] : [{ path: 'intermediate_values.parquet', bytes: encodeParquet({
      rows: reports.length, metadata: {},
      columns: [
        numberColumn('trial', Int32Array.from(reports, (report) => report.number)), numberColumn('step', Int32Array.from(reports, (report) => report.step)),
        numberColumn('value', Float64Array.from(reports, (report) => report.value ?? NaN)),
      ],
    }) }]),
  ];
}

function trialTable(records: readonly TrialRecord[], parameters: readonly string[]): Table {
  const text = (name: string, of: (record: TrialRecord) => string): Column => ({ name, values: records.map(of), unit: '', role: 'id' });
  return {
    rows: records.length, metadata: {},
    columns: [
      numberColumn('trial', Int32Array.from(records, (record) => record.number)), text('state', (record) => record.state),
      numberColumn('value', Float64Array.from(records, (record) => record.value ?? NaN)),
      ...parameters.map((name): Column => (records.every(({ params }) => !(name in params) || typeof params[name] === 'number')
        ? numberColumn(`params_${name}`, Float64Array.from(records, ({ params }) => (params[name] as number | undefined) ?? NaN))
        : text(`params_${name}`, ({ params }) => (name in params ? String(params[name]) : '')))),
      numberColumn('last_step', Int32Array.from(records, (record) => record.reports.at(-1)?.step ?? 0)),
      text('unknown_when_asked', (record) => record.unknown.join(' ')), text('reason', (record) => record.reason ?? ''),
    ],
  };
}

function numberColumn(name: string, values: Int32Array | Float64Array): Column {
  return { name, values, unit: '', role: 'id' };
}

function timesOf({ number, host, started, ended, begun }: TrialRecord): object {
  return { number, host, started, ended, begun };
}
