import { chooseThreshold, exportOnnx, type Lightgbm } from '../../learning/index.js';
import { rocAuc } from '../../metrics/index.js';
import type { DetectionConfig } from '../../pipelines/index.js';
import type { ThresholdRows } from './alarmThreshold.js';
import type { FeatureRows } from './featureRows.js';
import { fitModel, rowsAt, scoresOf, type TrainHooks } from './fit.js';
import type { Sides } from './sides.js';
import type { Target } from './target.js';
import type { WindowRows } from './windowRows.js';

/** What the baselines beside the model need: thresholds found on the rows of the model's own, and the AUC of the validation. */
export interface Controls {
  readonly clock: { readonly onnx: Uint8Array; readonly threshold: number; readonly validAuc: number };
  /** Null where fewer than two flows are measured. */
  readonly imbalance: { readonly threshold: number; readonly validAuc: number } | null;
}

/** Clock-only and imbalance baselines: whoever reads the report sees what the schedule alone, or a plain subtraction, would find. */
export async function trainControls(
  library: Lightgbm, of: { windows: WindowRows; target: Target; sides: Sides }, on: Pick<ThresholdRows, 'windows' | 'target' | 'places'>, config: DetectionConfig, hooks: TrainHooks,
): Promise<Controls> {
  const { windows, target, sides } = of;
  const labels = target.label(sides.train);
  const model = await fitModel(library, {
    features: clockRows(windows), windows, target, labels, train: sides.train, valid: sides.valid, rounds: config.num_boost_round, seed: config.random_state,
    params: { learning_rate: 0.05, num_leaves: 15 },
  }, { ...config, robustness: { noise: 0, bias: 0, quantisation: 0, dropout: 0, copies: 0 } }, { ...hooks, onIteration: () => undefined });
  try {
    const truth = truthAt(target, sides.valid);
    const chosen = truthAt(on.target, on.places);
    const scores = await scoresOf(model, clockRows(on.windows), rowsAt(on, on.places));
    return {
      clock: {
        onnx: exportOnnx(model.dump), threshold: chooseThreshold(chosen, scores, { strategy: 'max_f1' }).threshold,
        validAuc: rocAuc(truth, await scoresOf(model, clockRows(windows), rowsAt({ target }, sides.valid))),
      },
      imbalance: imbalanceControl(of, on),
    };
  } finally {
    model.free();
  }
}

function imbalanceControl({ windows, target, sides }: { windows: WindowRows; target: Target; sides: Sides }, on: Pick<ThresholdRows, 'windows' | 'target' | 'places'>): Controls['imbalance'] {
  const values = (of: WindowRows, rows: Int32Array): Float64Array => Float64Array.from(rows, (row) => of.imbalance[row]!);
  const own = values(windows, rowsAt({ target }, sides.valid));
  const chosen = values(on.windows, rowsAt(on, on.places));
  if (own.some(Number.isNaN) || chosen.some(Number.isNaN)) return null;
  return {
    threshold: chooseThreshold(truthAt(on.target, on.places), chosen, { strategy: 'max_f1' }).threshold,
    validAuc: rocAuc(truthAt(target, sides.valid), own),
  };
}

function truthAt(target: Target, places: Int32Array): Float32Array {
  const { values } = target.label(places);
  return Float32Array.from(places, (at) => values[at]!);
}

/** The time of the window's last row and the number of the window, which no other model may see. */
function clockRows({ endTime, windowIndex }: WindowRows): FeatureRows {
  const columns = [endTime, windowIndex];
  return {
    names: ['end_time', 'window_index'],
    // eslint-disable-next-line typescript/require-await
    async *pieces(rows) {
      yield Float32Array.from({ length: rows.length * 2 }, (_, i) => columns[i % 2]![rows[i >> 1]!]!);
    },
    column: (at, rows) => Promise.resolve(Float32Array.from(rows, (row) => columns[at]![row]!)),
  };
}
