import {
  exportOnnx, importanceTable, resolveParameters, separateRounds, verifyOnnx,
  type Calibration, type FeatureImportance, type Lightgbm, type LightgbmParams, type Scaler, type TrainedModel, type Verification,
} from '../../learning/index.js';
import type { DetectionConfig, TrainingConfig } from '../../pipelines/index.js';
import { alarmThreshold, calibrated, calibrationOf, type AlarmThreshold, type ThresholdRows } from './alarmThreshold.js';
import { trainControls, type Controls } from './controls.js';
import { matrixOfRows, scaled, scalerOf, someOf, type FeatureRows } from './featureRows.js';
import { fitModel, rowsAt, scoresOf, type ClassWeight, type FitJob, type TrainHooks } from './fit.js';
import { judge, spreadOf, type Judged } from './scores.js';
import { countGroups, foldsOf, sidesOf, type Sides } from './sides.js';
import type { Labels, Target } from './target.js';
import type { WindowRows } from './windowRows.js';

/** A dataset as training sees it: features, what is known of each window, and what is to be learnt. */
export interface Campaign {
  readonly features: FeatureRows;
  readonly windows: WindowRows;
  readonly target: Target;
}

type TaskConfig = TrainingConfig & { readonly split_by_case?: boolean; readonly shuffle?: boolean; readonly class_weight?: ClassWeight | undefined };

export interface TaskInput {
  readonly library: Lightgbm;
  readonly fit: Campaign;
  /** Another campaign that threshold and calibration are chosen on. */
  readonly threshold?: Campaign | undefined;
  readonly config: TaskConfig;
  /** Parameters of a tuning, laid over those of the section. */
  readonly bestParams?: LightgbmParams | undefined;
  readonly hooks: TrainHooks;
}

/** A side with what its charts need. */
export interface Side extends Judged {
  readonly truth: Float32Array;
  readonly predicted: Float64Array;
}

/** One trained model, judged and proven equal to its export. `model.free()` is the caller's. */
export interface TrainedTask {
  readonly target: Target;
  readonly labels: Labels;
  readonly model: TrainedModel;
  readonly onnx: Uint8Array;
  readonly verification: Verification;
  readonly scaler: Scaler | null;
  readonly calibration: Calibration | null;
  /** Null where there is no alarm to raise. */
  readonly threshold: AlarmThreshold | null;
  readonly controls: Controls | null;
  readonly train: Side;
  readonly valid: Side;
  readonly groups: { readonly train: number; readonly valid: number; readonly calibration: number };
  readonly importance: readonly FeatureImportance[];
  readonly repeats: ReturnType<typeof spreadOf> | null;
  readonly folds: ReturnType<typeof spreadOf> | null;
  readonly features: readonly string[];
}

/** One training: with the seed of the section it is the one that is published. */
interface Once extends Pick<TrainedTask, 'labels' | 'model' | 'scaler' | 'calibration' | 'threshold' | 'train' | 'valid'> {
  readonly sides: Sides;
  readonly features: FeatureRows;
  readonly on: ThresholdRows;
}

/** Fits, calibrates, chooses the threshold, judges, repeats, and exports a model that is proven equal. */
export async function trainTask(input: TaskInput): Promise<TrainedTask> {
  const { config, fit: { target, windows } } = input;
  const once = await trainOnce(input, config.random_state);
  const { sides, features, model } = once;
  const onnx = exportOnnx(model.dump, { featureCount: features.names.length });
  const sample = someOf(rowsAt({ target }, sides.valid), 1000);
  const verification = await verifyOnnx(onnx, model, { sample: { values: await matrixOfRows(features, sample), rows: sample.length } });
  return {
    ...once, target, onnx, verification, features: features.names,
    controls: target.kind === 'detection' ? await trainControls(input.library, { windows, target, sides }, once.on, detection(config), input.hooks) : null,
    importance: await importanceOf(once, target, config),
    repeats: config.repeats > 1 ? await repeated(input, once) : null,
    folds: config.cross_validation.folds > 1 ? await crossValidated(input, once) : null,
    groups: { train: countGroups(target, windows, sides.train), valid: countGroups(target, windows, sides.valid), calibration: countGroups(target, windows, sides.calibration) },
  };
}

