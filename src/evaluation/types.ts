import type { ClassifiedAlarm, LeakEvent, MatchOptions, Phase, Regime } from '../metrics/index.js';

// The rules of events are shared with the search of thresholds, so they stand in metrics.
export { phaseCode, phaseNames, regimeNames } from '../metrics/index.js';
export type {
  Alarm,
  AlarmKind,
  AlarmOptions,
  CaseLeak,
  ClassifiedAlarm,
  EventOutcome,
  LeakEvent,
  LeakInterval,
  Matching,
  MatchOptions,
  Phase,
  Regime,
  ScoredCase,
} from '../metrics/index.js';

export interface EvaluationOptions extends MatchOptions {
  /** Lower edges of size bins (first should be 0), in % of mean flow, or kg/s where a case has no mean flow. */
  readonly sizeEdges?: readonly number[] | undefined;
  /** Of every interval; default 0.95. */
  readonly confidence?: number | undefined;
  /** Thresholds at which events, delays and false alarms are counted too; regime thresholds do not hold there. */
  readonly sweep?: readonly number[] | undefined;
}

/** A ratio with its interval; `value` is null where nothing was counted. */
export interface Proportion {
  readonly count: number;
  readonly total: number;
  readonly value: number | null;
  readonly lower: number;
  readonly upper: number;
}

/** Seconds; null where nothing was detected. Missed events are not in it: read it beside the recall. */
export interface DelaySummary {
  readonly count: number;
  readonly median: number | null;
  readonly p90: number | null;
  readonly max: number | null;
  /** Largest step of the cases: delays are not known more finely. */
  readonly resolution: number;
}

export interface SizeBin {
  readonly label: string;
  readonly lower: number;
  /** null: without limit */
  readonly upper: number | null;
  readonly recall: Proportion;
  readonly delay: DelaySummary;
}

export interface FalseAlarmSummary {
  readonly count: number;
  readonly leakFreeSeconds: number;
  readonly leakFreeHours: number;
  /** Exact Poisson interval of the count itself. */
  readonly countLower: number;
  readonly countUpper: number;
  readonly perHour: number | null;
  readonly perHourLower: number | null;
  readonly perHourUpper: number | null;
  /** Only from 30 leak-free days on; a month is 30 days. `upperOneSided` is the one-sided bound at the same confidence. */
  readonly monthly: { readonly rate: number; readonly lower: number; readonly upper: number; readonly upperOneSided: number } | null;
  /** `n alarms in T leak-free hours ...`, and where there is no monthly rate, why not. */
  readonly statement: string;
  /** Share of leak-free windows during which an alarm was on: shows the alarm that is raised once and never falls. */
  readonly timeInAlarm: number | null;
}

export interface Confusion {
  readonly trueNegative: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly truePositive: number;
}

/** Over scored windows: warm-up, recovery and windows without a score are left out. null where undefined. */
export interface WindowMetrics {
  readonly windows: number;
  readonly positives: number;
  readonly missingScores: number;
  readonly confusion: Confusion;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly auc: number | null;
  readonly averagePrecision: number | null;
}

/** What another threshold would have given, all other rules being the same. */
export interface ThresholdPoint {
  readonly threshold: number;
  readonly recall: Proportion;
  readonly delay: DelaySummary;
  readonly falseAlarms: number;
  readonly falseAlarmsPerHour: number | null;
  /** Of scored windows. */
  readonly truePositiveRate: number | null;
  readonly falsePositiveRate: number | null;
}

/** Results while the line was in one regime: an event belongs to the regime just before its onset, an alarm to that of its window. */
export interface RegimeResult {
  readonly regime: Regime;
  readonly threshold: number;
  readonly windows: number;
  readonly recall: Proportion;
  readonly delay: DelaySummary;
  readonly falseAlarms: FalseAlarmSummary;
}

