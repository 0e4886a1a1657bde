import { hashOf } from '../../config/index.js';
import { PenstockError } from '../../errors/index.js';
import { isHigherBetter, resolveParameters } from '../../learning/index.js';
import type { OptimizeLgbmConfig, ResolvedSection, StudyDirection, StudyInput, StudyMetadata, StudyPlanned, TrialRecord, TrialRow } from '../../pipelines/index.js';
import { joinUri, readPublication, readPublished, withdraw, type Publication } from '../../storage/index.js';
import { parameterOrder } from '../../tuning/index.js';
import { clearWork, tryReadJson } from '../checkpoint.js';
import { datasetSource, fingerprintOf, type DatasetSource } from '../datasetSource.js';
import type { StageContext } from '../stage.js';
import { metadataFile, outcomeOf, trialsFile } from './publish.js';
import { readTrials, readWaiting, studyUri, writeEarlier, writeWish, type StudyFile } from './store.js';
import { rowOf, spaceOf } from './table.js';
import { lightgbmObjectives, needsData, trialParameters } from './trainTrial.js';

/**
 * What there is to do: nothing, or a study to begin or to go on with. Trials count as long as settings and inputs are the same; how many
 * of them are wanted, and how many at a time, may change from run to run.
 */
export async function planOf(context: StageContext, { resolved, run }: StudyInput): Promise<StudyPlanned> {
  const { config } = resolved as ResolvedSection<OptimizeLgbmConfig>;
  const folder = config.output_folder;
  const { metric, direction } = goalOf(config);
  checkSettings(config, metric);
  const source = needsData(config) ? await sourceOf(context, config) : null;
  const study: StudyFile = {
    config_hash: resolved.configHash, inputs_hash: hashOf(source && fingerprintOf(source)), run, started: new Date().toISOString(), source,
  };

  const published = await readPublication<StudyMetadata>(context.storage, folder, metadataFile);
  const begun = await tryReadJson<StudyFile>(context.storage, studyUri(folder));
  const anew = resolved.force === true && begun?.run !== run;
  const isSame = (other: { config_hash: string; inputs_hash: string } | undefined): boolean =>
    !anew && other?.config_hash === study.config_hash && other.inputs_hash === study.inputs_hash;
  if (published && isSame(published) && (published.finished >= config.n_trials || published.end === 'exhausted') && await isWhole(context, folder, published)) {
    await clearWork(context.storage, folder);
    return { upToDate: true, result: outcomeOf(folder, published) };
  }
  if (!isSame(begun)) {
    await clearWork(context.storage, folder);
    const earlier = published && isSame(published) ? published : undefined;
    if (earlier) await writeEarlier(context.storage, folder, await publishedTrials(context, folder, earlier));
    const wishes = earlier ? (earlier.waiting ?? []) : config.enqueue.map((params, id) => ({ id, params }));
    for (const wish of wishes) await writeWish(context.storage, folder, wish);
  }
  await context.storage.write(studyUri(folder), JSON.stringify(isSame(begun) ? { ...study, started: begun!.started } : study));
  await withdraw(context.storage, folder, metadataFile);
  for (const file of published?.files ?? []) await context.storage.remove(joinUri(folder, file.path));
  const parameters = parameterOrder(spaceOf(config));
  const records = await readTrials(context.storage, folder);
  const waiting = await readWaiting(context.storage, folder, records);
  return { upToDate: false, parameters, direction, metric, rows: rowsOf(records, parameters), ...(waiting.length > 0 && { waiting }) };
}

function goalOf(config: OptimizeLgbmConfig): { metric: string; direction: StudyDirection } {
  if (!needsData(config)) return { metric: config.metric ?? 'value', direction: config.direction ?? 'minimize' };
  const metric = config.metric ?? lightgbmObjectives[config.objective as keyof typeof lightgbmObjectives].metric;
  const direction = isHigherBetter(metric) ? 'maximize' : 'minimize';
  // Early stopping follows LightGBM's own view of the metric.
  if (config.direction && config.direction !== direction) {
    throw new PenstockError('config/invalid', `the metric ${metric} is to be ${direction}d; direction says ${config.direction}`, { key: 'direction' });
  }
  return { metric, direction };
}

/** All that can be known to be wrong before the first trial. */
function checkSettings(config: OptimizeLgbmConfig, metric: string): void {
  const space = spaceOf(config);
  parameterOrder(space);
  for (const params of config.enqueue) checkNames(Object.keys(params), Object.keys(space), 'enqueue');
  if (config.trials_per_step > 1 && (config.objective !== 'benchmark' || config.benchmark.seconds > 0 || config.benchmark.steps > 1 || endsByItself(config))) {
    throw new PenstockError('config/invalid', 'trials_per_step above 1 is for the objective benchmark with seconds 0 and steps 1, and a sampler that has no end', { key: 'trials_per_step' });
  }
  if (!needsData(config)) return;
  if (config.input_path === undefined) throw new PenstockError('config/invalid', `the objective ${config.objective} needs input_path: the output folder of features`, { key: 'input_path' });
  const example = Object.fromEntries(Object.entries(space).map(([name, parameter]) => [name, parameter.type === 'categorical' ? parameter.choices[0]! : parameter.low]));
  resolveParameters(trialParameters(config, example, metric, 3));
}

function endsByItself({ sampler }: OptimizeLgbmConfig): boolean {
  return sampler === 'grid' || sampler === 'stepwise' || (typeof sampler === 'object' && (sampler.type === 'grid' || ('distinct' in sampler && sampler.distinct === true)));
}

function checkNames(names: readonly string[], known: readonly string[], key: string): void {
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) throw new PenstockError('config/invalid', `${key} names ${strange}, which is no parameter of search_space; there are ${known.join(', ')}`, { key });
}

function sourceOf(context: StageContext, config: OptimizeLgbmConfig): Promise<DatasetSource> {
  return datasetSource(context, { input_path: config.input_path!, features_schema_file: config.features_schema_file });
}

async function isWhole(context: StageContext, folder: string, published: Publication<StudyMetadata>): Promise<boolean> {
  const found = new Map((await context.storage.list(folder)).map((file) => [file.uri, file.size]));
  return published.files.every((file) => found.get(joinUri(folder, file.path)) === file.size);
}

async function publishedTrials(context: StageContext, folder: string, published: Publication<StudyMetadata>): Promise<TrialRecord[]> {
  const file = published.files.find(({ path }) => path === trialsFile)!;
  return JSON.parse(new TextDecoder().decode(await readPublished(context.storage, folder, file))) as TrialRecord[];
}

/** A number that nobody has begun belongs to a suggestion that was lost: it is asked for again. */
function rowsOf(records: readonly TrialRecord[], parameters: readonly string[]): TrialRow[] {
  const rows: TrialRow[] = Array.from({ length: (records.at(-1)?.number ?? -1) + 1 }, () => ({ s: 'running' }));
  for (const record of records) rows[record.number] = rowOf(record, parameters);
  return rows;
}

