/** One contiguous run of a leak. Times in seconds since the start of the case; `peakFlow` in kg/s, NaN where it was not recorded. */
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
  /** 1 where a signal lies outside the range of the training; undefined where that range is not known. Counted, and nothing else: it moves no alarm. */
  readonly outside?: Uint8Array | undefined;
}

export interface AlarmOptions {
  /** A window exceeds when its score is at least this. */
  readonly threshold: number;
  /** Thresholds that hold in place of `threshold` while the line is in a regime. */
  readonly regimeThresholds?: { readonly [R in Regime]?: number | undefined } | undefined;
  /** The alarm, once raised, stays until the score is below this; default: the threshold. Where it is above the threshold, the threshold counts. */
  readonly offThreshold?: number | undefined;
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
