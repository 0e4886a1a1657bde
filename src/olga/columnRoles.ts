import { locationValue } from './catalogLine.js';
import { leakControllers } from './connections.js';
import type { Genkey } from './genkeyFile.js';
import { agreement, noFlow, recordedLeaks } from './leakFlow.js';
import { textOf } from './readGenkey.js';
import { unrecordedSources } from './sourceLeaks.js';
import type { Role } from '../table/table.js';
import type { Numbers } from './packedColumn.js';
import type { TplSketch } from './tplFile.js';

/** Outputs that exist only at leak objects, whatever address a file gives them. */
const leakOutputs = /LEAK|^ACMLK$|^PTLKUP$|LKEX$|^Q[A-Z]+LK$/;

const operationalOutputs = /^(PUMPSPEED|VALVOP|VALV[A-Z]*|CONTR)$/;

/**
 * The role of every variable of `tpl.variables`, in their order.
 *
 * - `truth`: all that is recorded at a LEAK object, or at a SOURCE used as leak; the controllers wired to either. Without an
 *   input file, a controller that is on when a leak flows and off when not in at least 99 % of the rows (where no leak
 *   flows, that is a controller that is never on: dropping a constant costs nothing, an unseen leak switch would).
 * - `clock`: everything GLOBAL, such as HT and VOLGBL. Time step and volume error belong to the solver: no line has an
 *   instrument for them, and the step shrinks when a leak opens.
 * - `operational`: PUMPSPEED, VALVOP and other VALV*, the other controllers.
 * - `measured`: the rest.
 */
export function columnRoles(tpl: TplSketch, genkey?: Genkey): Role[] {
  const recorded = recordedLeaks(tpl);
  const flows = recorded.flatMap((leak) => leak.flow ?? []);
  const sources = new Set(recorded.filter((leak) => leak.kind === 'SOURCE').map((leak) => leak.name.toUpperCase()));
  const used = genkey?.statements.filter((statement) => statement.keyword === 'SOURCE' && sources.has((textOf(statement, 'LABEL') ?? '').toUpperCase())) ?? [];
  if (genkey !== undefined && !recorded.some((leak) => leak.kind === 'LEAK')) used.push(...unrecordedSources(tpl, genkey));
  for (const statement of used) sources.add((textOf(statement, 'LABEL') ?? '').toUpperCase());
  const wired = genkey === undefined ? undefined : leakControllers(genkey, used);
  const switching = wired ?? controllersThatFollow(tpl, flows);
  return tpl.variables.map((variable) => {
    const name = variable.name.toUpperCase();
    if (locationValue(variable, 'LEAK') !== undefined || leakOutputs.test(name)) return 'truth';
    const source = locationValue(variable, 'SOURCE');
    if (source !== undefined && sources.has(source.toUpperCase())) return 'truth';
    const controller = locationValue(variable, 'CONTROLLER');
    if (controller !== undefined) return switching.has(controller.toUpperCase()) ? 'truth' : 'operational';
    if (variable.location.global) return 'clock';
    return operationalOutputs.test(name) ? 'operational' : 'measured';
  });
}

function controllersThatFollow(tpl: TplSketch, flows: readonly Numbers[]): Set<string> {
  const following = new Set<string>();
  for (const [at, variable] of tpl.variables.entries()) {
    const controller = locationValue(variable, 'CONTROLLER');
    if (controller === undefined || variable.name.toUpperCase() !== 'CONTR') continue;
    if (flows.some((flow) => agreement(tpl.columns[at]!, flow, noFlow) >= 0.99)) following.add(controller.toUpperCase());
  }
  return following;
}
