import { lightgbmVersion, type BundleFile, type BundleParts, type BundleSource, type Calibration, type InferenceConfig, type ObserverSettings, type Scaler } from '../../learning/index.js';
import type { FeaturePlan, SignalDescription } from '../../signal/index.js';
import type { WindowSettings } from '../cutWindows.js';
import { jsonBytes } from '../files.js';
import type { TrainedTask } from './trainTask.js';

/** `preparation.json` in the bundle: everything between a raw series and the rows the model sees. */
export interface Preparation {
  readonly windows: WindowSettings;
  readonly plan: FeaturePlan;
  /** Null where features go in as they are. */
  readonly scaler?: Scaler | null;
  /** There where the features are those of what the healthy line does not explain; the regressors lie beside it. */
  readonly observer?: ObserverSettings;
  /** With `observer`: the signals of the line itself, which baselines and charts look at; else they are the plan's. */
  readonly measured?: readonly SignalDescription[];
}

/** `prediction.json` in the bundle: what the model's numbers mean. */
export interface Prediction {
  readonly target: TrainedTask['target']['name'];
  readonly kind: TrainedTask['target']['kind'];
  readonly column: string;
  readonly unit: string;
  readonly class_names: readonly string[] | null;
  /** Applied to the score before it is compared with the threshold; null where scores stay as they are. */
  readonly calibration: Calibration | null;
  /** Of a further model, which has a split and so a scaler of its own; that of the main one stands in `preparation.json`. */
  readonly scaler?: Scaler | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** `controls.json` in the bundle: the baselines' thresholds; the clock model lies beside it. */
export interface ControlSettings {
  readonly clock_only: { readonly threshold: number };
  readonly imbalance: { readonly threshold: number } | null;
}

export const preparationFile = 'preparation.json';
export const predictionFile = 'prediction.json';
export const controlsFile = 'controls/controls.json';
export const clockModelFile = 'controls/clock_only.onnx';

export interface BundleFacts {
  readonly learner: 'pfm' | 'observer';
  readonly source: BundleSource;
  readonly configHash: string;
  readonly preparation: Preparation;
  readonly signals: InferenceConfig['signals'];
  readonly roles: ReadonlyMap<string, 'measured' | 'operational'>;
  readonly extra: readonly BundleFile[];
}

/** Puts together what a bundle is written from. Further models of the same training lie in folders named after their target. */
export function bundleOf([task, ...others]: readonly [TrainedTask, ...TrainedTask[]], about: BundleFacts): BundleParts {
  return {
    onnx: task.onnx, modelText: task.model.modelText, configHash: about.configHash,
    // A model that learned from the built-in simulator says so wherever it goes.
    source: about.source,
    features: task.features.map((name) => ({ name, dtype: 'float32', role: about.roles.get(name) ?? 'measured' })),
    inference: inferenceOf(task, about),
    versions: { lightgbm: lightgbmVersion },
    extra: [
      { path: preparationFile, bytes: jsonBytes({ ...about.preparation, scaler: task.scaler } satisfies Preparation) },
      { path: predictionFile, bytes: jsonBytes(predictionOf(task)) },
      ...controlFiles(task), ...about.extra,
      ...others.flatMap((other) => [
        { path: `${other.target.name}/model.onnx`, bytes: other.onnx },
        { path: `${other.target.name}/model.txt`, bytes: new TextEncoder().encode(other.model.modelText) },
        { path: `${other.target.name}/${predictionFile}`, bytes: jsonBytes({ ...predictionOf(other), scaler: other.scaler } satisfies Prediction) },
      ]),
    ],
  };
}

function inferenceOf(task: TrainedTask, { learner, preparation: { windows, plan }, signals }: BundleFacts): InferenceConfig {
  return {
    task: task.target.kind, target: task.target.name, learner,
    threshold: task.threshold?.threshold ?? null, threshold_strategy: task.threshold?.strategy ?? null,
    window_size: windows.window_size, step_size: windows.step_size, resample_seconds: windows.resample_seconds,
    wavelet: plan.options.wavelet, wavelet_level: plan.options.waveletLevel,
    feature_groups: [...new Set(plan.features.map((feature) => feature.group))],
    signals, label: task.target.column,
    ...(task.target.kind === 'multiclass' && { class_names: task.labels.classNames! }),
  };
}

function predictionOf({ target, labels, calibration }: TrainedTask): Prediction {
  return { target: target.name, kind: target.kind, column: target.column, unit: target.unit, class_names: labels.classNames ?? null, calibration, facts: labels.facts };
}

function controlFiles({ controls }: TrainedTask): BundleFile[] {
  if (!controls) return [];
  const settings: ControlSettings = {
    clock_only: { threshold: controls.clock.threshold },
    imbalance: controls.imbalance && { threshold: controls.imbalance.threshold },
  };
  return [{ path: controlsFile, bytes: jsonBytes(settings) }, { path: clockModelFile, bytes: controls.clock.onnx }];
}