async function trainOnce(input: TaskInput, seed: number): Promise<Once> {
  const { config, fit: { target, windows } } = input;
  const calibration = target.kind === 'detection' && detection(config).calibration !== 'none' && !input.threshold ? detection(config).calibration_size : undefined;
  const sides = sidesOf(target, windows, { ...config, random_state: seed, calibration });
  const scaler = config.scale_features === false ? null : await scalerOf(config.scale_features, input.fit.features, rowsAt({ target }, sides.train));
  const features = scaled(input.fit.features, scaler);
  const labels = target.label(sides.train);
  const model = await fitModel(input.library, { ...jobOf(input, labels, features, seed), train: sides.train, valid: sides.valid }, config, input.hooks);
  const on: ThresholdRows = input.threshold
    ? { ...input.threshold, features: scaled(input.threshold.features, scaler), places: Int32Array.from(input.threshold.target.rows.keys()) }
    : { features, windows, target, places: sides.valid };
  const probabilities = await calibrationFor(input, { model, features, sides, on });
  const threshold = target.kind === 'detection' ? await alarmThreshold(model, probabilities, on, detection(config)) : null;
  const side = async (places: Int32Array): Promise<Side> => {
    const truth = Float32Array.from(places, (at) => labels.values[at]!);
    const predicted = calibrated(probabilities, await scoresOf(model, features, rowsAt({ target }, places)));
    return { truth, predicted, ...judge(target.kind, truth, predicted, { ...(threshold && { threshold: threshold.threshold }), noSkill: target.noSkill?.metres }) };
  };
  return { labels, sides, scaler, features, model, on, calibration: probabilities, threshold, train: await side(sides.train), valid: await side(sides.valid) };
}

function jobOf({ fit: { target, windows }, config, bestParams }: TaskInput, labels: Labels, features: FeatureRows, seed: number): Omit<FitJob, 'train'> {
  // A tuning may have found a number of rounds as well.
  const { params, rounds = config.num_boost_round } = separateRounds({ ...resolveParameters(config.lgbm_params as LightgbmParams), ...resolveParameters(bestParams ?? {}) });
  return { features, windows, target, labels, rounds, seed, params, classWeight: config.class_weight };
}

async function calibrationFor({ config, fit: { target } }: TaskInput, { model, features, sides, on }: Pick<Once, 'model' | 'features' | 'sides' | 'on'>): Promise<Calibration | null> {
  if (target.kind !== 'detection' || detection(config).calibration === 'none') return null;
  const from = sides.calibration ? { target, features, places: sides.calibration } : on;
  const { values } = from.target.label(from.places);
  return calibrationOf(detection(config).calibration, Float32Array.from(from.places, (at) => values[at]!), await scoresOf(model, from.features, rowsAt(from, from.places)));
}

/** Trainings with the seeds that follow, the published one among them: how much is luck of the split. */
async function repeated(input: TaskInput, first: Once): Promise<ReturnType<typeof spreadOf>> {
  const all = [first.valid.scores];
  for (let n = 1; n < input.config.repeats; n++) {
    const { model, valid } = await trainOnce(input, input.config.random_state + n);
    model.free();
    all.push(valid.scores);
  }
  return spreadOf(all);
}

/** Every case held out once; no fold is used to stop early, so the rounds are those of the published model. */
async function crossValidated(input: TaskInput, { labels, features, model, calibration, threshold }: Once): Promise<ReturnType<typeof spreadOf>> {
  const { fit: { target, windows }, config } = input;
  const all = [];
  for (const { train, test } of foldsOf(target, windows, config.cross_validation.folds, config.split_by_case !== false)) {
    const fold = await fitModel(input.library, { ...jobOf(input, labels, features, config.random_state), train, rounds: model.bestIteration }, config, input.hooks);
    const predicted = calibrated(calibration, await scoresOf(fold, features, rowsAt({ target }, test)));
    fold.free();
    const truth = Float32Array.from(test, (at) => labels.values[at]!);
    all.push(judge(target.kind, truth, predicted, { ...(threshold && { threshold: threshold.threshold }), noSkill: target.noSkill?.metres }).scores);
  }
  return spreadOf(all);
}

async function importanceOf({ model, features, sides }: Once, target: Target, config: TrainingConfig): Promise<FeatureImportance[]> {
  const rows = someOf(rowsAt({ target }, sides.valid), config.shap_rows);
  return importanceTable(model, features.names, { values: await matrixOfRows(features, rows), rows: rows.length }, { rows: Math.max(1, config.shap_rows), seed: config.random_state });
}

/** The keys of detection are there wherever the target is detection. */
function detection(config: TrainingConfig): DetectionConfig {
  return config as DetectionConfig;
}
