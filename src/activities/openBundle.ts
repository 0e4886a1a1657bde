import { fusionFile } from './fusion/fusedBundle.js';
import { openFusedBundle } from './fusion/openFusedBundle.js';
import { openDetector, openModel, type OpenBundle, type OpenPredictor } from './scoreSeries.js';

/** A detector from the files of its bundle, by their path in it. Throws `learning/bundle` where it is not whole or no detector. */
export function openBundle(files: ReadonlyMap<string, Uint8Array>): Promise<OpenBundle> {
  return files.has(fusionFile) ? openFusedBundle(files) : openDetector(files);
}

/** A bundle of any task. Throws `learning/bundle` where it is not whole. */
export function openPredictor(files: ReadonlyMap<string, Uint8Array>): Promise<OpenPredictor> {
  return files.has(fusionFile) ? openFusedBundle(files) : openModel(files);
}
