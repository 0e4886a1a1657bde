import { PenstockError } from '../../errors/index.js';
import { classOf, fitClasses } from '../../learning/index.js';
import type { DetectionConfig, LeakflowConfig, LocationConfig, SizeConfig } from '../../pipelines/index.js';
import type { SignalDescription } from '../../signal/index.js';
import { eventOf, leakRows, usableRows, type WindowRows } from './windowRows.js';

/** What one model of a training learns: of which rows, and what. */
export interface Target {
  /** Names the model in metrics, charts and bundle. */
  readonly name: 'leak' | 'size' | 'segment' | 'position' | 'leak_flow';
  readonly kind: 'detection' | 'multiclass' | 'regression';
  readonly column: string;
  readonly unit: string;
  /** Rows of the dataset that are learnt from and judged by, ascending. */
  readonly rows: Int32Array;
  /** Per row of `rows` a coarse class, so that both sides of a split get some of each. */
  readonly strata: Int32Array;
  /** Labels of all of `rows`; what must be learnt for them (edges of classes) is learnt on `train`, places in `rows`. */
  label(train: Int32Array): Labels;
  /** The mean error of whoever always says the middle of the line; for positions. */
  readonly noSkill?: { readonly metres: number; readonly lineLength: number };
}

export interface Labels {
  readonly values: Float32Array;
  readonly classNames?: readonly string[];
  /** What a reader of a prediction must know: edges of classes, units. Goes into the bundle. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/** A target that this data cannot teach, and why. */
export interface Unavailable {
  readonly unavailable: string;
}

export function detectionTarget(windows: WindowRows, config: DetectionConfig): Target {
  const rows = usableRows(windows);
  const values = Float32Array.from(rows, (row) => windows.leaks[row]!);
  return {
    name: 'leak', kind: 'detection', column: config.label_column ?? 'label', unit: '', rows, strata: Int32Array.from(values),
    label: () => ({ values, classNames: ['no_leak', 'leak'], facts: {}, warnings: [] }),
  };
}

/** Classes of leak size, on windows of leaks alone. */
export function sizeTarget(windows: WindowRows, config: SizeConfig): Target {
  const column = config.label_column === 'leak_diameter_m' ? windows.diameter : config.size_measure === 'peak' ? peakFlows(windows) : windows.leakFlow;
  const rows = known(leakRows(windows), column, config.label_column);
  const sizes = Float64Array.from(rows, (row) => column[row]!);
  const options = { strategy: config.size_classes.strategy, count: config.size_classes.count, ...(config.size_classes.strategy === 'edges' && { edges: outer(config.size_classes.edges) }) };
  // One leak, one value: a long leak must not weigh more than a short one.
  const distinct = (places: Iterable<number>): Float64Array =>
    Float64Array.from(new Map(Array.from(places, (at) => [`${eventOf(windows, rows[at]!)} ${config.size_measure === 'row' ? at : ''}`, sizes[at]!])).values());
  const coarse = fitClasses(distinct(rows.keys()), options);
  return {
    name: 'size', kind: 'multiclass', column: config.label_column, unit: config.label_column === 'leak_diameter_m' ? 'm' : 'kg/s', rows,
    strata: Int32Array.from(sizes, (size) => classOf(coarse.edges, size)),
    label(train) {
      const { edges, names, counts, warnings } = fitClasses(distinct(train), options);
      return {
        values: Float32Array.from(sizes, (size) => classOf(edges, size)), classNames: names, warnings,
        facts: { edges: edges.map(finite), measure: config.label_column === 'leak_diameter_m' ? 'diameter' : config.size_measure, training_values: counts },
      };
    },
  };
}

/** Where leaks are: segments, metres, or both, the bundle's own model first. */
export function locationTargets(windows: WindowRows, config: LocationConfig, signals: readonly SignalDescription[]): Target[] | Unavailable {
  const sensors = signals.flatMap(({ position_m: position }) => (position === undefined ? [] : [position]));
  if (sensors.length < 2) return { unavailable: 'fewer than two signals say at how many metres they are measured, so a leak cannot be located' };
  const leaks = leakRows(windows);
  const rows = leaks.filter((row) => !Number.isNaN(windows.position[row]!));
  if (rows.length === 0) return { unavailable: `none of the ${leaks.length} leaking windows says at how many metres its leak is` };
  const positions = Float64Array.from(rows, (row) => windows.position[row]!);
  const length = config.line_length_m ?? Math.max(...sensors, positions.reduce((a, b) => Math.max(a, b), 0));
  const edges = typeof config.segments === 'number' ? equalParts(length, config.segments) : config.segments;
  const classes = fitClasses(positions, { strategy: 'edges', edges });
  const names = edges.slice(1).map((end, i) => `${round(edges[i]!)} to ${round(end)} m`);
  const strata = Int32Array.from(positions, (position) => classOf(edges, position));
  const shared = { column: config.label_column, rows, strata, noSkill: { metres: noSkillError(windows, rows, length), lineLength: length } };
  const segment: Target = {
    ...shared, name: 'segment', kind: 'multiclass', unit: 'm',
    label: () => ({ values: Float32Array.from(strata), classNames: names, facts: { edges_m: edges, line_length_m: length }, warnings: classes.warnings }),
  };
  const metres: Target = {
    ...shared, name: 'position', kind: 'regression', unit: 'm',
    label: () => ({ values: Float32Array.from(positions), facts: { line_length_m: length }, warnings: [] }),
  };
  return config.target === 'segments' ? [segment] : config.target === 'metres' ? [metres] : [segment, metres];
}

/** The mass flow of leaks in kg/s, with healthy windows as leaks of nothing on request. */
export function leakflowTarget(windows: WindowRows, config: LeakflowConfig): Target {
  const leaks = known(leakRows(windows), windows.leakFlow, config.label_column);
  const rows = config.include_healthy ? usableRows(windows).filter((row) => windows.phases[row] !== 'leak' || !Number.isNaN(windows.leakFlow[row]!)) : leaks;
  const values = Float32Array.from(rows, (row) => (windows.phases[row] === 'leak' ? windows.leakFlow[row]! : 0));
  return {
    name: 'leak_flow', kind: 'regression', column: config.label_column, unit: 'kg/s', rows, strata: Int32Array.from(rows, (row) => (windows.phases[row] === 'leak' ? 1 : 0)),
    label: () => ({ values, facts: { include_healthy: config.include_healthy }, warnings: [] }),
  };
}

/** Per window of a leak the highest flow of its event. */
function peakFlows(windows: WindowRows): Float64Array {
  const peaks = new Map<string, number>();
  const leaking = leakRows(windows);
  for (const row of leaking) {
    const event = eventOf(windows, row);
    peaks.set(event, Math.max(peaks.get(event) ?? 0, windows.leakFlow[row]!));
  }
  const flows = new Float64Array(windows.rows).fill(NaN);
  for (const row of leaking) flows[row] = peaks.get(eventOf(windows, row))!;
  return flows;
}

function known(rows: Int32Array, column: Float64Array, name: string): Int32Array {
  const found = rows.filter((row) => !Number.isNaN(column[row]!));
  if (found.length > 0) return found;
  throw new PenstockError('learning/invalid-data', `none of the ${rows.length} leaking windows has a value of ${name}, so it cannot be learnt`, { key: 'label_column' });
}

/** Mean distance of the leaks from the middle of the line, each leak counted once. L/4 where leaks are anywhere alike. */
function noSkillError(windows: WindowRows, rows: Int32Array, length: number): number {
  const leaks = new Map(Array.from(rows, (row) => [eventOf(windows, row), windows.position[row]!]));
  return Array.from(leaks.values()).reduce((sum, position) => sum + Math.abs(position - length / 2), 0) / leaks.size;
}

function equalParts(length: number, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, i) => (i === count ? length : (i * length) / count));
}

/** People name the edges between classes; whatever lies beyond the outer ones belongs to the outer classes. */
function outer(between: readonly number[]): number[] {
  if (between.length === 0) throw new PenstockError('learning/invalid-parameter', 'size_classes.strategy is edges, but size_classes.edges is empty', { key: 'size_classes' });
  return [Math.min(0, between[0]! - 1), ...between, between.at(-1)! + Math.max(1, Math.abs(between.at(-1)!))];
}

function finite(value: number): number {
  return Number(value.toPrecision(12));
}

function round(metres: number): number {
  return Number(metres.toPrecision(4));
}
