import type { FusionModel } from '../../fusion/index.js';
import { inferenceBytes, inferenceFile, readBundle, withManifest, type Bundle, type BundleFile, type BundleSignal, type BundleSource, type InferenceConfig } from '../../learning/index.js';
import type { SignalDescription } from '../../signal/index.js';
import { jsonBytes } from '../files.js';
import { lineSignals } from '../scoreSeries.js';
import { preparationFile, type Preparation } from '../training/bundleOf.js';
import { fusionFile, memberPath, type FusionFile, type LineFit } from './fusedBundle.js';
import { sensorsOf } from './lineSensors.js';

/** The bundle of a detector that takes part, with its files. */
export interface Member {
  readonly name: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly bundle: Bundle;
  readonly preparation: Preparation;
}

/** Throws `learning/bundle` where the bundle is not whole. */
export function openMember(name: string, files: ReadonlyMap<string, Uint8Array>): Member {
  const bundle = readBundle(files);
  return { name, files, bundle, preparation: JSON.parse(new TextDecoder().decode(bundle.extra.get(preparationFile))) as Preparation };
}

/** The files of a fused bundle. The first member is always in it, because it gives the windows. */
export function fusedBundle(of: {
  members: readonly Member[]; model: FusionModel; line: LineFit | null; signals: readonly SignalDescription[]; configHash: string; provenance: Readonly<Record<string, unknown>>;
}): BundleFile[] {
  const { members, model, line } = of;
  const first = members[0]!;
  const used = new Set(line?.names.flatMap((name) => {
    const found = sensorsOf(name, line.sensors);
    return 'missing' in found ? [] : found;
  }));
  const own = of.signals.filter(({ name }) => used.has(name));
  const fusion: FusionFile = {
    members: members.map(({ name, bundle }) => ({ name, sha256: bundle.sha256 })), windows: { ...first.preparation.windows, selected_columns: [] },
    signals: uniqueByName([...members.flatMap(({ preparation }) => lineSignals(preparation)), ...own]), line, model, provenance: of.provenance,
  };
  const inference: InferenceConfig = {
    ...first.bundle.inference, task: 'detection', target: 'leak', learner: 'fusion', threshold: model.settings.decision.on, threshold_strategy: 'fusion',
    wavelet: null, wavelet_level: null, feature_groups: [],
    signals: uniqueByName<BundleSignal>([...members.flatMap(({ bundle }) => bundle.inference.signals), ...own.map(({ name, unit }): BundleSignal => ({ name, unit, role: 'measured' }))]),
  };
  return withManifest([
    { path: fusionFile, bytes: jsonBytes(fusion) }, { path: inferenceFile, bytes: inferenceBytes(inference) },
    ...members.flatMap(({ name, files }) => [...files].map(([path, bytes]): BundleFile => ({ path: `${memberPath(name)}${path}`, bytes }))),
  ], { source: sourceOf(members), configHash: of.configHash, versions: first.bundle.manifest.versions });
}

/** Whatever learned from the simulator makes the whole a matter of the simulator. */
function sourceOf(members: readonly Member[]): BundleSource {
  const sources = members.map(({ bundle }) => bundle.manifest.source);
  return sources.includes('simulation') ? 'simulation' : sources.includes('unknown') ? 'unknown' : 'recorded';
}

function uniqueByName<T extends { readonly name: string }>(values: readonly T[]): T[] {
  return values.filter(({ name }, at) => values.findIndex((other) => other.name === name) === at);
}
