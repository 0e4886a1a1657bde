export { alarms } from './alarms.js';
export { compareDetectors, type Comparison, type DetectorRow, type DetectorScores } from './compareDetectors.js';
export { scheduleShared, scheduleWarning, shiftedLabels, withinCaseAuc, type ShiftedLabels, type ShiftOptions } from './controls.js';
export { evaluate } from './evaluate.js';
export { leakFreeSeconds, phasesOf, type PhaseOptions } from './phases.js';
export { matchEvents } from './matchEvents.js';
export {
  phaseCode,
  phaseNames,
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
  type ScoredCase,
  type ScoreSummary,
  type SizeBin,
  type WindowMetrics,
} from './types.js';
