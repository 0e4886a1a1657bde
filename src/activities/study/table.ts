import type { OptimizeLgbmConfig, StudyParams, TrialRecord, TrialRow } from '../../pipelines/index.js';
import { lightgbmSteps, type PrunerSettings, type SamplerSettings, type SearchSpace, type Trial } from '../../tuning/index.js';

/** A trial's values as a row holds them: in the order of the parameters, `[]` where one does not exist. */
export function valuesOf(params: StudyParams, parameters: readonly string[]): NonNullable<TrialRow['x']> {
  return parameters.map((name) => params[name] ?? (name in params ? null : []));
}

export function paramsOf(values: NonNullable<TrialRow['x']>, parameters: readonly string[]): StudyParams {
  const params: Record<string, StudyParams[string]> = {};
  for (const [i, value] of values.entries()) if (!Array.isArray(value)) params[parameters[i]!] = value as StudyParams[string];
  return params;
}

/** A row of the workflow's table from what storage knows. */
export function rowOf(record: TrialRecord, parameters: readonly string[]): TrialRow {
  const last = record.reports.at(-1);
  return {
    s: record.state, x: valuesOf(record.params, parameters),
    ...(record.value !== undefined && { v: record.value }),
    ...(last && { l: last.step }),
    ...(record.unknown.length > 0 && { u: record.unknown }),
    ...(record.reason !== undefined && { e: record.reason.slice(0, 200) }),
    ...(record.outside && { o: true as const }),
    ...(record.step !== undefined && { t: record.step }),
    ...(record.wish !== undefined && { w: record.wish }),
  };
}

/**
 * The table as samplers see it: of the reports only the last, which is what a pruned trial is ranked by. Trials whose values are not
 * known yet are left out.
 */
export function trialsOf(rows: readonly TrialRow[], parameters: readonly string[]): Trial[] {
  return rows.flatMap((row, number) => (row.x ? [{
    number, state: row.s, params: paramsOf(row.x, parameters),
    ...(row.v !== undefined && { value: row.v }),
    ...(row.t !== undefined && { step: row.t }),
    ...(row.l !== undefined && row.v !== undefined && { reports: [{ step: row.l, value: row.v }] }),
  }] : []));
}

/** The same with all reports, as pruners need them. */
export function trialsWithReports(records: readonly TrialRecord[]): Trial[] {
  return records.map(({ number, state, params, value, reports, step }) => ({ number, state, params, reports, step, ...(value !== undefined && { value }) }));
}

/** The parameters of all trials; a stepwise search has its own. */
export function spaceOf({ search_space: space, sampler }: Pick<OptimizeLgbmConfig, 'search_space' | 'sampler'>): SearchSpace {
  return sampler === 'stepwise' ? stepwiseSpace : space;
}

export const steps = lightgbmSteps();
const stepwiseSpace: SearchSpace = Object.assign({}, ...steps.map((step) => step.space)) as SearchSpace;

/** LightGBM's own values of the parameters that steps vary: what the first step starts from. */
export const stepwiseDefaults: StudyParams = {
  feature_fraction: 1, num_leaves: 31, bagging_fraction: 1, bagging_freq: 0, lambda_l1: 0, lambda_l2: 0, min_child_samples: 20,
};

export function samplerOf({ sampler }: OptimizeLgbmConfig): SamplerSettings {
  return inCamelCase(typeof sampler === 'string' ? { type: sampler } : sampler) as unknown as SamplerSettings;
}

export function prunerOf({ pruner }: OptimizeLgbmConfig): PrunerSettings {
  return inCamelCase(typeof pruner === 'string' ? { type: pruner } : pruner) as unknown as PrunerSettings;
}

/** Settings of a configuration under the names of the code. What stands in `values` are names of parameters. */
function inCamelCase(settings: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]: [string, unknown]) => [
    key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    key !== 'values' && typeof value === 'object' && value !== null && !Array.isArray(value) ? inCamelCase(value) : value,
  ]));
}
