import { closest, distance } from 'fastest-levenshtein';
import { PenstockError } from '../../errors/index.js';
import type { LabelKind } from './matrix.js';
import { parameterNames, parameterTable, type ParameterName } from './parameterTable.js';

/** One parameter's value; lists become comma-separated. */
export type ParameterValue = number | string | boolean | readonly (number | string)[];

/** LightGBM's parameters under their own names or any of their aliases, as a person writes them. */
export type LightgbmParams = Readonly<Record<string, ParameterValue>>;

/** The same under LightGBM's own names only, each known. */
export type ResolvedParams = Readonly<Partial<Record<ParameterName, ParameterValue>>>;

/** Parameters that would read or write files, reach other machines, or mean something the training job already says. */
const refused: Partial<Record<ParameterName, string>> = {
  ...Object.fromEntries(
    ['data', 'valid', 'input_model', 'output_model', 'output_result', 'config', 'convert_model', 'convert_model_language', 'task',
      'forcedsplits_filename', 'forcedbins_filename', 'parser_config_file', 'snapshot_freq', 'save_binary', 'header', 'label_column',
      'weight_column', 'group_column', 'ignore_column', 'two_round', 'pre_partition']
      .map((name) => [name, 'it concerns files of the LightGBM command line, which are not used here']),
  ),
  ...Object.fromEntries(
    ['num_machines', 'machines', 'machine_list_filename', 'local_listen_port', 'time_out']
      .map((name) => [name, 'training runs on one machine']),
  ),
  linear_tree: 'trees with linear leaves cannot be exported to ONNX',
};

/**
 * Resolves aliases and checks the names, without the library. Values are checked by LightGBM itself when training starts.
 *
 * Throws `learning/invalid-parameter` with the nearest right name for an unknown one, for two spellings of one parameter with
 * different values, and for parameters that a training job may not set.
 */
export function resolveParameters(params: LightgbmParams): ResolvedParams {
  const resolved: Partial<Record<ParameterName, ParameterValue>> = {};
  const spelling = new Map<ParameterName, string>();
  for (const [key, value] of Object.entries(params)) {
    const name = parameterNames.get(key);
    if (name === undefined) throw unknownName(key);
    const why = refused[name];
    if (why !== undefined) throw invalid(key, `the LightGBM parameter "${key}" cannot be set: ${why}`);
    checkValue(key, value);
    const before = spelling.get(name);
    if (before !== undefined && parameterText(resolved[name]!) !== parameterText(value)) {
      throw invalid(key, `"${before}" and "${key}" are the same LightGBM parameter but have different values`);
    }
    spelling.set(name, key);
    resolved[name] = value;
  }
  return resolved;
}

function unknownName(key: string): PenstockError {
  const nearest = closest(key, [...parameterNames.keys()]);
  const near = distance(key, nearest) <= Math.max(2, key.length / 3);
  const own = parameterNames.get(nearest);
  const hint = near ? `; did you mean "${nearest}"${own === nearest ? '' : ` (an alias of "${own}")`}?` : '';
  return invalid(key, `LightGBM has no parameter "${key}"${hint || `; it knows ${Object.keys(parameterTable).length} parameters`}`);
}

function checkValue(key: string, value: ParameterValue): void {
  for (const part of Array.isArray(value) ? value : [value]) {
    if (typeof part === 'number' && !Number.isFinite(part)) throw invalid(key, `the LightGBM parameter "${key}" is ${part}; a finite number is needed`);
    // Parameters reach the library as one text of name=value pairs.
    if (typeof part === 'string' && /[\s=#]/.test(part)) throw invalid(key, `the LightGBM parameter "${key}" contains a space, "=" or "#"`);
    if (!['number', 'string', 'boolean'].includes(typeof part)) {
      throw invalid(key, `the LightGBM parameter "${key}" is ${typeof part}; a number, a text, true, false or a list is needed`);
    }
  }
}

/**
 * Takes the number of rounds and the early stopping out of `params` (people write `n_estimators` among them), because a
 * training job names them apart.
 */
export function separateRounds(params: LightgbmParams): { params: ResolvedParams; rounds?: number; earlyStoppingRounds?: number } {
  const { num_iterations: rounds, early_stopping_round: early, ...rest } = resolveParameters(params);
  return {
    params: rest,
    ...(rounds === undefined ? {} : { rounds: wholeNumber('num_iterations', rounds) }),
    ...(early === undefined || wholeNumber('early_stopping_round', early) === 0
      ? {}
      : { earlyStoppingRounds: wholeNumber('early_stopping_round', early) }),
  };
}

function wholeNumber(key: ParameterName, value: ParameterValue): number {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0) return number;
  throw invalid(key, `the LightGBM parameter "${key}" is ${parameterText(value)}; a whole number, 0 or more, is needed`);
}

/**
 * What a job trains with: the given parameters, and those that make the result the same every time. One thread by default,
 * since sums differ in their last digits between numbers of threads; histograms bounded to 1 GiB, since they are not by default.
 */
export function trainingParameters(params: LightgbmParams): ResolvedParams {
  const resolved = resolveParameters(params);
  for (const name of ['num_iterations', 'early_stopping_round', 'early_stopping_min_delta'] as const) {
    if (resolved[name] !== undefined) throw invalid(name, `"${name}" belongs to the training job ("rounds", "earlyStopping"), not to its parameters`);
  }
  if (resolved.deterministic !== undefined && String(resolved.deterministic) !== 'true') {
    throw invalid('deterministic', '"deterministic" cannot be switched off: the same data must give the same model');
  }
  // Without one of the two LightGBM times both layouts and picks one, which may differ from run to run.
  const layout = String(resolved.force_row_wise) === 'true' ? {} : { force_col_wise: true };
  const threads = Number(resolved.num_threads ?? 1);
  if (!(Number.isInteger(threads) && threads >= 1)) throw invalid('num_threads', `num_threads is ${String(resolved.num_threads)}; a whole number, 1 or more, is needed`);
  return { num_threads: 1, seed: 0, histogram_pool_size: 1024, ...resolved, ...layout, deterministic: true, verbosity: -1 };
}

/** `name=value` pairs in a fixed order, since they are written into the model. */
export function parameterString(params: ResolvedParams): string {
  return Object.entries(params)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${parameterText(value)}`)
    .join(' ');
}

function parameterText(value: ParameterValue): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** What labels the objective allows. Objectives that need groups of rows are refused. */
export function labelsOf(params: ResolvedParams): LabelKind {
  const objective = String(params.objective ?? 'regression');
  if (objective === 'binary') return { kind: 'binary' };
  if (['multiclass', 'softmax', 'multiclassova', 'multiclass_ova', 'ova', 'ovr'].includes(objective)) {
    return { kind: 'classes', classes: wholeNumber('num_class', params.num_class ?? 1) };
  }
  if (['lambdarank', 'rank_xendcg', 'xendcg', 'xe_ndcg', 'xe_ndcg_mart', 'xendcg_mart', 'custom', 'none', 'null', 'na'].includes(objective)) {
    throw invalid('objective', `the objective "${objective}" cannot be trained here; use binary, multiclass, regression or another pointwise one`);
  }
  return { kind: 'number' };
}

function invalid(key: string, message: string): PenstockError {
  return new PenstockError('learning/invalid-parameter', message, { key });
}
