import { PenstockError } from '../errors/index.js';
import { estimateTrainingBytes, openLightgbm, selectFeatures, type LightgbmParams, type RankedFeature, type Selection, type SelectionData } from '../learning/index.js';
import type { BatchInput, BatchResult, FeatureSelectionConfig, Metrics, Plan, PublishInput, ResolvedSection, StageOutcome } from '../pipelines/index.js';
import { svgToPng } from '../report/index.js';
import { encodeCsv, numbers, strings, type Column, type Table } from '../table/index.js';
import { nothingLeft, planBatches, publishBatches, runBatch, type ItemRecord, type Target } from './batches.js';
import { leakingRows, matrixAt, matrixOf, splitCases, trainingRows } from './dataset.js';
import { datasetSource, fingerprintOf, readDataset, type DatasetSource } from './datasetSource.js';
import { selectionCharts } from './selectionCharts.js';
import { jsonBytes, publishAll, type FileToPublish } from './files.js';
import { defineStage, type StageContext } from './stage.js';

type Resolved = ResolvedSection<FeatureSelectionConfig>;

interface SelectionRecord extends ItemRecord {
  readonly metrics: Metrics;
  readonly selectedOn: SelectedOn;
}

/** Which cases the selection saw. Whoever trains with other held-out cases has a selection that saw some of them. */
interface SelectedOn {
  readonly cases: 'training cases only';
  readonly training_groups: readonly string[];
  readonly held_out_groups: readonly string[];
  readonly classes: readonly number[];
}

export const planSelection = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const source = await datasetSource(context, config);
  const items = [{ id: 'selection', bytes: source.dataset.size, fingerprint: fingerprintOf(source), source }];
  return planBatches(context, resolved, { target: targetOf(config), items, unit: 'selections', keepUnchanged: false });
});

/** Selects in a process of its own, on the cases that training will train on, and on no others. */
export const selectDatasetFeatures = defineStage('process', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  return runBatch<DatasetSource, null>(context, { resolved, planUri, batch }, async (source, item): Promise<SelectionRecord> => {
    const { data, selectedOn } = await readTrainingCases(context, config, source);
    refuseTooLarge(data, config);
    const selection = await selectFeatures(openLightgbm(await context.tool('lightgbm')), data, optionsOf(config, context));
    const files = await publishAll(context, targetOf(config).folder, resultFiles(selection, data, config, selectedOn));
    return { case_id: item.id, fingerprint: item.fingerprint, files, metrics: metricsOf(selection, data, selectedOn), selectedOn };
  });
});

export const publishSelection = defineStage('thread', async (input: PublishInput, context): Promise<StageOutcome> => {
  const target = targetOf((input.resolved as Resolved).config);
  return publishBatches<SelectionRecord>(context, input, target, async ([record], _shared, _batches, quarantined) => {
    if (!record) throw nothingLeft(quarantined);
    return { files: [], extra: { selected_on: record.selectedOn }, metrics: record.metrics };
  });
});

export function targetOf(config: { output_folder: string }): Target {
  return { folder: config.output_folder, metadata: 'feature_selection_metadata.json' };
}

/** The rows of training, split as training splits them; what it holds out is left out here. */
async function readTrainingCases(context: StageContext, config: FeatureSelectionConfig, source: DatasetSource): Promise<{ data: SelectionData; selectedOn: SelectedOn }> {
  const { dataset, features } = await readDataset(context, config, source);
  const { matrix, labels, groups, strata, classes } = config.objective === 'regression' ? numbersToLearn(dataset, features, config) : classesToLearn(dataset, features, config);
  const { train, test } = splitCases({ groups, labels: strata }, config);
  const groupsOf = (picked: Int32Array): string[] => [...new Set(Array.from(picked, (row) => groups[row]!))].sort();
  return {
    data: { features, rows: matrixAt(matrix, labels, train), groups: Array.from(train, (row) => groups[row]!) },
    selectedOn: { cases: 'training cases only', training_groups: groupsOf(train), held_out_groups: groupsOf(test), classes },
  };
}

interface ToLearn {
  readonly matrix: Float32Array;
  readonly labels: Int32Array | Float32Array;
  readonly groups: readonly string[];
  readonly strata: Int32Array;
  readonly classes: readonly number[];
}

/** All windows outside of warm-up and recovery. LightGBM wants classes from 0 on without gaps. */
function classesToLearn(dataset: Table, features: readonly string[], config: FeatureSelectionConfig): ToLearn {
  const { features: matrix, labels, groups } = trainingRows(dataset, features, config.label_column);
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const codes = new Map(classes.map((label, code) => [label, code]));
  return { matrix, labels: config.objective === 'binary' ? labels : labels.map((label) => codes.get(label)!), groups, strata: labels, classes };
}

