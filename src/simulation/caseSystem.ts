import type { CaseSpec } from './caseTypes.js';
import type { LineSystem } from './types.js';

/** The line a case is run on: pump at the inlet, control valve at the outlet, one leak. */
export function caseSystem(spec: Pick<CaseSpec, 'line' | 'operating' | 'leak'>): LineSystem {
  const { line, operating, leak } = spec;
  const { frictionFactor } = operating;
  return {
    fluid: line.fluid,
    pipes: frictionFactor === undefined ? line.pipes : line.pipes.map((pipe) => ({ ...pipe, friction: { factor: frictionFactor } })),
    startElevation: line.startElevation,
    inlet: { kind: 'pump', suctionPressure: operating.suctionPressure, pump: line.pump, speed: operating.pumpSpeed },
    outlet: { kind: 'valve', pressure: operating.outletPressure, valve: line.outletValve, opening: operating.valveOpening },
    leaks: [leak],
    ...(operating.batches !== undefined && { batches: operating.batches }),
  };
}
