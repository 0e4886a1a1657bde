import { PenstockError } from '../../errors/index.js';
import type { LdsBayesianConfig } from '../../pipelines/index.js';
import type { StageContext } from '../stage.js';
import { bestOn, calibrate, defaultFilter, goalOf, type CalibrationCase, type CalibrationRules, type CalibrationTrial, type FilterParams } from './calibrate.js';
import type { FusionSource } from './sources.js';
import { readTrials, writeTrial } from './trialFiles.js';

export interface Settled {
  readonly params: FilterParams;
  readonly byFold: readonly FilterParams[];
  readonly trials: readonly CalibrationTrial[];
  /** Settings that a case is judged by: those that are best on the other folds. */
  of(place: number): FilterParams;
}

/** Settings of the filter: given, read from a file, or searched. */
export async function settle(
  context: StageContext, config: LdsBayesianConfig, { bestParams }: FusionSource, cases: readonly CalibrationCase[], rules: CalibrationRules, folds: readonly number[],
): Promise<Settled> {
  const given = { ...(bestParams && await readBestParams(context, bestParams.uri)), ...givenOf(config) };
  const search = config.calibration;
  const every = [...new Set(folds)].sort((a, b) => a - b);
  if (bestParams || search === null) {
    const params = { ...defaultFilter, ...given };
    const held = { ...params, theta_off: Math.min(params.theta_off, params.theta_on) };
    return { params: held, byFold: every.map(() => held), trials: [], of: () => held };
  }
  const { output_folder: folder } = config;
  let best = -Infinity;
  const trials = await calibrate(cases, rules, given, search, await readTrials(context, folder), async (trial) => {
    context.signal.throwIfAborted();
    best = Math.max(best, trial.value);
    context.progress({ done: trial.number + 1, total: search.n_trials, unit: 'trials', detail: `trial ${trial.number}: ${trial.value.toPrecision(4)}, best of this attempt ${best.toPrecision(4)}` });
    await writeTrial(context, folder, trial);
  });
  const goal = goalOf(search);
  const byFold = new Map(every.map((fold) => [fold, bestOn(trials, goal, (place) => folds[place] !== fold).params] as const));
  return { params: bestOn(trials, goal, () => true).params, byFold: [...byFold.values()], trials, of: (place) => byFold.get(folds[place]!)! };
}

function givenOf({ filter }: LdsBayesianConfig): Partial<FilterParams> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

async function readBestParams(context: StageContext, uri: string): Promise<Partial<FilterParams>> {
  const found = JSON.parse(new TextDecoder().decode(await context.storage.read(uri))) as { params?: Readonly<Record<string, unknown>> } | null;
  if (typeof found?.params !== 'object') throw new PenstockError('fusion/invalid', 'best_params_file must be a JSON object with the member "params"', { file: uri, key: 'best_params_file' });
  const checked: Partial<Record<string, number>> = {};
  for (const [name, value] of Object.entries(found.params)) {
    const fits = allowed[name as keyof FilterParams];
    if (typeof value !== 'number' || !fits?.(value)) {
      throw new PenstockError('fusion/invalid', `params.${name} is ${JSON.stringify(value)}; ${Object.keys(allowed).join(', ')} are known, probabilities above 0 and below 1, the others above 0`, { file: uri, key: 'best_params_file' });
    }
    checked[name] = value;
  }
  return checked;
}

const isProbability = (value: number): boolean => value > 0 && value < 1;
const isPositive = (value: number): boolean => value > 0 && Number.isFinite(value);

const allowed: { readonly [Key in keyof FilterParams]: (value: number) => boolean } = {
  onset_hazard: isProbability, end_hazard: isProbability, weight: isPositive, log_ratio_limit: isPositive, theta_on: isProbability, theta_off: isProbability,
  persistence: (value) => Number.isInteger(value) && value >= 1,
};
