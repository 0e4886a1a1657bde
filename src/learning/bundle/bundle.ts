import type { Role } from '../../table/table.js';

/** Format of the folder; readers refuse others. */
export const bundleFormat = 1;

/** Where the training data came from. A model trained on the simulator says so wherever it goes. */
export type BundleSource = 'simulation' | 'recorded' | 'unknown';

/** One model input, in the order of the feature matrix's columns. */
export interface BundleFeature {
  readonly name: string;
  readonly dtype: 'float32';
  readonly role: Extract<Role, 'measured' | 'operational'>;
}

export interface BundleSignal {
  readonly name: string;
  readonly role: Extract<Role, 'measured' | 'operational'>;
  readonly unit: string;
}

/** inference_config.json: all that is needed to turn raw signals into alarms. Keys as in the file. */
export interface InferenceConfig {
  /** `detection` gives the probability of a leak, `multiclass` one probability per class, `regression` a value. */
  readonly task: 'detection' | 'multiclass' | 'regression';
  /** What it tells: `leak`, `size`, `segment`, `position` or `leak_flow`; prediction.json says more. */
  readonly target?: string;
  /** `pfm` sees features of the signals, `observer` features of what the healthy line does not explain, `fusion` the scores of other detectors. */
  readonly learner?: 'pfm' | 'observer' | 'fusion';
  /** An alarm is a score of at least this; null where the task has no alarm. */
  readonly threshold: number | null;
  readonly threshold_strategy: string | null;
  /** Rows of a window, and from one window to the next. */
  readonly window_size: number;
  readonly step_size: number;
  /** Seconds between rows after resampling; null without resampling. */
  readonly resample_seconds: number | null;
  readonly wavelet: string | null;
  readonly wavelet_level: number | null;
  readonly feature_groups: readonly string[];
  readonly signals: readonly BundleSignal[];
  /** Name of the label column that the model was trained on. */
  readonly label: string;
  /** Names of the classes, for `multiclass`. */
  readonly class_names?: readonly string[];
}

/** What a bundle is written from. */
export interface BundleParts {
  readonly onnx: Uint8Array;
  /** LightGBM's own text of the same model. */
  readonly modelText: string;
  readonly features: readonly BundleFeature[];
  readonly inference: InferenceConfig;
  /** Versions of what made it, such as `{ penstock, lightgbm, onnxruntime }`. */
  readonly versions: Readonly<Record<string, string>>;
  readonly configHash: string;
  readonly source: BundleSource;
  /** Further files by their path in the bundle, such as `controls/clock_only.onnx`. */
  readonly extra?: readonly BundleFile[];
}

export interface BundleFile {
  /** Relative to the bundle's folder, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** manifest.json. */
export interface BundleManifest {
  readonly format: number;
  readonly source: BundleSource;
  readonly config_hash: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
}

/** A bundle that was read and checked. */
export interface Bundle {
  readonly onnx: Uint8Array;
  readonly modelText: string;
  /** Hash of the model's text, for `loadModel`. */
  readonly modelSha256: string;
  readonly features: readonly BundleFeature[];
  readonly inference: InferenceConfig;
  readonly manifest: BundleManifest;
  readonly extra: ReadonlyMap<string, Uint8Array>;
  /** sha256 of manifest.json: the identity of the whole bundle. */
  readonly sha256: string;
}

export const inferenceFile = 'inference_config.json';
export const requiredFiles = ['model.onnx', 'model.txt', 'features_schema.json', inferenceFile] as const;
export const manifestFile = 'manifest.json';
