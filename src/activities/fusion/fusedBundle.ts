import type { FusionModel, LineDetectorName, LineDetectors } from '../../fusion/index.js';
import type { SignalDescription } from '../../signal/index.js';
import type { WindowSettings } from '../cutWindows.js';
import type { LineSensors } from './lineSensors.js';

/** What makes a folder a fused bundle; the bundles it fuses lie beside it under `members/NAME/`. */
export const fusionFile = 'fusion.json';

/** `fusion.json`: everything between the scores of the members and a fused probability. Keys as in the file. */
export interface FusionFile {
  /** The windows of the first are those of the fusion, its clock baseline is the fusion's. */
  readonly members: readonly { readonly name: string; readonly sha256: string }[];
  readonly windows: WindowSettings;
  /** The signals that any member or line detector looks at. */
  readonly signals: readonly SignalDescription[];
  /** Null where no line detector takes part. */
  readonly line: LineFit | null;
  readonly model: FusionModel;
  readonly provenance: Readonly<Record<string, unknown>>;
}

/** Detectors of the line that take part, what they look at, and what they have learnt. */
export interface LineFit {
  readonly names: readonly LineDetectorName[];
  readonly sensors: LineSensors;
  readonly fitted: LineDetectors;
}

/** Where a member lies in the bundle. */
export function memberPath(name: string): string {
  return `members/${name}/`;
}
