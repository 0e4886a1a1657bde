import { hashOf } from '../../config/index.js';
import { PenstockError } from '../../errors/index.js';
import type { BundleFile, InferenceConfig, Lightgbm } from '../../learning/index.js';
import type { DetectionConfig, LeakflowConfig, LocationConfig, ObserverConfig, PfmConfig, SizeConfig, TrainingConfig } from '../../pipelines/index.js';
import type { FeaturePlan, SignalDescription } from '../../signal/index.js';
import { openPublished, type PublishedFile } from '../../storage/index.js';
import { describeParquet } from '../../table/index.js';
import type { WindowSettings } from '../cutWindows.js';
import { describeSignals } from '../featureTable.js';
import { datasetSource, fingerprintOf, readFeatureNames, type DatasetSource } from '../datasetSource.js';
import type { StageContext } from '../stage.js';
import type { DataSource } from '../tplGenkey.js';
import type { Preparation } from './bundleOf.js';
import { parquetFeatures } from './featureRows.js';
import { learnHealthyLine, type Explained } from './healthyLine.js';
import { indexRows, observerFingerprint, observerSource, readCase, type ObserverSource } from './observerData.js';
import { writeResidualDataset } from './residualDataset.js';
import { sidesOf } from './sides.js';
import { detectionTarget, leakflowTarget, locationTargets, sizeTarget, type Target, type Unavailable } from './target.js';
import type { Campaign } from './trainTask.js';
import { readWindowRows, type WindowRows } from './windowRows.js';

export type Task = 'detection' | 'size' | 'location' | 'leakflow';

/** The published inputs of a training, by reference: part of the plan. */
export interface TrainingSource {
  readonly fit: DatasetSource | ObserverSource;
  readonly threshold?: DatasetSource | ObserverSource;
  readonly bestParams?: { readonly uri: string; readonly sha256: string };
}

/** All that is needed to train and to write the bundle, whichever way the features came about. */
export interface Prepared {
  readonly fit: Omit<Campaign, 'target'>;
  readonly targets: readonly Target[];
  readonly threshold?: Campaign | undefined;
  readonly preparation: Preparation;
  readonly signals: InferenceConfig['signals'];
  readonly roles: ReadonlyMap<string, 'measured' | 'operational'>;
  readonly source: DataSource;
  /** Files of the bundle that carry the preparation. */
  readonly bundleFiles: readonly BundleFile[];
  /** Data files that were published on the way. */
  readonly files: readonly PublishedFile[];
  readonly facts: Readonly<Record<string, unknown>>;
}

export function isObserverSource(source: TrainingSource['fit']): source is ObserverSource {
  return 'cases' in source;
}

export function sourceFingerprint(source: TrainingSource['fit']): string {
  return isObserverSource(source) ? observerFingerprint(source) : fingerprintOf(source);
}

export function openSource(context: StageContext, observer: boolean, config: TrainingConfig, folder: string): Promise<DatasetSource | ObserverSource> {
  const { features_schema_file: schemaFile } = config as PfmConfig | ObserverConfig;
  return observer ? observerSource(context, folder, schemaFile) : datasetSource(context, { input_path: folder, features_schema_file: schemaFile });
}

/** The dataset of features as it stands. */
export async function preparePfm(context: StageContext, task: Task, source: TrainingSource, config: PfmConfig): Promise<Prepared | Unavailable> {
  const { shared } = source.fit as DatasetSource;
  const names = await readFeatureNames(context, source.fit as DatasetSource);
  const settings = shared.windows as unknown as WindowSettings;
  const { fit, roles } = await openDataset(context, config.input_path, (source.fit as DatasetSource).dataset, names, config);
  const targets = targetsOf(task, fit.windows, config, shared.plan.signals);
  if ('unavailable' in targets) return targets;
  const other = source.threshold as DatasetSource | undefined;
  if (other) checkSame({ windows: cutting(settings), features: shared.plan.features }, { windows: cutting(other.shared.windows as unknown as WindowSettings), features: other.shared.plan.features });
  const threshold = other && (await openDataset(context, (config as unknown as DetectionConfig).threshold_path!, other.dataset, names, config)).fit;
  return {
    fit, targets, ...(threshold && { threshold: { ...threshold, target: detectionTarget(threshold.windows, config as unknown as DetectionConfig) } }),
    preparation: { windows: settings, plan: shared.plan },
    signals: shared.plan.signals.map(({ name, unit }) => ({ name, unit, role: signalRole(shared.plan, name, roles) })),
    roles, source: shared.windows.source, bundleFiles: [], files: [], facts: {},
  };
}

