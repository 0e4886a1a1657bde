export { alarms, leakFreeSeconds, matchEvents, phasesOf, type PhaseOptions } from '../metrics/index.js';
export { compareDetectors, compareEvaluations, type Comparison, type DetectorRow, type DetectorScores } from './compareDetectors.js';
export { openShiftedLabels, scheduleShared, scheduleWarning, shiftedLabels, withinCaseAuc, type ShiftedLabels, type ShiftOptions } from './controls.js';
export { estimationWindows, medianOf, summarizeEstimates, type ClassConfusion, type EstimateSummary, type EventEstimate, type SizeClasses } from './estimates.js';
export { evaluate, openEvaluation, type OpenEvaluation } from './evaluate.js';
export { battledimScore, earlyDetection, type BattledimLeak, type BattledimReport, type BattledimScore } from './benchmarkScores.js';
export { minimumLeak, type BalanceUncertainty } from '../metrics/index.js';
export { regimeRule, regimesOf, type RegimeRule, type RegimeSignals } from './regimes.js';
export { releasedMass } from './released.js';
export { sizeReversals, type SizeReversal } from './sizeOrder.js';
export { sweepAround } from './sweep.js';
export {
  phaseCode,
  phaseNames,
  regimeNames,
  type Alarm,
  type AlarmKind,
  type AlarmOptions,
  type CaseAlarm,
  type CaseEvent,
  type CaseLeak,
  type CaseResult,
  type ClassifiedAlarm,
  type Confusion,
  type DelaySummary,
  type DetectionMap,
  type DetectionRow,
  type Evaluation,
  type EvaluationOptions,
  type EventOutcome,
  type FalseAlarmSummary,
  type LeakEvent,
  type LeakInterval,
  type Matching,
  type MatchOptions,
  type Phase,
  type Proportion,
  type Regime,
  type RegimeResult,
  type ReleaseSummary,
  type ScoredCase,
  type ScoreSummary,
  type SizeBin,
  type ThresholdPoint,
  type WindowMetrics,
} from './types.js';
