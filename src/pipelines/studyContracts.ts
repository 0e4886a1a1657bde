import type { PublishedFile } from '../storage/index.js';
import type { ResolvedSection, StageOutcome } from './contracts.js';

/** A parameter's value; the names are those of the search space. */
export type StudyValue = string | number | boolean | null;
export type StudyParams = Readonly<Record<string, StudyValue>>;

/** A value on the way; null stands for one that is not a number. */
export interface StudyReport {
  readonly step: number;
  readonly value: number | null;
}

/** Values that somebody wants tried, whole or in part. Its number tells which trial has had them. */
export interface StudyWish {
  readonly id: number;
  readonly params: StudyParams;
}

export type StudyDirection = 'minimize' | 'maximize';

/** `running` includes trials that were given to somebody outside and are not told yet. */
export type TrialState = 'running' | 'complete' | 'pruned' | 'failed';

/**
 * One row of the table as it lives in the workflow: short, because it travels through continue-as-new and to every suggestion.
 * Its number is its place in the table.
 */
export interface TrialRow {
  s: TrialState;
  /** Values in the order of `StudyPlan.parameters`; `[]` where the parameter's condition does not hold. Missing until they are known. */
  x?: readonly (StudyValue | readonly [])[];
  v?: number;
  /** The last step reported. */
  l?: number;
  /** The trials below this one that were not finished when its values were asked for: pairs of first and last number. */
  u?: readonly number[];
  /** Why it failed. */
  e?: string;
  /** True where somebody outside works on it. */
  o?: true;
  /** The step of a stepwise search that it belongs to. */
  t?: string;
  /** The wish that its values come from. */
  w?: number;
}

/** What the trials of one study have in common, as its plan found it. */
export interface StudyPlan {
  readonly upToDate: false;
  /** Names of the parameters, in the order of the rows' values. */
  readonly parameters: readonly string[];
  readonly direction: StudyDirection;
  readonly metric: string;
  /** Trials of earlier runs. Those that were under way start again under their numbers, with their values where these are known. */
  readonly rows: readonly TrialRow[];
  /** Wishes that no trial has had yet; missing where there are none. */
  readonly waiting?: readonly StudyWish[] | undefined;
}

export type StudyPlanned = StudyPlan | { readonly upToDate: true; readonly result: StageOutcome };

/** Every stage of a study gets the run's mark: a folder in which another run has begun must not be gone on with. */
export interface StudyInput {
  readonly resolved: ResolvedSection;
  readonly run: string;
}

export interface SuggestInput extends StudyInput {
  readonly number: number;
  readonly parameters: readonly string[];
  readonly direction: StudyDirection;
  readonly rows: readonly TrialRow[];
  /** Values that somebody has chosen; the others are drawn. */
  readonly wish?: StudyWish | undefined;
  /** True where the trial is worked on outside, and storage must know of it. */
  readonly outside?: boolean | undefined;
}

export interface KeepWishInput extends StudyInput {
  readonly wish: StudyWish;
}

/** `wait`: nothing before a trial under way has ended; `exhausted`: nothing ever. */
export type Suggested =
  | { readonly kind: 'values'; readonly params: StudyParams; readonly step?: string | undefined }
  | { readonly kind: 'wait' }
  | { readonly kind: 'exhausted' };

export interface TrialInput extends StudyInput {
  /** The trial's number; `batch` is what the reporting of progress calls it. */
  readonly batch: number;
  readonly params: StudyParams;
  readonly unknown: readonly number[];
  readonly step?: string | undefined;
  readonly wish?: number | undefined;
  readonly direction: StudyDirection;
  readonly metric: string;
}

/** What became of a trial. */
export interface TrialResult {
  readonly state: Exclude<TrialState, 'running'>;
  readonly value?: number | undefined;
  readonly lastStep?: number | undefined;
  readonly reason?: string | undefined;
}

/** Several cheap trials after one another, each suggested from all that the one before knew and its result. */
export interface BlockInput extends StudyInput {
  readonly first: number;
  readonly count: number;
  readonly parameters: readonly string[];
  readonly direction: StudyDirection;
  readonly rows: readonly TrialRow[];
}

export interface BlockResult {
  readonly rows: readonly TrialRow[];
}

/** A trial whose end the workflow knows first: told from outside, or failed for good. */
export interface RecordInput extends StudyInput {
  readonly number: number;
  readonly params: StudyParams;
  readonly unknown: readonly number[];
  readonly step?: string | undefined;
  readonly wish?: number | undefined;
  readonly result: TrialResult;
  readonly reports?: readonly StudyReport[] | undefined;
}

export type StudyEnd = 'trials' | 'timeout' | 'stopped' | 'exhausted';

export interface PublishStudyInput extends StudyInput {
  readonly parameters: readonly string[];
  readonly direction: StudyDirection;
  readonly metric: string;
  readonly trials: number;
  readonly end: StudyEnd;
}

/** A trial as it lies in storage: all that is known of it, whoever worked on it. */
export interface TrialRecord {
  readonly number: number;
  readonly state: TrialState;
  readonly params: StudyParams;
  readonly value?: number | undefined;
  readonly reports: readonly StudyReport[];
  readonly unknown: readonly number[];
  readonly reason?: string | undefined;
  /** The step of a stepwise search that it belongs to. */
  readonly step?: string | undefined;
  /** The wish that its values come from. */
  readonly wish?: number | undefined;
  /** True where somebody outside works on it. */
  readonly outside?: boolean | undefined;
  /** How often it was begun. */
  readonly begun: number;
  /** Who worked on it and when: told in run.json alone. */
  readonly host?: string | undefined;
  readonly started?: string | undefined;
  readonly ended?: string | undefined;
}

/** What the published folder says of a study, beside its files. */
export interface StudyMetadata {
  readonly config_hash: string;
  readonly inputs_hash: string;
  readonly metric: string;
  readonly direction: StudyDirection;
  readonly end: StudyEnd;
  readonly finished: number;
  /** Wishes that no trial has had: a later run begins with them. */
  readonly waiting?: readonly StudyWish[] | undefined;
  readonly metrics: Readonly<Record<string, number | string | null>>;
  readonly files: readonly PublishedFile[];
}

