import type { Column, Table } from '../table/table.js';
import type { PplFile, PplVariable } from './pplFile.js';

/**
 * Profiles in long form, one row per step, variable and place: `time` (s, clock), `branch`, `variable` (the name, such
 * as PT), `flag` (SECTION or BOUNDARY), `x` (m along the branch), `value`, `unit`. Rows go by step, then variable, then
 * place. Metadata: `penstock.profile` is a JSON text with olgaVersion, steps and variables.
 */
export function pplTable(ppl: PplFile, select: (variable: PplVariable) => boolean = () => true): Table {
  const chosen = ppl.variables.flatMap((variable, at) => (select(variable) ? [{ variable, profile: ppl.profiles[at]! }] : []));
  const perStep = chosen.reduce((sum, { variable }) => sum + variable.size, 0);
  const rows = perStep * ppl.steps;
  const time = new Float64Array(rows);
  const x = new Float64Array(rows);
  const value = new Float64Array(rows);
  const texts: Record<'branch' | 'variable' | 'flag' | 'unit', string[]> = { branch: [], variable: [], flag: [], unit: [] };
  let row = 0;
  for (let step = 0; step < ppl.steps; step++) {
    for (const { variable, profile } of chosen) {
      const { size } = variable;
      time.fill(ppl.time.seconds[step]!, row, row + size);
      x.set(variable.x, row);
      value.set(profile.subarray(step * size, (step + 1) * size), row);
      for (let place = 0; place < size; place++) {
        texts.branch.push(variable.branch);
        texts.variable.push(variable.name);
        texts.flag.push(variable.location.flag ?? '');
        texts.unit.push(variable.unit === '-' ? '' : variable.unit);
      }
      row += size;
    }
  }
  const text = (name: keyof typeof texts): Column => ({ name, values: texts[name], unit: '', role: 'id' });
  return {
    rows,
    columns: [
      { name: 'time', values: time, unit: 's', role: 'clock' }, text('branch'), text('variable'), text('flag'),
      { name: 'x', values: x, unit: ppl.geometry.unit.toLowerCase(), role: 'measured' }, { name: 'value', values: value, unit: '', role: 'measured' }, text('unit'),
    ],
    metadata: { 'penstock.profile': JSON.stringify({ olgaVersion: ppl.version, steps: ppl.steps, variables: chosen.map(({ variable }) => variable.key) }) },
  };
}
