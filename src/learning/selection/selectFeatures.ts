import { PenstockError } from '../../errors/index.js';
import { meanAbsolute, type Contributions, type Rows } from '../explanation/contributions.js';
import { featureContributions } from '../explanation/featureContributions.js';
import { sampleRows } from '../explanation/importanceTable.js';
import type { Lightgbm } from '../lightgbm/library.js';
import type { Matrix } from '../lightgbm/matrix.js';
import type { LightgbmParams } from '../lightgbm/parameters.js';
import { trainBooster, type TrainedModel } from '../lightgbm/train.js';
import { groupKFold } from '../splits/folds.js';
import { onePerCase } from './onePerCase.js';
import { permutationImportance, scorings } from './permutationImportance.js';
import { pruneCorrelated, type PruneOptions } from './pruneCorrelated.js';
import { rankFeatures, topShare } from './ranking.js';
import { relevance, type Relevance, type RelevanceOptions } from './relevance.js';

export type SelectionMethod = 'gain' | 'split' | 'shap' | 'permutation' | 'hypothesis';

/** The rows to select on: training cases only, or the selection has seen what the model is judged by. */
export interface SelectionData {
  readonly features: readonly string[];
  readonly rows: Matrix;
  /** Case group of each row. */
  readonly groups: readonly string[];
}

export interface SelectionOptions {
  readonly method: SelectionMethod;
  readonly topK: number;
  readonly objective: 'binary' | 'multiclass' | 'regression';
  /** LightGBM's parameters beside objective, seed and threads. */
  readonly params: LightgbmParams;
  readonly rounds: number;
  readonly seed: number;
  readonly threads: number;
  /** Group folds for stability and permutation; fewer where there are fewer groups. Below 2: none. */
  readonly folds: number;
  /** Least share of the folds in which a feature must be among the first `topK`. */
  readonly minStability: number;
  /** Null: correlated features are kept. */
  readonly correlation: Pick<PruneOptions, 'limit' | 'method'> | null;
  readonly relevance: RelevanceOptions;
  /** What one observation of a test is: a window, or a case (per class the mean of its windows). */
  readonly testUnit: 'window' | 'case';
  /** Shuffles per feature and fold; 0 leaves permutation importance out. */
  readonly repeats: number;
  /** Most rows for SHAP, permutation and correlation. */
  readonly sampleRows: number;
  readonly signal?: AbortSignal;
  /** Called before each step; steps are one model on all rows, then one per fold. */
  readonly onStep?: (done: number, steps: number, detail: string) => void;
}

export type SelectionReason = 'kept' | 'constant' | 'unused' | 'not significant' | 'unstable' | 'correlated' | 'below top_k';

/** All that is known of one feature. NaN where it was not computed. */
export interface RankedFeature {
  readonly feature: string;
  /** 1 for the best. */
  readonly rank: number;
  readonly kept: boolean;
  readonly reason: SelectionReason;
  readonly gain: number;
  readonly split: number;
  readonly meanAbsShap: number;
  readonly permutationMean: number;
  readonly permutationSd: number;
  /** Share of the folds in which the feature was among the first `topK`. */
  readonly stability: number;
  readonly test: Relevance['test'];
  readonly p: number;
  readonly adjusted: number;
  /** The kept, higher ranked feature it is most correlated with. */
  readonly partner: string | null;
  readonly correlation: number;
}

export interface Selection {
  /** Names of the kept features, the best first. */
  readonly kept: readonly string[];
  /** All features, the best first. */
  readonly ranking: readonly RankedFeature[];
  readonly folds: number;
  /** Folds that had only one class to learn from. */
  readonly foldsSkipped: number;
  /** Rows that the tests counted. */
  readonly testRows: number;
  /** Mean score of the fold models on their held-out cases, and what it is called; NaN without folds. */
  readonly score: { readonly name: string; readonly mean: number };
  /** The rows that were explained, and their contributions, for pictures. */
  readonly explained: { readonly sample: Rows; readonly contributions: Contributions };
}

/**
 * Ranks features by the method asked for, measures all others beside it, and keeps the first `topK` that are of use, stable over folds of
 * cases, and not said by a better one already. The same data and options give the same result.
 *
 * Throws `learning/invalid-data` where no feature is left, saying why the features went.
 */
