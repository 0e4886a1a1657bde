import type { BundleParts, InferenceConfig } from '../learning/index.js';
import type { TrainingPfmDetectionConfig } from '../pipelines/index.js';
import type { FeaturePlan } from '../signal/index.js';
import type { WindowSettings } from './cutWindows.js';
import { jsonBytes } from './files.js';
import type { FeaturesShared } from './features.js';
import type { Controls, Detector } from './trainDetector.js';

/** `preparation.json` in the bundle: everything between a raw series and the rows the model sees. */
export interface Preparation {
  readonly windows: WindowSettings;
  readonly plan: FeaturePlan;
}

/** `controls.json` in the bundle: the baselines' thresholds; the clock model lies beside it. */
export interface ControlSettings {
  readonly clock_only: { readonly threshold: number };
  readonly imbalance: { readonly threshold: number } | null;
}

export const preparationFile = 'preparation.json';
export const controlsFile = 'controls/controls.json';
export const clockModelFile = 'controls/clock_only.onnx';

/** Puts together what a bundle is written from. */
export function detectorBundle(detector: Detector, controls: Controls, about: {
  config: TrainingPfmDetectionConfig; configHash: string; features: readonly string[]; shared: FeaturesShared; lightgbm: string;
}): BundleParts {
  const { plan, windows } = about.shared;
  const preparation: Preparation = { windows: windows as unknown as WindowSettings, plan };
  const settings: ControlSettings = {
    clock_only: { threshold: controls.clock.threshold },
    imbalance: controls.imbalance && { threshold: controls.imbalance.threshold },
  };
  return {
    onnx: detector.onnx, modelText: detector.model.modelText, configHash: about.configHash,
    // A model that learned from the built-in simulator says so wherever it goes.
    source: windows.source,
    features: about.features.map((name) => ({ name, dtype: 'float32', role: 'measured' })),
    inference: inferenceConfig(detector, about.config, plan, preparation.windows),
    versions: { lightgbm: about.lightgbm },
    extra: [
      { path: preparationFile, bytes: jsonBytes(preparation) },
      { path: controlsFile, bytes: jsonBytes(settings) },
      { path: clockModelFile, bytes: controls.clock.onnx },
    ],
  };
}

function inferenceConfig(detector: Detector, config: TrainingPfmDetectionConfig, plan: FeaturePlan, windows: WindowSettings): InferenceConfig {
  return {
    task: 'detection', threshold: detector.threshold.threshold, threshold_strategy: detector.threshold.strategy,
    window_size: windows.window_size, step_size: windows.step_size, resample_seconds: windows.resample_seconds,
    wavelet: plan.options.wavelet, wavelet_level: plan.options.waveletLevel,
    feature_groups: [...new Set(plan.features.map((feature) => feature.group))],
    signals: plan.signals.map(({ name, unit }) => ({ name, unit, role: 'measured' })),
    label: config.label_column,
  };
}