/** The windows of leaks, as the trainings of flows see them. */
function numbersToLearn(dataset: Table, features: readonly string[], config: FeatureSelectionConfig): ToLearn {
  const rows = leakingRows(dataset, config.label_column);
  const [group, target] = [strings(dataset, 'case_group'), numbers(dataset, config.label_column)];
  return {
    matrix: matrixOf(dataset, features, rows), labels: Float32Array.from(rows, (row) => target[row]!), groups: Array.from(rows, (row) => group[row]!),
    strata: new Int32Array(rows.length).fill(1), classes: [],
  };
}

function optionsOf(config: FeatureSelectionConfig, context: StageContext): Parameters<typeof selectFeatures>[2] {
  return {
    method: config.method, topK: config.top_k, objective: config.objective, params: config.lgbm_params as LightgbmParams, rounds: config.num_boost_round,
    seed: config.random_state, threads: config.num_threads, folds: config.stability.folds, minStability: config.stability.min_share,
    correlation: config.max_correlation === null ? null : { limit: config.max_correlation, method: config.correlation_method },
    relevance: {
      falseDiscoveryRate: config.false_discovery_rate, independent: config.hypotheses_independent,
      realFeatureTest: config.real_feature_test, significantClasses: config.significant_classes,
    },
    testUnit: config.hypothesis_unit, repeats: config.permutation_repeats, sampleRows: config.sample_rows, signal: context.signal,
    onStep: (done, total, detail) => context.progress({ done, total, unit: 'models', detail }),
  };
}

function resultFiles(selection: Selection, data: SelectionData, config: FeatureSelectionConfig, selectedOn: SelectedOn): FileToPublish[] {
  return [
    { path: 'selected_features.json', bytes: jsonBytes(selection.kept) },
    { path: 'feature_ranking.json', bytes: jsonBytes({ selected_on: selectedOn.cases, score: selection.score, features: selection.ranking.map(rowOf) }) },
    { path: 'feature_ranking.csv', bytes: rankingCsv(selection.ranking) },
    ...selectionCharts(selection, data, config).flatMap(({ name, svg }) => [
      { path: `plots/${name}.svg`, bytes: new TextEncoder().encode(svg) },
      { path: `plots/${name}.png`, bytes: svgToPng(svg) },
    ]),
  ];
}

/** What stands of one feature in the ranking; the units of each measure stand in the reference of the pipeline. */
function rowOf(entry: RankedFeature) {
  return {
    rank: entry.rank, feature: entry.feature, kept: entry.kept, reason: entry.reason, gain: entry.gain, split: entry.split, mean_abs_shap: entry.meanAbsShap,
    permutation_mean: entry.permutationMean, permutation_sd: entry.permutationSd, stability: entry.stability, test: entry.test, p: entry.p, adjusted_p: entry.adjusted,
    correlation_partner: entry.partner, correlation: entry.correlation,
  };
}

function rankingCsv(ranking: readonly RankedFeature[]): Uint8Array {
  const rows = ranking.map(rowOf);
  const columns = Object.keys(rows[0]!).map((name): Column => {
    const cells = rows.map((row) => row[name as keyof typeof row]);
    const values = cells.every((cell) => typeof cell === 'number') ? Float64Array.from(cells) : cells.map((cell) => String(cell ?? ''));
    return { name, values, unit: '', role: 'measured' };
  });
  return encodeCsv({ rows: rows.length, columns, metadata: {} });
}

function metricsOf({ kept, ranking, folds, foldsSkipped, score, testRows }: Selection, { rows }: SelectionData, on: SelectedOn): Metrics {
  const count = (reason: RankedFeature['reason']): number => ranking.filter((entry) => entry.reason === reason).length;
  return {
    features: ranking.length, selected: kept.length, constant: count('constant'), unused: count('unused'), not_significant: count('not significant'),
    unstable: count('unstable'), correlated: count('correlated'), below_top_k: count('below top_k'),
    rows: rows.rows, training_groups: on.training_groups.length, held_out_groups: on.held_out_groups.length,
    folds, folds_skipped: foldsSkipped, test_rows: testRows, ...(folds > 0 && { [`fold_${score.name}`]: Number.isNaN(score.mean) ? null : score.mean }),
  };
}

function refuseTooLarge({ rows }: SelectionData, config: FeatureSelectionConfig): void {
  // The folds' matrices stand beside the whole one.
  const megabytes = Math.ceil((estimateTrainingBytes(rows, [], config.lgbm_params as LightgbmParams) + rows.values.byteLength * 2) / 2 ** 20);
  if (megabytes <= config.memory_limit_mb) return;
  throw new PenstockError('stage/out-of-memory',
    `selection on ${rows.rows} rows of ${rows.columns} features needs about ${megabytes} MB; memory_limit_mb is ${config.memory_limit_mb}`, { key: 'memory_limit_mb' });
}
