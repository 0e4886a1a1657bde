import type { PplFile } from '../olga/index.js';
import { printJson } from './output.js';

/** What a profile file holds: steps, branches, and the variables with the range of their values. */
export function inspectProfile(file: string, ppl: PplFile, json: boolean): void {
  const description = {
    file, kind: ppl.kind, steps: ppl.steps, truncated: ppl.truncated,
    time: { unit: ppl.time.unit, first: ppl.time.seconds[0] ?? null, last: ppl.time.seconds.at(-1) ?? null },
    branches: ppl.geometry.branches.map(({ kind, name, x }) => ({ kind, name, sections: x.length - 1, length: x.at(-1)! - x[0]! })),
    variables: ppl.variables.map((variable, at) => {
      const { index, name, key, unit, description: text, branch, size } = variable;
      const [least, most] = range(ppl.profiles[at]!);
      return { index, name, key, unit, description: text, branch, at: variable.location.flag ?? null, places: size, least, most };
    }),
    warnings: ppl.warnings,
  };
  if (json) {
    printJson(description);
    return;
  }
  process.stdout.write(`${[
    `${file}: profile, ${ppl.steps} steps, ${ppl.variables.length} variables, time ${description.time.first} to ${description.time.last} s`,
    ...description.branches.map((branch) => `  ${branch.kind} ${branch.name}: ${branch.sections} sections, ${branch.length} ${ppl.geometry.unit}`),
    '',
    ...description.variables.map((v) => `  ${String(v.index).padStart(4)}  ${v.key.padEnd(36)} ${v.unit.padEnd(8)} ${String(v.places).padStart(6)} places  ${v.least} to ${v.most}  ${v.description}`),
    ...ppl.warnings.map((w) => `warning ${w.code}${w.line ? ` (line ${w.line})` : ''}: ${w.message}`),
  ].join('\n')}\n`);
}

function range(values: Float64Array): [number | null, number | null] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least > most ? [null, null] : [least, most];
}
