import { PenstockError } from '../../errors/index.js';
import { adjustForDiscoveries, fisherExact, kendallTau, kolmogorovSmirnov, mannWhitney, rankValues, type Ranked } from '../../numeric/index.js';

/** What the features are tested against: classes (two or more), or a number. */
export type RelevanceTarget = { readonly kind: 'classes'; readonly labels: ArrayLike<number> } | { readonly kind: 'number'; readonly values: ArrayLike<number> };

export interface RelevanceOptions {
  /** Expected share of irrelevant features among those found relevant. Default 0.05. */
  readonly falseDiscoveryRate?: number;
  /** True where features are known to be independent: Benjamini and Hochberg in place of Benjamini and Yekutieli. Default false. */
  readonly independent?: boolean;
  /** Test of a real feature against two classes. Default `mann`. */
  readonly realFeatureTest?: 'mann' | 'ks';
  /** With three and more classes: in how many of them a feature must be significant. Default 1. */
  readonly significantClasses?: number;
}

export interface Relevance {
  /** By the number of different values: 1, 2, more. */
  readonly type: 'constant' | 'binary' | 'real';
  readonly test: 'none' | 'fisher' | 'mann' | 'ks' | 'kendall';
  /** The smallest p over the classes; NaN for constants. */
  readonly p: number;
  /** The smallest adjusted p over the classes; NaN for constants. */
  readonly adjusted: number;
  readonly relevant: boolean;
  /** One entry per tested class; one alone for two classes (the greater one) and for numbers. */
  readonly byClass: readonly { readonly label: number | null; readonly p: number; readonly adjusted: number }[];
}

/**
 * tsfresh's selection of relevant features: a test per feature, chosen by the kinds of feature and target, and control of the false
 * discoveries over all features. Two classes: Fisher's exact test for binary features, Mann-Whitney (or Kolmogorov-Smirnov) for real ones; more
 * classes: one test per class against the others, each with its own control. Numbers: Kolmogorov-Smirnov for binary features, Kendall's
 * tau for real ones. Rows in which a feature is missing do not count for it.
 *
 * The p values hold for independent rows. Windows of one case are not: give one row per case and class, or take p for a ranking only.
 *
 * Throws `learning/invalid-data` where the target is constant or of another length.
 */
export function relevance(data: { readonly values: Float32Array; readonly rows: number; readonly columns: number }, target: RelevanceTarget, options: RelevanceOptions = {}): Relevance[] {
  const { falseDiscoveryRate = 0.05, independent = false, significantClasses = 1 } = options;
  const tests = testsOf(target, data.rows);
  const p = tests.map(() => new Float64Array(data.columns).fill(NaN));
  const found = Array.from({ length: data.columns }, (_, feature) => {
    const column = presentColumn(data, feature);
    const type = column.ranked.distinct <= 1 ? 'constant' : column.ranked.distinct === 2 ? 'binary' : 'real';
    if (type === 'constant') return { type, test: 'none' } as const;
    for (const [i, test] of tests.entries()) p[i]![feature] = test.p(column, type, options.realFeatureTest ?? 'mann');
    return { type, test: testName(target, type, options.realFeatureTest ?? 'mann') } as const;
  });
  const adjusted = p.map((values) => adjustForDiscoveries(values, { independent }));
  return found.map((kind, feature) => {
    const byClass = kind.type === 'constant' ? [] : tests.map(({ label }, i) => ({ label, p: p[i]![feature]!, adjusted: adjusted[i]![feature]! }));
    const significant = byClass.filter((entry) => entry.adjusted <= falseDiscoveryRate).length;
    return {
      ...kind, byClass, p: least(byClass.map((entry) => entry.p)), adjusted: least(byClass.map((entry) => entry.adjusted)),
      relevant: significant >= Math.min(significantClasses, tests.length) && significant > 0,
    };
  });
}

/** The rows in which a feature is known. */
interface PresentColumn {
  /** Rows of the table; null for all. */
  readonly rows: Uint32Array | null;
  readonly values: Float32Array;
  readonly ranked: Ranked;
}

interface ColumnTest {
  readonly label: number | null;
  p(column: PresentColumn, type: 'binary' | 'real', realFeatureTest: 'mann' | 'ks'): number;
}

function testsOf(target: RelevanceTarget, rows: number): ColumnTest[] {
  const given = target.kind === 'classes' ? target.labels : target.values;
  if (given.length !== rows) throw new PenstockError('learning/invalid-data', `there are ${given.length} target values for ${rows} rows`);
  const distinct = [...new Set(Array.from(given))].sort((a, b) => a - b);
  if (distinct.length < 2) throw new PenstockError('learning/invalid-data', `the target is ${distinct[0]} in all ${rows} rows, so no feature can be tested against it`);
  if (target.kind === 'number') return [againstNumber(Float64Array.from(given))];
  return (distinct.length === 2 ? distinct.slice(1) : distinct).map((label) => againstClass(Uint8Array.from(given, (value) => (value === label ? 1 : 0)), label));
}

function againstClass(marks: Uint8Array, label: number): ColumnTest {
  return {
    label,
    p(column, type, realFeatureTest) {
      const marked = column.rows ? Uint8Array.from(column.rows, (row) => marks[row]!) : marks;
      if (type === 'real') return (realFeatureTest === 'mann' ? mannWhitney : kolmogorovSmirnov)(column.ranked, marked).p;
      const [a, b, c, d] = tableOf(highMarks(column), marked);
      return fisherExact(a, b, c, d).p;
    },
  };
}

function againstNumber(target: Float64Array): ColumnTest {
  const whole = rankValues(target);
  return {
    label: null,
    p(column, type) {
      const ranked = column.rows ? rankValues(Float64Array.from(column.rows, (row) => target[row]!)) : whole;
      return type === 'binary' ? kolmogorovSmirnov(ranked, highMarks(column)).p : kendallTau(column.values, ranked).p;
    },
  };
}

function testName(target: RelevanceTarget, type: 'binary' | 'real', realFeatureTest: 'mann' | 'ks'): Relevance['test'] {
  if (target.kind === 'number') return type === 'binary' ? 'ks' : 'kendall';
  return type === 'binary' ? 'fisher' : realFeatureTest;
}

function presentColumn({ values, rows, columns }: { values: Float32Array; rows: number; columns: number }, feature: number): PresentColumn {
  const column = new Float32Array(rows);
  const present = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row * columns + feature]!;
    if (Number.isNaN(value)) continue;
    column[count] = value;
    present[count++] = row;
  }
  const known = column.slice(0, count);
  return { rows: count === rows ? null : present.slice(0, count), values: known, ranked: rankValues(known) };
}

/** 1 where a binary feature has its greater value. */
function highMarks({ ranked }: PresentColumn): Uint8Array {
  const lowest = ranked.ranks[ranked.order[0]!]!;
  return Uint8Array.from(ranked.ranks, (rank) => (rank > lowest ? 1 : 0));
}

function tableOf(high: Uint8Array, marked: ArrayLike<number>): [number, number, number, number] {
  const table: [number, number, number, number] = [0, 0, 0, 0];
  for (let row = 0; row < high.length; row++) table[(marked[row] === 1 ? 0 : 2) + (high[row] === 1 ? 0 : 1)]!++;
  return table;
}

function least(values: readonly number[]): number {
  return values.reduce((smallest, value) => (Number.isNaN(smallest) || value < smallest ? value : smallest), NaN);
}