export async function selectFeatures(library: Lightgbm, data: SelectionData, options: SelectionOptions): Promise<Selection> {
  const folds = usableFolds(data, options);
  const steps = 1 + folds.used.length;
  options.onStep?.(0, steps, 'all training cases');
  const all = await measure(library, data, options);
  const perFold: Measures[] = [];
  for (const [fold, { train, test }] of folds.used.entries()) {
    options.onStep?.(1 + fold, steps, `fold ${fold + 1} of ${folds.used.length}`);
    perFold.push(await measure(library, rowsOf(data, train), options, rowsOf(data, test).rows));
  }
  const measures: Measures = { ...all, ...permutationOver(perFold, data.features.length) };
  const ranking = rankFeatures(data.features, scoresOf(options.method, measures));
  const stability = perFold.length === 0 ? new Float64Array(data.features.length).fill(NaN) : stabilityOf(data.features, perFold, options);
  const decided = decide(data, ranking, measures, stability, options);
  const table = Array.from(ranking, (feature, at): RankedFeature => describe(data.features, feature, at + 1, measures, stability, decided));
  const kept = table.filter((entry) => entry.kept).map((entry) => entry.feature);
  if (kept.length === 0) throw nothingKept(table);
  const scores = perFold.map((fold) => fold.baseline).filter((score) => !Number.isNaN(score));
  return {
    kept, ranking: table, folds: perFold.length, foldsSkipped: folds.skipped, testRows: measures.testRows,
    score: { name: scorings[options.objective].name, mean: meanOf(scores) }, explained: measures.explained,
  };
}

/** What one model and the tests say of each feature. */
interface Measures {
  readonly gain: Float64Array;
  readonly split: Float64Array;
  readonly shap: Float64Array;
  readonly permutationMean: Float64Array;
  readonly permutationSd: Float64Array;
  readonly baseline: number;
  readonly relevance: readonly Relevance[];
  readonly testRows: number;
  readonly explained: Selection['explained'];
}

async function measure(library: Lightgbm, data: SelectionData, options: SelectionOptions, held?: Matrix): Promise<Measures> {
  const { rows: train } = data;
  const tested = options.testUnit === 'case' ? onePerCase(data, options.objective !== 'regression') : train;
  const model = await trainBooster(library, {
    params: { ...options.params, objective: options.objective, seed: options.seed, num_threads: options.threads, metric: 'none', ...classesOf(options, train) },
    rounds: options.rounds, train, valid: [], ...(options.signal && { signal: options.signal }),
  });
  try {
    const sample = sampleRows(train, train.columns, { rows: options.sampleRows, seed: options.seed });
    const contributions = featureContributions(model, sample);
    return {
      ...model.importance,
      shap: meanAbsolute(contributions), explained: { sample, contributions },
      ...permuted(model, held, options),
      relevance: relevance(tested, options.objective === 'regression' ? { kind: 'number', values: tested.labels } : { kind: 'classes', labels: tested.labels }, options.relevance),
      testRows: tested.rows,
    };
  } finally {
    model.free();
  }
}

function classesOf({ objective, params }: SelectionOptions, { labels }: Matrix): LightgbmParams {
  if (objective !== 'multiclass' || params['num_class'] !== undefined) return {};
  return { num_class: labels.reduce((most, label) => Math.max(most, label), 0) + 1 };
}

function permuted(model: TrainedModel, held: Matrix | undefined, options: SelectionOptions): Pick<Measures, 'permutationMean' | 'permutationSd' | 'baseline'> {
  const unknown = { permutationMean: new Float64Array(model.columns).fill(NaN), permutationSd: new Float64Array(model.columns).fill(NaN), baseline: NaN };
  if (!held) return unknown;
  const drawn = drawRows(held, options);
  const scoring = scorings[options.objective];
  if (options.repeats === 0) return { ...unknown, baseline: scoring.score(drawn.labels, model.predict(drawn.values, drawn.rows, 'raw')) };
  const { mean, sd, baseline } = permutationImportance(model.dump, drawn, { scoring, repeats: options.repeats, seed: options.seed, ...(options.signal && { signal: options.signal }) });
  return Number.isNaN(baseline) ? unknown : { permutationMean: mean, permutationSd: sd, baseline };
}

/** A sample of rows with their labels: the label travels as one more column. */
function drawRows(held: Matrix, options: SelectionOptions): Matrix {
  const { columns } = held;
  const wide = new Float32Array(held.rows * (columns + 1));
  for (let row = 0; row < held.rows; row++) {
    wide.set(held.values.subarray(row * columns, (row + 1) * columns), row * (columns + 1));
    wide[row * (columns + 1) + columns] = held.labels[row]!;
  }
  const drawn = sampleRows({ values: wide, rows: held.rows }, columns + 1, { rows: options.sampleRows, seed: options.seed });
  const values = new Float32Array(drawn.rows * columns);
  const labels = new Float32Array(drawn.rows);
  for (let row = 0; row < drawn.rows; row++) {
    values.set(drawn.values.subarray(row * (columns + 1), row * (columns + 1) + columns), row * columns);
    labels[row] = drawn.values[row * (columns + 1) + columns]!;
  }
  return { rows: drawn.rows, columns, values, labels };
}

function usableFolds({ groups, rows }: SelectionData, { folds, objective }: SelectionOptions): { used: ReturnType<typeof groupKFold>; skipped: number } {
  const possible = Math.min(folds, new Set(groups).size);
  if (possible < 2) return { used: [], skipped: 0 };
  const all = groupKFold(groups, possible);
  const used = objective === 'regression' ? all : all.filter(({ train }) => train.some((row) => rows.labels[row] !== rows.labels[train[0]!]));
  return { used, skipped: all.length - used.length };
}

