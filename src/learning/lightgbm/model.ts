import { createHash } from 'node:crypto';
import { PenstockError } from '../../errors/index.js';
import * as native from './booster.js';
import { LightgbmRefusal, type Handle, type Lightgbm } from './library.js';
import type { ModelDump } from './modelDump.js';

/** A model held by the library. Its memory is the library's, not the garbage collector's: call `free` when done. */
export interface Model {
  readonly columns: number;
  /** Scores of row-major float32 rows; `rows * outputs` values. NaN means missing. */
  predict(values: Float32Array, rows: number, kind?: native.PredictionKind): Float64Array;
  /** The trees as data; read at the first use. */
  readonly dump: ModelDump;
  readonly importance: native.Importance;
  /** LightGBM's own text of the model. */
  readonly modelText: string;
  free(): void;
}

/**
 * Loads a model's text. `sha256` must come from whoever wrote the text (a bundle's manifest), because LightGBM ends the
 * process on a damaged text, or takes it for another model.
 *
 * Throws `learning/bundle` when the text is not the one with that hash, or LightGBM cannot read it.
 */
export function loadModel(library: Lightgbm, modelText: string, sha256: string, threads = 1): Model {
  const found = createHash('sha256').update(modelText, 'utf8').digest('hex');
  if (found !== sha256) {
    throw new PenstockError('learning/bundle', `the model's text has the sha256 ${found}; ${sha256} is expected`);
  }
  const booster = readText(library, modelText);
  return holdModel(library, booster, { iterations: -1, threads, release: () => native.freeBooster(library, booster) });
}

function readText(library: Lightgbm, modelText: string): Handle {
  try {
    return native.boosterFromText(library, modelText);
  } catch (error) {
    throw explainRefusal(error, 'learning/bundle');
  }
}

/** Wraps a booster of the library; `release` frees all that it holds. */
export function holdModel(
  library: Lightgbm,
  booster: Handle,
  { iterations, threads, release }: { iterations: number; threads: number; release: () => void },
): Model {
  const columns = native.featureCount(library, booster);
  let freed = false;
  let dump: ModelDump | undefined;
  let text: string | undefined;
  const held = (): Handle => {
    if (freed) throw new PenstockError('internal', 'a LightGBM model was used after it had been freed');
    return booster;
  };
  return {
    columns,
    predict(values, rows, kind = 'score') {
      if (values.length !== rows * columns) {
        throw new PenstockError('learning/invalid-data', `${values.length} values were given for ${rows} rows; the model needs ${columns} per row`);
      }
      return native.predict(library, held(), { values, rows, columns }, kind, iterations, threads);
    },
    get dump() {
      return (dump ??= native.modelDump(library, held(), iterations));
    },
    get importance() {
      return native.importance(library, held(), iterations);
    },
    get modelText() {
      return (text ??= native.modelText(library, held(), iterations));
    },
    free() {
      if (freed) return;
      freed = true;
      release();
    },
  };
}

/** Turns the library's refusals into errors of ours; other errors pass. */
export function explainRefusal(error: unknown, code: 'learning/invalid-parameter' | 'learning/invalid-data' | 'learning/bundle'): unknown {
  if (error instanceof LightgbmRefusal && error.message.includes('bad_alloc')) {
    return new PenstockError('stage/out-of-memory', `LightGBM: ${error.message}: there was no more memory; fewer num_leaves or max_bin, a smaller histogram_pool_size or fewer rows need less`, {}, { cause: error });
  }
  if (!(error instanceof LightgbmRefusal)) return error;
  // Failed checks name a line of LightGBM's own source, which helps nobody here.
  const message = error.message.replace(/ at \S+, line \d+ *\.?/, '').trim();
  return new PenstockError(code, `LightGBM: ${message}`, {}, { cause: error });
}
