import { PenstockError } from '../errors/index.js';
import type { LineGeometry } from './lineGeometry.js';
import { sameLabel } from './readGenkey.js';
import type { TplSketch, Warning } from './tplFile.js';

/**
 * Compares the line of the trend file with that of the input file, flow path by flow path. One difference in number of
 * sections or length (1 m or 0.1 %) is a warning; both at once mean another run: `olga/pairing`.
 */
export function checkPairing(tpl: TplSketch, geometry: LineGeometry, names: { tpl: string; genkey: string }, warnings: Warning[]): void {
  const branches = tpl.geometry.branches.filter((branch) => branch.kind === 'BRANCH');
  if (tpl.geometry.unit.toUpperCase() !== 'M') return;
  for (const branch of branches) {
    const path = geometry.flowPaths.find((candidate) => sameLabel(candidate.name, branch.name) || sameLabel(candidate.tag, branch.name))
      ?? (branches.length === 1 && geometry.flowPaths.length === 1 ? geometry.flowPaths[0] : undefined);
    if (path === undefined) {
      warnings.push({ code: 'pairing', message: `${names.genkey} has no flow path ${JSON.stringify(branch.name)}` });
      continue;
    }
    const sections = branch.x.length - 1;
    const length = branch.x.at(-1)! - branch.x[0]!;
    const otherCount = sections !== path.sections;
    const otherLength = Math.abs(length - path.length) > Math.max(1, 1e-3 * length);
    if (!otherCount && !otherLength) continue;
    const message = `${names.tpl} has ${sections} sections and ${length.toFixed(2)} m in ${branch.name}, ${names.genkey} has ${path.sections} and ${path.length.toFixed(2)} m`;
    if (otherCount && otherLength) throw new PenstockError('olga/pairing', message, { file: names.tpl });
    warnings.push({ code: 'pairing', message });
  }
}