function rowsOf({ features, rows, groups }: SelectionData, picked: Int32Array): SelectionData {
  const { columns } = rows;
  const values = new Float32Array(picked.length * columns);
  for (let i = 0; i < picked.length; i++) values.set(rows.values.subarray(picked[i]! * columns, (picked[i]! + 1) * columns), i * columns);
  return {
    features, groups: Array.from(picked, (row) => groups[row]!),
    rows: { rows: picked.length, columns, values, labels: Float32Array.from(picked, (row) => rows.labels[row]!) },
  };
}

/** Over folds: the mean of their means; the spread is that within the folds and that between them. */
function permutationOver(folds: readonly Measures[], features: number): Pick<Measures, 'permutationMean' | 'permutationSd'> {
  const known = folds.filter((fold) => !Number.isNaN(fold.permutationMean[0]));
  const permutationMean = new Float64Array(features);
  const permutationSd = new Float64Array(features);
  for (let feature = 0; feature < features; feature++) {
    const means = known.map((fold) => fold.permutationMean[feature]!);
    permutationMean[feature] = meanOf(means);
    const between = meanOf(means.map((mean) => (mean - permutationMean[feature]!) ** 2));
    permutationSd[feature] = Math.sqrt(between + meanOf(known.map((fold) => fold.permutationSd[feature]! ** 2)));
  }
  return { permutationMean, permutationSd };
}

/** The measures that rank, the first one before the others. All of them: more is better. */
function scoresOf(method: SelectionMethod, measures: Measures): Float64Array[] {
  if (method === 'hypothesis') {
    return [Float64Array.from(measures.relevance, ({ adjusted }) => -adjusted), Float64Array.from(measures.relevance, ({ p }) => -p), measures.gain];
  }
  const own = { gain: measures.gain, split: measures.split, shap: measures.shap, permutation: measures.permutationMean }[method];
  return [own, measures.gain];
}

function stabilityOf(features: readonly string[], folds: readonly Measures[], { method, topK }: SelectionOptions): Float64Array {
  const rankings = folds.map((fold) => rankFeatures(features, scoresOf(method, fold)));
  const counts = folds.map((fold) => features.filter((_, feature) => isUseful(method, fold, feature)).length);
  return topShare(rankings, topK, features.length, counts);
}

function isUseful(method: SelectionMethod, measures: Measures, feature: number): boolean {
  return method === 'hypothesis' ? measures.relevance[feature]!.relevant : scoresOf(method, measures)[0]![feature]! > 0;
}

interface Decided {
  readonly reasons: readonly SelectionReason[];
  readonly partner: Int32Array;
  readonly correlation: Float64Array;
}

function decide(data: SelectionData, ranking: Int32Array, measures: Measures, stability: Float64Array, options: SelectionOptions): Decided {
  const reasons = data.features.map((_, feature): SelectionReason => {
    if (measures.relevance[feature]!.type === 'constant') return 'constant';
    if (!isUseful(options.method, measures, feature)) return options.method === 'hypothesis' ? 'not significant' : 'unused';
    return stability[feature]! < options.minStability ? 'unstable' : 'below top_k';
  });
  const candidates = ranking.filter((feature) => reasons[feature] === 'below top_k');
  const sample = sampleRows(data.rows, data.rows.columns, { rows: options.sampleRows, seed: options.seed });
  // Without a limit nothing is pruned, and the partners are told all the same.
  const pruned = pruneCorrelated({ ...sample, columns: data.rows.columns }, candidates, { method: 'spearman', limit: Infinity, ...options.correlation, keep: options.topK });
  for (const feature of candidates) if (pruned.partner[feature] !== -1) reasons[feature] = 'correlated';
  for (const feature of pruned.kept) reasons[feature] = 'kept';
  return { reasons, partner: pruned.partner, correlation: pruned.correlation };
}

function describe(features: readonly string[], feature: number, rank: number, measures: Measures, stability: Float64Array, decided: Decided): RankedFeature {
  const { test, p, adjusted } = measures.relevance[feature]!;
  const partner = decided.partner[feature]!;
  return {
    feature: features[feature]!, rank, kept: decided.reasons[feature] === 'kept', reason: decided.reasons[feature]!,
    gain: measures.gain[feature]!, split: measures.split[feature]!, meanAbsShap: measures.shap[feature]!,
    permutationMean: measures.permutationMean[feature]!, permutationSd: measures.permutationSd[feature]!, stability: stability[feature]!,
    test, p, adjusted, partner: partner === -1 ? null : features[partner]!, correlation: decided.correlation[feature]!,
  };
}

function nothingKept(table: readonly RankedFeature[]): PenstockError {
  const counts = new Map<string, number>();
  for (const { reason } of table) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const why = [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
  return new PenstockError('learning/invalid-data', `none of ${table.length} features is left: ${why}; more cases, another method, or a lower min_share or higher false_discovery_rate may help`, { key: 'method' });
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
