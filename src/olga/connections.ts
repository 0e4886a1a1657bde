import type { Genkey, GenkeyStatement } from './genkeyFile.js';
import { sameLabel, textOf } from './readGenkey.js';

/** A signal wire: the output of a controller drives a device or another controller. */
export interface Wire {
  readonly from: string;
  readonly to: string;
  /** Label of the driven device; empty where the component itself is driven. */
  readonly device: string;
  /** VALVESIG, SPEEDSIG, RECYCLESIG, PRESSURESIG ... */
  readonly signal: string;
  readonly line: number;
}

/** The signal wires among the CONNECTION statements; their two terminals stand in either order. */
export function signalWires(genkey: Genkey): Wire[] {
  const wires: Wire[] = [];
  for (const statement of genkey.statements) {
    if (statement.keyword !== 'CONNECTION') continue;
    const ends = (statement.assignments.get('TERMINALS')?.items ?? []).map((item) => ({ tag: item.text, terminal: item.rest[0] ?? '' }));
    const source = ends.find((end) => /^CONTR_\d+$/i.test(end.terminal));
    const target = ends.find((end) => end !== source);
    if (source === undefined || target === undefined) continue;
    const at = target.terminal.lastIndexOf('@');
    wires.push({
      from: source.tag, to: target.tag, device: at < 0 ? '' : target.terminal.slice(0, at),
      signal: target.terminal.slice(at + 1).toUpperCase(), line: statement.line,
    });
  }
  return wires;
}

/** The controller that drives the opening of a device, if one does. */
export function openingWire(genkey: Genkey, flowPathTag: string, label: string): Wire | undefined {
  return signalWires(genkey).find((wire) => wire.signal === 'VALVESIG' && sameLabel(wire.to, flowPathTag) && sameLabel(wire.device, label));
}

/** The PARAMETERS statement of a component. */
export function parametersOf(genkey: Genkey, tag: string): GenkeyStatement | undefined {
  return genkey.statements.find((statement) => statement.keyword === 'PARAMETERS' && sameLabel(statement.component?.tag, tag));
}

/** Labels of all controllers that drive a leak, or a source of these that is one, directly or through other controllers; in upper case. */
export function leakControllers(genkey: Genkey, sources: readonly GenkeyStatement[] = []): Set<string> {
  const wires = signalWires(genkey);
  const leaks = [...genkey.statements.filter((statement) => statement.keyword === 'LEAK'), ...sources];
  const drivesLeak = (to: string, device: string): boolean =>
    leaks.some((leak) => sameLabel(leak.component?.tag, to) && sameLabel(textOf(leak, 'LABEL'), device));
  const tags = new Set(wires.filter((wire) => drivesLeak(wire.to, wire.device)).map((wire) => wire.from.toUpperCase()));
  for (let before = -1; before !== tags.size;) {
    before = tags.size;
    for (const wire of wires) if (wire.device === '' && tags.has(wire.to.toUpperCase())) tags.add(wire.from.toUpperCase());
  }
  const labels = [...tags].map((tag) => (parametersOf(genkey, tag) && textOf(parametersOf(genkey, tag)!, 'LABEL')) ?? tag);
  return new Set(labels.map((label) => label.toUpperCase()));
}
