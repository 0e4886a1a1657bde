import type { ErrorCode } from '../errors/index.js';
import type { PipelineName } from './definePipeline.js';

/** What a person types into the Start Workflow form: every field has a default. */
export interface StartInput {
  /** The section of the configuration file; by default the pipeline's own. */
  readonly section?: string;
  /** Path of the configuration file on the worker host; by default `configs/pipelines_config.yml`. */
  readonly config?: string;
  /** Values put over the file's: `{"features_pipeline.wavelet_level": 3}`. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** `quarantined` runs again only what could not be processed the last time. */
  readonly only?: 'quarantined';
  /** Run even if nothing changed. */
  readonly force?: boolean;
}

/** Where relative paths lie, and how that store is reached. */
export interface StorageLocation {
  readonly type: 'local' | 's3';
  readonly bucket?: string | undefined;
  readonly prefix?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly force_path_style?: boolean | undefined;
}

/** One section, validated, with defaults, and with every path as a URI: what workflows carry along. */
export interface ResolvedSection<Config = Readonly<Record<string, unknown>>> {
  readonly section: string;
  readonly pipeline: PipelineName;
  readonly config: Config;
  /** sha256 of the result-affecting keys: equal hashes and equal inputs give equal output. */
  readonly configHash: string;
  readonly storage: StorageLocation;
  readonly only?: 'quarantined' | undefined;
  readonly force?: boolean | undefined;
}

/** A child is given what its parent has resolved. */
export interface ResolvedInput {
  readonly resolved: ResolvedSection;
}

/** An input that could not be processed, and why. */
export interface Quarantined {
  readonly input: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly line?: number | undefined;
}

/** Data by reference. The URI is absolute; inside artefacts paths are relative to their folder. */
export interface OutputReference {
  readonly name: string;
  readonly uri: string;
  readonly sha256: string;
  readonly rows?: number | undefined;
}

export type Metrics = Readonly<Record<string, number | string | null>>;

/** What the first stage of a pipeline finds: nothing to do, or so many batches that lie in the plan file. */
export type Plan =
  | { readonly upToDate: true; readonly result: StageOutcome }
  | { readonly upToDate: false; readonly planUri: string; readonly batches: number; readonly total: number; readonly reused: number; readonly unit: string };

export interface BatchInput {
  readonly resolved: ResolvedSection;
  readonly planUri: string;
  readonly batch: number;
}

export interface BatchResult {
  readonly done: number;
  readonly quarantined: readonly Quarantined[];
}

export interface PublishInput {
  readonly resolved: ResolvedSection;
  readonly planUri: string;
}

/** What a pipeline leaves behind. */
export interface StageOutcome {
  readonly outputs: readonly OutputReference[];
  readonly metrics: Metrics;
  readonly quarantined: readonly Quarantined[];
}

export type Outcome = 'completed' | 'completed_with_quarantine' | 'up_to_date';

export interface PipelineResult extends StageOutcome {
  readonly section: string;
  readonly outcome: Outcome;
  readonly configHash: string;
}

/** The one shape of progress: heartbeat details, answer of the `progress` query, source of Current Details and of the bar. */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly ratePerSecond: number | null;
  readonly etaSeconds: number | null;
  readonly quarantined: number;
  readonly detail: string;
}

/** What a running stage reports; the rest of `Progress` is derived. */
export interface StageProgress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly detail: string;
}
