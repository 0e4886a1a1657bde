import { PenstockError } from '../../errors/index.js';
import type { StudyDirection, StudyParams, StudyWish, Suggested, TrialRow } from '../../pipelines/index.js';
import { contains, isActive, isExhausted, nextStep, parameterOrder, suggest, type SearchSpace } from '../../tuning/index.js';
import type { OpenStudy } from './store.js';
import { samplerOf, spaceOf, steps, stepwiseDefaults, trialsOf } from './table.js';

/** The values of one trial: a pure function of the configuration, the table and the trial's number. */
export function suggestionFor(
  { config }: Pick<OpenStudy, 'config'>,
  { number, rows, parameters, direction, wish }: { number: number; rows: readonly TrialRow[]; parameters: readonly string[]; direction: StudyDirection; wish?: StudyWish | undefined },
): Suggested {
  const space = spaceOf(config);
  if (wish) return { kind: 'values', params: completed(wish.params, space, { seed: config.random_state, number, direction }) };
  const trials = trialsOf(rows, parameters);
  if (config.sampler === 'stepwise') {
    const next = nextStep(steps, trials, { seed: config.random_state, number, direction }, stepwiseDefaults);
    return next.kind === 'trial' ? { kind: 'values', params: next.params, step: next.step } : { kind: next.kind === 'wait' ? 'wait' : 'exhausted' };
  }
  const sampler = samplerOf(config);
  if (isExhausted(sampler, space, trials)) return { kind: 'exhausted' };
  return { kind: 'values', params: suggest(sampler, space, trials, { seed: config.random_state, number, direction }) };
}

/** Values that somebody has chosen; those left out are drawn at random. */
function completed(fixed: StudyParams, space: SearchSpace, options: { seed: number; number: number; direction: StudyDirection }): StudyParams {
  checkFixed(fixed, space);
  // Conditions are looked at afterwards, when all values are known.
  const free: SearchSpace = Object.fromEntries(Object.entries(space).filter(([name]) => !(name in fixed)).map(([name, parameter]) => [name, { ...parameter, when: undefined }]));
  const drawn = Object.keys(free).length > 0 ? suggest({ type: 'random' }, free, [], options) : {};
  const params: Record<string, StudyParams[string]> = {};
  for (const name of parameterOrder(space)) {
    if (isActive(space[name]!, params)) params[name] = name in fixed ? fixed[name]! : drawn[name]!;
  }
  return params;
}

/** Throws `config/invalid` where the values are not of the space. */
export function checkFixed(fixed: StudyParams, space: SearchSpace): void {
  const problems = Object.entries(fixed).flatMap(([name, value]) => {
    const parameter = Object.hasOwn(space, name) ? space[name] : undefined;
    if (!parameter) return [`${name} is no parameter of the search space; there are ${Object.keys(space).sort().join(', ')}`];
    if (contains(parameter, value)) return [];
    const { when: _, ...allowed } = parameter;
    return [`${name} is ${JSON.stringify(value)}; allowed is ${JSON.stringify(allowed)}`];
  });
  if (problems.length > 0) throw new PenstockError('config/invalid', problems.join('; '), { key: 'search_space' });
}
