import { PenstockError } from '../../errors/index.js';
import type { DetectorGroup, FusionCase, LineDetectorName } from '../../fusion/index.js';
import type { LdsBayesianConfig } from '../../pipelines/index.js';
import { chooseDetectors, type Chosen } from './detectors.js';
import type { LineFit } from './fusedBundle.js';
import { lineOutOfFold } from './lineOutOfFold.js';
import type { ReadCampaign } from './readCases.js';
import type { Member } from './writeFused.js';

export interface DetectorScores {
  readonly chosen: Chosen;
  /** Null where no detector of the line takes part. */
  readonly line: LineFit | null;
  readonly cases: readonly FusionCase[];
}

/** Which detectors take part, and what each says of every window, none of it by what was fitted to that case. */
export function detectorScores(config: LdsBayesianConfig, members: readonly Member[], { cases, sensors }: ReadCampaign): DetectorScores {
  const groups = new Set(cases.map(({ scored }) => scored.group)).size;
  if (groups < config.folds) throw new PenstockError('fusion/invalid', `found ${groups} case groups for ${config.folds} folds; fewer folds or more cases are needed`, { key: 'folds' });
  const chosen = chooseDetectors(config, members.map(({ name, bundle }) => ({ name, sensors: bundle.inference.signals.map((signal) => signal.name) })), sensors);
  const line = lineOutOfFold(cases, chosen.line, sensors, config);
  const scores = cases.map(({ members: own }, i) => ({ ...own, ...line?.scores[i] }));
  const heard = withoutSilent(chosen, scores);
  if (heard.groups.length === 0) throw new PenstockError('fusion/invalid', 'no detector has a score on these cases', { key: 'detectors' });
  return {
    chosen: heard, line: line && heard.line.length > 0 ? { names: heard.line, sensors, fitted: line.fitted } : null,
    cases: cases.map(({ scored, labels }, i) => ({ group: scored.group, labels, scores: scores[i]! })),
  };
}

/** Detectors without any score are left out: the cases are shorter than the time they look back. */
function withoutSilent(chosen: Chosen, scores: readonly Readonly<Record<string, Float64Array>>[]): Chosen {
  const silent = chosen.groups.flatMap(({ detectors }) => detectors).map(({ name }) => name).filter((name) => scores.every((own) => own[name]!.every(Number.isNaN)));
  const isHeard = ({ name }: { readonly name: string }): boolean => !silent.includes(name);
  return {
    members: chosen.members.filter((name) => !silent.includes(name)), line: chosen.line.filter((name: LineDetectorName) => !silent.includes(name)),
    groups: chosen.groups.map((group): DetectorGroup => ({ ...group, detectors: group.detectors.filter(isHeard) })).filter(({ detectors }) => detectors.length > 0),
    leftOut: [...chosen.leftOut, ...silent.map((detector) => ({ detector, reason: 'it has no score on any of these cases' }))],
  };
}

