import { locationValue } from './catalogLine.js';
import type { Genkey } from './genkeyFile.js';
import { flowPathOf, placeInPipe, placeOf, type LineGeometry } from './lineGeometry.js';
import { sameLabel, textOf } from './readGenkey.js';
import type { TplVariable } from './tplFile.js';

/** Keys under which a device stands in a trend file, and its keyword in the input file. */
const devices: readonly (readonly [string, RegExp])[] = [
  ['LEAK', /^LEAK$/], ['CHOKE', /^VALVE$/], ['PUMP', /PUMP/], ['SOURCE', /^SOURCE$/], ['CHECKVALVE', /^CHECKVALVE$/],
];

/**
 * Metres along the flow path from its inlet at which a variable is taken, or undefined where that is not known: a
 * POSITION of the input file, the metres in an automatic name (`POS-19M`, `LINE@19M`), a pipe and section, or a device.
 */
export function variablePosition(variable: TplVariable, geometry?: LineGeometry, genkey?: Genkey): number | undefined {
  const label = locationValue(variable, 'POSITION');
  if (label !== undefined) {
    const known = geometry?.flowPaths.map((path) => path.positions.get(label.toUpperCase())).find((metres) => metres !== undefined);
    return known ?? metresInName(label);
  }
  if (geometry === undefined || genkey === undefined) return undefined;
  const pipeLabel = locationValue(variable, 'PIPE');
  const nr = Number(locationValue(variable, 'NR') ?? NaN);
  if (pipeLabel !== undefined && variable.location.flag !== undefined) {
    const path = geometry.flowPaths.find((candidate) => sameLabel(candidate.name, locationValue(variable, 'BRANCH')));
    const pipe = path?.pipes.find((candidate) => sameLabel(candidate.label, pipeLabel));
    return pipe && placeInPipe(pipe, nr, variable.location.flag)?.position;
  }
  for (const [key, keyword] of devices) {
    const name = locationValue(variable, key);
    if (name === undefined) continue;
    const statement = genkey.statements.find((candidate) => keyword.test(candidate.keyword) && sameLabel(textOf(candidate, 'LABEL'), name));
    const path = statement && flowPathOf(geometry.flowPaths, statement);
    return statement && path && placeOf(path, statement, [])?.position;
  }
  return undefined;
}

function metresInName(label: string): number | undefined {
  const metres = /(?:^POS-|@)(\d+(?:\.\d+)?)M$/i.exec(label)?.[1];
  return metres === undefined ? undefined : Number(metres);
}
