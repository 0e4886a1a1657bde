import { r2 } from '../metrics/index.js';
import { quantile } from './summaries.js';
import type { CaseEvent } from './types.js';

/** What a model, or the pressure wave, said of the position, flow or class of size of one leak, beside the truth. */
export interface EventEstimate {
  readonly model: string;
  readonly quantity: 'position' | 'flow' | 'size class';
  readonly caseId: string;
  readonly leak: string;
  readonly interval: number;
  /** Metres, kg/s, or the place of the class. */
  readonly truth: number;
  readonly estimate: number;
  /** |estimate - truth|, in the same unit. */
  readonly error: number;
  /** Of the line's length for positions, of the truth for flows; null where that is not known. */
  readonly errorPercent: number | null;
  /** Windows of the leak that it is the median of: from the alarm, or from onset where none was raised; 0 where it comes from rows. */
  readonly windows: number;
}

/** The classes of size that a model tells: their names, and the unit of these. */
export interface SizeClasses {
  readonly names: readonly string[];
  readonly unit: string;
}

/** Leaks by their true class and the class that was said. */
export interface ClassConfusion {
  readonly classes: readonly string[];
  /** Of the classes' edges. */
  readonly unit: string;
  /** [true class][estimated class] */
  readonly counts: readonly (readonly number[])[];
  /** The same as shares of the leaks of each true class; null where no leak is of it. */
  readonly shares: readonly (readonly (number | null)[])[];
}

/** How far the estimates of one model are off, beside what no skill at all would give. */
export interface EstimateSummary {
  readonly model: string;
  readonly quantity: EventEstimate['quantity'];
  readonly count: number;
  readonly medianError: number | null;
  readonly p90Error: number | null;
  readonly medianPercent: number | null;
  /** For positions: the mean error of whoever always says the middle of the line, where leaks lie anywhere with equal chance: L / 4. */
  readonly noSkillError: number | null;
  /** For classes: share of leaks whose class is right. */
  readonly rightShare: number | null;
  /** For classes: share of leaks that the commonest true class alone would get right. */
  readonly noSkillShare: number | null;
  /** For classes whose names are known. */
  readonly confusion: ClassConfusion | null;
  /** For flows and positions: coefficient of determination over leaks; 0 is the mean of the true values. */
  readonly r2: number | null;
  readonly statement: string;
}

/** The leaks of a case with the windows that an estimate of each is taken from: [alarm or onset, end]. */
export function estimationWindows(events: readonly Pick<CaseEvent, 'onset' | 'end' | 'alarmTime' | 'outcome'>[], time: ArrayLike<number>): Int32Array[] {
  return events.map(({ onset, end, alarmTime, outcome }) => {
    if (outcome === 'excluded') return new Int32Array(0);
    const found: number[] = [];
    for (let window = 0; window < time.length; window++) if (time[window]! >= (alarmTime ?? onset) && time[window]! <= end) found.push(window);
    return Int32Array.from(found);
  });
}

/** One number for a leak: the middle of what was said of its windows; undefined of none. */
export function medianOf(values: ArrayLike<number>): number | undefined {
  return quantile(Float64Array.from(values).filter((value) => !Number.isNaN(value)).sort(), 0.5) ?? undefined;
}

/** A summary per model. `lineLength` in metres; `classes` by the name of the model. */
export function summarizeEstimates(estimates: readonly EventEstimate[], lineLength: number | null, classes: ReadonlyMap<string, SizeClasses> = new Map()): EstimateSummary[] {
  return [...new Set(estimates.map(({ model }) => model))].map((model) => {
    const own = estimates.filter((one) => one.model === model);
    const { quantity } = own[0]!;
    const errors = own.map(({ error }) => error).sort((a, b) => a - b);
    const percents = own.flatMap(({ errorPercent }) => errorPercent ?? []).sort((a, b) => a - b);
    const summary = {
      model, quantity, count: own.length, medianError: quantile(errors, 0.5), p90Error: quantile(errors, 0.9), medianPercent: quantile(percents, 0.5),
      noSkillError: quantity === 'position' && lineLength !== null ? lineLength / 4 : null,
      rightShare: quantity === 'size class' ? own.filter(({ error }) => error === 0).length / own.length : null,
      noSkillShare: quantity === 'size class' ? commonest(own.map(({ truth }) => truth)) / own.length : null,
      confusion: quantity === 'size class' && classes.has(model) ? confusionOf(own, classes.get(model)!) : null,
      r2: quantity === 'size class' || own.length < 2 ? null : r2(own.map(({ truth }) => truth), own.map(({ estimate }) => estimate)),
    };
    return { ...summary, statement: statementOf(summary) };
  });
}

function confusionOf(estimates: readonly EventEstimate[], { names, unit }: SizeClasses): ClassConfusion {
  const counts = names.map(() => names.map(() => 0));
  for (const { truth, estimate } of estimates) counts[truth]![estimate]!++;
  const shares = counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (total > 0 ? count / total : null));
  });
  return { classes: names, unit, counts, shares };
}

/** How often the commonest value is there. */
function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Math.max(...counts.values());
}

function statementOf({ model, quantity, count, medianError, p90Error, medianPercent, noSkillError, rightShare, noSkillShare, r2 }: Omit<EstimateSummary, 'statement' | 'confusion'>): string {
  const short = (value: number | null): string => (value === null ? 'unknown' : String(Number(value.toPrecision(4))));
  const of = `of ${count} ${count === 1 ? 'leak' : 'leaks'}`;
  if (rightShare !== null) return `${model}: the class of size is right for ${short(100 * rightShare)} % ${of}; the commonest class alone would be for ${short(100 * noSkillShare!)} %.`;
  const unit = quantity === 'position' ? 'm' : 'kg/s';
  const share = medianPercent === null ? '' : ` (${short(medianPercent)} % of the ${quantity === 'position' ? 'line' : 'true flow'})`;
  const noSkill = noSkillError === null ? '' : ` Whoever always says the middle of the line errs by ${short(noSkillError)} m on average (a quarter of the line).`;
  return `${model}: median error ${short(medianError)} ${unit}${share}, P90 ${short(p90Error)} ${unit}, R2 ${short(r2)}, ${of}.${noSkill}`;
}
