/** One contiguous run of a leak. Times in seconds since the start of the case; `peakFlow` in kg/s. */
export interface LeakInterval {
  readonly start: number;
  readonly end: number;
  readonly peakFlow: number;
}

/** A leak and all its intervals: each interval is one event. Position and diameter in metres. */
export interface CaseLeak {
  readonly name: string;
  readonly position?: number | undefined;
  readonly diameter?: number | undefined;
  readonly intervals: readonly LeakInterval[];
}

/** What a window is, by the state of its last row. */
export const phaseNames = ['warmup', 'healthy', 'leak', 'recovery'] as const;
export type Phase = (typeof phaseNames)[number];
/** The codes of `ScoredCase.phase`. */
export const phaseCode = { warmup: 0, healthy: 1, leak: 2, recovery: 3 } as const satisfies Record<Phase, number>;

/** How a line is run at a moment, told from measured signals alone (`regimeRule`). */
export const regimeNames = ['shut-in', 'steady', 'transient', 'slack'] as const;
export type Regime = (typeof regimeNames)[number];

/** One case after scoring: everything is per window, in order of time. */
export interface ScoredCase {
  readonly caseId: string;
  /** Group that must stay on one side of a split, such as a twin pair or a campaign. */
  readonly group: string;
  /** Time of each window's last row, seconds since the start of the case, strictly increasing. */
  readonly time: Float64Array;
  /** Higher means more like a leak. NaN where the detector had no score. */
  readonly score: Float64Array;
  /** 1 = leak, 0 = no leak. */
  readonly label: Int32Array;
  /** Codes of `phaseCode`. */
  readonly phase: Int32Array | Uint8Array;
  readonly leaks: readonly CaseLeak[];
  /** Time from one window to the next, in seconds (step x sampling time): the resolution of every delay. */
  readonly stepSeconds: number;
  /** Mean flow of the line, kg/s; with it in every leak case, sizes are given as % of flow. */
  readonly meanFlow?: number | undefined;
  /** Metres. */
  readonly lineLength?: number | undefined;
  /** Mass that has left by all leaks up to each window, kg, from the flow at every recorded row; NaN where it was not recorded. */
  readonly released?: Float64Array | undefined;
  /** Places in `regimeNames`. */
  readonly regime?: Uint8Array | undefined;
}

export interface AlarmOptions {
  /** A window exceeds when its score is at least this. */
  readonly threshold: number;
  /** Thresholds that hold in place of `threshold` while the line is in a regime. */
  readonly regimeThresholds?: { readonly [R in Regime]?: number | undefined } | undefined;
  /** Windows in a row that must exceed before the alarm is raised; 1 = at once. */
  readonly persistence: number;
  /** An alarm that returns within this time of the last one's end is the same alarm. */
  readonly holdOffSeconds: number;
}

export interface Alarm {
  /** Window that raised the alarm, after persistence. */
  readonly index: number;
  /** Time of that window's last row. */
  readonly time: number;
  /** Time of the last window for which the alarm was on. */
  readonly end: number;
  /** Highest score while on. */
  readonly peakScore: number;
  /** Phase of the window that raised it. */
  readonly phase: Phase;
  /** True where the alarm was already on when the warm-up ended: no leak can have caused its rise. */
  readonly carriedFromWarmup: boolean;
}

/**
 * What an alarm turned out to be: the `detection` of one event; a further one during a leak that has its alarm (`repeat`);
 * raised in the recovery after a leak; `carried` over from warm-up into a leak; or false.
 */
export type AlarmKind = 'detection' | 'repeat' | 'recovery' | 'carried' | 'false';

export interface ClassifiedAlarm extends Alarm {
  readonly kind: AlarmKind;
  /** Place in the list of events of the event it detects. */
  readonly event: number | undefined;
}

/** `already-on`: missed because the alarm was up before onset and did not re-arm. `excluded`: onset in warm-up or never observed. */
export type EventOutcome = 'detected' | 'missed' | 'already-on' | 'excluded';

export interface LeakEvent {
  readonly leak: string;
  /** Count of this leak's intervals, from 1. */
  readonly interval: number;
  readonly onset: number;
  readonly end: number;
  /** kg/s */
  readonly peakFlow: number;
  readonly position?: number | undefined;
  readonly diameter?: number | undefined;
  readonly outcome: EventOutcome;
  /** Why an event is excluded; empty otherwise. */
  readonly reason: string;
  readonly alarmTime: number | undefined;
  /** Seconds from true onset to the alarm. */
  readonly delay: number | undefined;
}

export interface MatchOptions extends AlarmOptions {
  /** A rise up to this time after the end of the leak still detects it. */
  readonly graceSeconds: number;
}

export interface Matching {
  readonly events: readonly LeakEvent[];
  readonly alarms: readonly ClassifiedAlarm[];
}

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
  readonly recoveryAlarms: number;
  readonly windows: WindowMetrics;
  /** AUC within each case, weighted by positives x negatives; null where no case has both classes. */
  readonly withinCaseAuc: number | null;
}
