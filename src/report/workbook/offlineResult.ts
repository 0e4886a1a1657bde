// What the workbook shows, as it needs it: the evaluation's results fit these shapes without this room knowing that room.
// Times in seconds, flows in kg/s; null and undefined become empty cells.

type Amount = number | null;

export interface ShareOfEvents {
  readonly count: number;
  readonly total: number;
  readonly value: Amount;
  readonly lower: number;
  readonly upper: number;
}

export interface Delays {
  readonly count: number;
  readonly median: Amount;
  readonly p90: Amount;
  readonly max: Amount;
  readonly resolution: number;
}

export interface WindowResult {
  readonly windows: number;
  readonly positives: number;
  readonly missingScores: number;
  readonly confusion: { readonly trueNegative: number; readonly falsePositive: number; readonly falseNegative: number; readonly truePositive: number };
  readonly precision: Amount;
  readonly recall: Amount;
  readonly f1: Amount;
  readonly auc: Amount;
  readonly averagePrecision: Amount;
}

export interface CaseRow {
  readonly caseId: string;
  readonly group: string;
  readonly durationSeconds: number;
  readonly stepSeconds: number;
  readonly leakFreeSeconds: number;
  readonly events: number;
  readonly detected: number;
  readonly falseAlarms: number;
  readonly recoveryAlarms: number;
  readonly medianDelay: Amount;
  readonly phaseCounts: Readonly<Record<'warmup' | 'healthy' | 'leak' | 'recovery', number>>;
  readonly scoreHealthy: { readonly median: Amount; readonly p95: Amount; readonly max: Amount };
  readonly scoreLeak: { readonly median: Amount; readonly max: Amount };
  readonly windows: WindowResult;
}

export interface EventRow {
  readonly caseId: string;
  readonly leak: string;
  readonly interval: number;
  readonly onset: number;
  readonly end: number;
  readonly peakFlow: number;
  readonly size: number;
  readonly position?: number | undefined;
  readonly diameter?: number | undefined;
  readonly outcome: 'detected' | 'missed' | 'already-on' | 'excluded';
  readonly reason: string;
  readonly alarmTime: number | undefined;
  readonly delay: number | undefined;
}

export interface AlarmRow {
  readonly caseId: string;
  readonly time: number;
  readonly end: number;
  readonly peakScore: number;
  readonly kind: 'detection' | 'repeat' | 'recovery' | 'carried' | 'false';
  /** Place in the list of events. */
  readonly event: number | undefined;
}

export interface FalseAlarms {
  readonly count: number;
  readonly countLower: number;
  readonly countUpper: number;
  readonly leakFreeHours: number;
  readonly perHour: Amount;
  readonly perHourLower: Amount;
  readonly perHourUpper: Amount;
  readonly monthly: { readonly rate: number; readonly lower: number; readonly upper: number; readonly upperOneSided: number } | null;
  readonly statement: string;
  readonly timeInAlarm: Amount;
}

/** The result of one detector. */
export interface DetectorResult {
  readonly options: { readonly threshold: number; readonly confidence: number };
  readonly cases: readonly CaseRow[];
  readonly events: readonly EventRow[];
  readonly alarms: readonly AlarmRow[];
  readonly eventRecall: ShareOfEvents;
  readonly excludedEvents: number;
  readonly delay: Delays;
  readonly sizeUnit: '% of flow' | 'kg/s';
  readonly delayBySize: readonly { readonly label: string; readonly recall: ShareOfEvents; readonly delay: Delays }[];
  readonly falseAlarms: FalseAlarms;
  readonly recoveryAlarms: number;
  readonly windows: WindowResult;
  readonly withinCaseAuc: Amount;
}

export interface DetectorSummary {
  readonly detector: string;
  readonly eventRecall: ShareOfEvents;
  readonly medianDelay: Amount;
  readonly p90Delay: Amount;
  readonly falseAlarms: number;
  readonly auc: Amount;
  readonly withinCaseAuc: Amount;
}

export interface DetectorComparison {
  readonly rows: readonly DetectorSummary[];
  readonly evaluations: Readonly<Record<string, DetectorResult>>;
  readonly scheduleShared: boolean | null;
  readonly warnings: readonly string[];
}

export interface ShiftedLabelControl {
  readonly statement: string;
  readonly passed: boolean | null;
}