/** First the healthy line, then a dataset of features of what it does not explain, published beside the bundle. */
export async function prepareObserver(context: StageContext, library: Lightgbm, task: Task, source: TrainingSource, config: ObserverConfig): Promise<Prepared | Unavailable> {
  const own = source.fit as ObserverSource;
  const chosen = own.schema && (await readFeatureNames(context, { schema: own.schema }));
  const known = await indexRows(context, own);
  const training = trainingGroups(task, known, config, await signalsOf(context, own));
  if ('unavailable' in training) return training;
  const line = await learnHealthyLine(library, own, known, training.groups, config, context);
  try {
    const written = await writeResidualDataset(context, config.output_folder, 'data/residual_dataset.parquet', own, line, config);
    const names = chosen ?? written.plan.features.map(({ name }) => name);
    const { fit, roles } = await openDataset(context, config.output_folder, written.file, names, config);
    const targets = targetsOf(task, fit.windows, config, line.signals);
    if ('unavailable' in targets) return targets;
    const other = source.threshold as ObserverSource | undefined;
    if (other) checkSame({ windows: cutting(own.windows) }, { windows: cutting(other.windows) });
    const writtenOther = other && await writeResidualDataset(context, config.output_folder, 'data/residual_dataset_threshold.parquet', other, { ...line, scorersFor: () => line.finals }, config, written.plan);
    const threshold = writtenOther && (await openDataset(context, config.output_folder, writtenOther.file, names, config)).fit;
    const explained: readonly Explained[] = line.explained;
    return {
      fit, targets, ...(threshold && { threshold: { ...threshold, target: detectionTarget(threshold.windows, config as unknown as DetectionConfig) } }),
      preparation: { windows: own.windows, plan: written.plan, measured: written.signals, observer: line.settings },
      signals: line.settings.signals, roles, source: own.windows.source, bundleFiles: line.files,
      files: [written.file, ...(writtenOther ? [writtenOther.file] : [])],
      facts: { observer: { healthy_rows: line.rows, training_groups: training.groups.size, outside_envelope_share: written.outsideShare, explained } },
    };
  } finally {
    await line.close();
  }
}

async function openDataset(context: StageContext, folder: string, file: PublishedFile, names: readonly string[], config: TrainingConfig): Promise<{ fit: Omit<Campaign, 'target'>; roles: Map<string, 'measured' | 'operational'> }> {
  const opened = await openPublished(context.storage, folder, file);
  const features = await parquetFeatures(opened, names);
  const { columns } = await describeParquet(opened);
  const roles = new Map(columns.flatMap(({ name, role }) => (role === 'operational' ? [[name, 'operational' as const]] : [])));
  const label = config.label_column !== undefined && columns.some(({ name }) => name === config.label_column) && !config.label_column.startsWith('leak_') ? config.label_column : 'label';
  return { fit: { features, windows: await readWindowRows(opened, label) }, roles };
}

function targetsOf(task: Task, windows: WindowRows, config: TrainingConfig, signals: readonly SignalDescription[]): readonly Target[] | Unavailable {
  if (task === 'detection') return [detectionTarget(windows, config as DetectionConfig)];
  if (task === 'size') return [sizeTarget(windows, config as SizeConfig)];
  if (task === 'leakflow') return [leakflowTarget(windows, config as LeakflowConfig)];
  return locationTargets(windows, config as LocationConfig, signals);
}

/** Groups that the healthy line may be learnt from: all but those that stage two is judged or calibrated by. */
function trainingGroups(task: Task, windows: WindowRows, config: ObserverConfig, signals: readonly SignalDescription[]): { groups: Set<string> } | Unavailable {
  const targets = targetsOf(task, windows, config, signals);
  if ('unavailable' in targets) return targets;
  const [target] = targets;
  const detection = config as unknown as DetectionConfig;
  const calibration = task === 'detection' && detection.calibration !== 'none' && detection.threshold_path === undefined ? detection.calibration_size : undefined;
  const { valid, calibration: kept } = sidesOf(target!, windows, { ...config, calibration });
  const held = new Set([...valid, ...(kept ?? [])].map((at) => windows.groups[target!.rows[at]!]!));
  return { groups: new Set(windows.groups.filter((group) => !held.has(group))) };
}

async function signalsOf(context: StageContext, source: ObserverSource): Promise<readonly SignalDescription[]> {
  const { series } = await readCase(context, source, source.cases[0]!);
  return describeSignals(series, { feature_columns: [], operational_columns: false });
}

/** What must be alike for one model to run on both campaigns. */
function cutting({ window_size, step_size, resample_seconds, label_rule }: WindowSettings): object {
  return { window_size, step_size, resample_seconds, label_rule };
}

function checkSame(own: { windows: object; features?: FeaturePlan['features'] }, other: { windows: object; features?: FeaturePlan['features'] }): void {
  if (hashOf(own) === hashOf(other)) return;
  const difference = hashOf(own.windows) === hashOf(other.windows) ? 'its features are others' : `its windows are cut by ${JSON.stringify(other.windows)} instead of ${JSON.stringify(own.windows)}`;
  throw new PenstockError('learning/invalid-data', `the campaign of threshold_path was not prepared as that of input_path: ${difference}; set resample_seconds and the feature keys alike`, { key: 'threshold_path' });
}

function signalRole(plan: FeaturePlan, signal: string, roles: ReadonlyMap<string, 'measured' | 'operational'>): 'measured' | 'operational' {
  return plan.features.some((feature) => feature.signal === signal && roles.get(feature.name) === 'operational') ? 'operational' : 'measured';
}