/** Share of events found within each time from onset, for events of one size or place. */
export interface DetectionRow {
  readonly label: string;
  readonly lower: number;
  readonly upper: number | null;
  readonly within: readonly Proportion[];
  /** Found at all. */
  readonly recall: Proportion;
}

export interface DetectionMap {
  /** Seconds from onset, of the columns. */
  readonly within: readonly number[];
  readonly rows: readonly DetectionRow[];
}

/** Mass that left before the alarm, kg; null where leak flows were not recorded. */
export interface ReleaseSummary {
  readonly count: number;
  readonly median: number | null;
  readonly p90: number | null;
  /** Of all events, up to the alarm where there was one, else up to the end of the leak. */
  readonly total: number | null;
}

export interface CaseResult {
  readonly caseId: string;
  readonly group: string;
  readonly durationSeconds: number;
  readonly stepSeconds: number;
  readonly leakFreeSeconds: number;
  readonly events: number;
  readonly detected: number;
  readonly falseAlarms: number;
  readonly recoveryAlarms: number;
  readonly medianDelay: number | null;
  readonly phaseCounts: Readonly<Record<Phase, number>>;
  readonly scoreHealthy: ScoreSummary;
  readonly scoreLeak: ScoreSummary;
  readonly windows: WindowMetrics;
  /** Of its scored windows, those with a signal outside the range of the training; null where the bundle does not know it. */
  readonly outside: number | null;
}

export interface ScoreSummary {
  readonly count: number;
  readonly median: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export type CaseEvent = LeakEvent & {
  readonly caseId: string;
  /** Peak flow in the unit of the size bins. */
  readonly size: number;
  /** Metres; undefined where it is not known. */
  readonly lineLength?: number | undefined;
  /** Of the window just before onset. */
  readonly regime?: Regime | undefined;
  /** Mass that left from onset to the alarm, or to the end where there was none; kg. */
  readonly released?: number | undefined;
  /** Mass that left from onset to the end; kg. */
  readonly releasedInAll?: number | undefined;
};
export type CaseAlarm = ClassifiedAlarm & { readonly caseId: string; readonly regime?: Regime | undefined };

export interface Evaluation {
  readonly options: Required<{ [K in keyof EvaluationOptions]: NonNullable<EvaluationOptions[K]> }>;
  /** Mean over the cases with a known one, kg/s. */
  readonly meanFlow: number | null;
  readonly cases: readonly CaseResult[];
  readonly events: readonly CaseEvent[];
  readonly alarms: readonly CaseAlarm[];
  readonly eventRecall: Proportion;
  /** Events left out of the recall, see `EventOutcome`. */
  readonly excludedEvents: number;
  readonly delay: DelaySummary;
  readonly sizeUnit: '% of flow' | 'kg/s';
  readonly delayBySize: readonly SizeBin[];
  readonly bySize: DetectionMap;
  /** By fifths of the line; no rows where no position or length is known. */
  readonly byPosition: DetectionMap;
  readonly release: ReleaseSummary;
  /** Only regimes that were seen. */
  readonly regimes: readonly RegimeResult[];
  readonly thresholds: readonly ThresholdPoint[];
  readonly roc: { readonly falsePositiveRate: readonly number[]; readonly truePositiveRate: readonly number[] };
  readonly falseAlarms: FalseAlarmSummary;
  /**
   * The same in cases without any leak: twins and leak-free runs. Where a case comes in several sizes, its noise is in the data several times,
   * and once here; so the interval means what it says.
   */
  readonly falseAlarmsWithoutLeaks: FalseAlarmSummary;
  readonly recoveryAlarms: number;
  readonly windows: WindowMetrics;
  /** Of the scored windows, those with a signal outside the range of the training, and their share; null where the bundle does not know it. */
  readonly outside: { readonly count: number; readonly share: number | null } | null;
  /** AUC within each case, weighted by positives x negatives; null where no case has both classes. */
  readonly withinCaseAuc: number | null;
}
