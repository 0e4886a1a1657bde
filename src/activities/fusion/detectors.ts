import { PenstockError } from '../../errors/index.js';
import { groupBySensors, lineDetectorNames, type DetectorGroup, type FusedDetector, type LineDetectorName } from '../../fusion/index.js';
import type { LdsBayesianConfig } from '../../pipelines/index.js';
import { sensorsOf, type LineSensors } from './lineSensors.js';

/** What takes part in the fusion, and what does not. */
export interface Chosen {
  readonly members: readonly string[];
  readonly line: readonly LineDetectorName[];
  readonly groups: readonly DetectorGroup[];
  readonly leftOut: readonly { readonly detector: string; readonly reason: string }[];
}

interface Candidate extends FusedDetector {
  readonly sensors: readonly string[];
}

/** Detectors that are asked for and that the signals allow, in groups. Throws `fusion/invalid` where something is asked for that cannot be. */
export function chooseDetectors(config: LdsBayesianConfig, members: readonly { readonly name: string; readonly sensors: readonly string[] }[], sensors: LineSensors): Chosen {
  const names = [...members.map(({ name }) => name), ...lineDetectorNames];
  const reserved = [...lineDetectorNames, 'clock_only', 'imbalance'];
  const taken = members.find(({ name }) => (reserved as readonly string[]).includes(name));
  if (taken) throw invalid('bundles', `a bundle is named ${taken.name}, which is the name of another detector; ${reserved.join(', ')} are taken`);
  for (const name of config.detectors) checkName(name, names, 'detectors');

  const asked = (name: string): boolean => config.detectors.length === 0 || config.detectors.includes(name);
  const leftOut: { detector: string; reason: string }[] = names.filter((name) => !asked(name)).map((detector) => ({ detector, reason: 'not asked for' }));
  const candidates: Candidate[] = members.filter(({ name }) => asked(name)).map(({ name, sensors: own }) => ({ name, kind: 'probability', sensors: own }));
  const line: LineDetectorName[] = [];
  for (const name of lineDetectorNames.filter(asked)) {
    const found = sensorsOf(name, sensors);
    if ('missing' in found) {
      if (config.detectors.length > 0) throw invalid('detectors', `${name} cannot work here: ${found.missing}`);
      leftOut.push({ detector: name, reason: found.missing });
      continue;
    }
    line.push(name);
    candidates.push({ name, kind: 'statistic', sensors: found });
  }
  return { members: candidates.filter(({ kind }) => kind === 'probability').map(({ name }) => name), line, leftOut, groups: groupsOf(config, candidates) };
}

function groupsOf({ groups }: LdsBayesianConfig, candidates: readonly Candidate[]): DetectorGroup[] {
  if (groups.length === 0) return groupBySensors(candidates);
  const names = candidates.map(({ name }) => name);
  const grouped = groups.flatMap(({ detectors }) => detectors);
  for (const name of grouped) checkName(name, names, 'groups');
  const twice = grouped.find((name, at) => grouped.indexOf(name) !== at);
  if (twice !== undefined) throw invalid('groups', `${twice} is in two groups; its evidence would count twice`);
  const missing = names.find((name) => !grouped.includes(name));
  if (missing !== undefined) throw invalid('groups', `${missing} is in no group; put it in one, or leave it out of detectors`);
  return groups.map(({ name, detectors }) => ({
    name, detectors: detectors.map((detector): FusedDetector => ({ name: detector, kind: candidates.find((one) => one.name === detector)!.kind })),
  }));
}

function checkName(name: string, known: readonly string[], key: string): void {
  if (!known.includes(name)) throw invalid(key, `${key} names ${name}, which is no detector here; there are ${known.join(', ')}`);
}

function invalid(key: string, message: string): PenstockError {
  return new PenstockError('fusion/invalid', message, { key });
}
