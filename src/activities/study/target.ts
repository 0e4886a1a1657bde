import { classOf, fitClasses, groupKFold, splitByGroup, type Split } from '../../learning/index.js';
import type { OptimizeLgbmConfig } from '../../pipelines/index.js';
import { numbers, strings, type Table } from '../../table/index.js';
import { leakingRows, matrixOf, trainingRows } from '../dataset.js';

/** What trials learn from, and by which rows they are judged. */
export interface TrialData {
  /** Row-major, rows x features. */
  readonly features: Float32Array;
  readonly rows: number;
  readonly splits: readonly Split[];
  /** The labels of all rows as this split learns them; 0 classes for a number that is to be foretold. */
  labelsOf(split: Split): { readonly labels: Float32Array; readonly classes: number };
}

/** The rows that count for the objective with their target: all windows for detection, those of leaks for classes and numbers. */
export function readTarget(dataset: Table, features: readonly string[], config: OptimizeLgbmConfig, label: string): TrialData {
  if (config.objective === 'detection') {
    const data = trainingRows(dataset, features, label);
    const labels = Float32Array.from(data.labels);
    return { features: data.features, rows: labels.length, splits: splitsOf(data.groups, data.labels, config), labelsOf: () => ({ labels, classes: 2 }) };
  }
  const target = numbers(dataset, label);
  const usable = leakingRows(dataset, label);
  const group = strings(dataset, 'case_group');
  const groups = Array.from(usable, (row) => group[row]!);
  const values = Float32Array.from(usable, (row) => target[row]!);
  const matrix = matrixOf(dataset, features, usable);
  const data = { features: matrix, rows: values.length };
  if (config.objective === 'regression') return { ...data, splits: splitsOf(groups, undefined, config), labelsOf: () => ({ labels: values, classes: 0 }) };
  if (isClassColumn(values)) return { ...data, splits: splitsOf(groups, values, config), labelsOf: () => ({ labels: values, classes: 1 + values.reduce((most, value) => Math.max(most, value), 0) }) };
  const cutting = { strategy: 'quantile' as const, count: config.classes };
  const sizes = label === 'leak_flow_kg_s' ? peaksOf(values, eventsOf(dataset, usable)) : Float64Array.from(values);
  const coarse = fitClasses([...new Set(sizes)], cutting).edges;
  return {
    ...data, splits: splitsOf(groups, sizes.map((size) => classOf(coarse, size)), config),
    // As the trainings of sizes do: a leak counts once, and what is held out tells nothing of the edges.
    labelsOf({ train }) {
      const { edges } = fitClasses([...new Set(Array.from(train, (row) => sizes[row]!))], cutting);
      return { labels: Float32Array.from(sizes, (size) => classOf(edges, size)), classes: edges.length - 1 };
    },
  };
}

function splitsOf(groups: readonly string[], strata: ArrayLike<number> | undefined, config: OptimizeLgbmConfig): Split[] {
  if (config.cross_validation) return groupKFold(groups, config.cross_validation.folds);
  return [splitByGroup(groups, { testSize: config.test_size, seed: config.random_state, ...(strata && { strata }) })];
}

function isClassColumn(values: Float32Array): boolean {
  const seen = new Set(values);
  return seen.size <= 100 && [...seen].every((value) => Number.isInteger(value) && value >= 0 && value < seen.size);
}

/** One name per leak: its case and its onset. */
function eventsOf(dataset: Table, rows: Int32Array): string[] {
  const cases = strings(dataset, 'case_id');
  const [end, since] = [numbers(dataset, 'end_time'), numbers(dataset, 'since_onset_s')];
  return Array.from(rows, (row) => `${cases[row]} ${(end[row]! - since[row]!).toFixed(3)}`);
}

/** The highest flow of each row's leak. */
function peaksOf(flows: Float32Array, events: readonly string[]): Float64Array {
  const peaks = new Map<string, number>();
  for (const [at, event] of events.entries()) peaks.set(event, Math.max(peaks.get(event) ?? -Infinity, flows[at]!));
  return Float64Array.from(events, (event) => peaks.get(event)!);
}
