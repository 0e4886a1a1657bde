import { createHash } from 'node:crypto';
import { bundleFormat, inferenceFile, manifestFile, type BundleFile, type BundleManifest, type BundleParts, type InferenceConfig } from './bundle.js';
import { bundleError, checkFeatures, checkInference } from './checkContent.js';

/**
 * The files of a bundle's folder, the manifest last. The same parts give the same bytes.
 *
 * Throws `learning/bundle` when the parts would not be readable again.
 */
export function writeBundle(parts: BundleParts): BundleFile[] {
  checkFeatures(parts.features);
  const files: BundleFile[] = [
    { path: 'model.onnx', bytes: parts.onnx },
    { path: 'model.txt', bytes: Buffer.from(parts.modelText, 'utf8') },
    { path: 'features_schema.json', bytes: json(parts.features.map(({ name, dtype, role }) => ({ name, dtype, role }))) },
    { path: inferenceFile, bytes: inferenceBytes(parts.inference) },
    ...[...(parts.extra ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1)),
  ];
  return withManifest(files, parts);
}

/** inference_config.json, checked. */
export function inferenceBytes(inference: InferenceConfig): Uint8Array {
  checkInference(inference);
  return json(inference);
}

/** The files with a manifest of their hashes behind them. Throws `learning/bundle` for paths that cannot be. */
export function withManifest(files: readonly BundleFile[], about: Pick<BundleParts, 'source' | 'configHash' | 'versions'>): BundleFile[] {
  checkPaths(files);
  const manifest: BundleManifest = {
    format: bundleFormat,
    source: about.source,
    config_hash: about.configHash,
    versions: about.versions,
    files: Object.fromEntries(files.map(({ path, bytes }) => [path, { sha256: sha256(bytes), bytes: bytes.length }])),
  };
  return [...files, { path: manifestFile, bytes: json(manifest) }];
}

function checkPaths(files: readonly BundleFile[]): void {
  const taken = new Set<string>([manifestFile]);
  for (const { path } of files) {
    if (taken.has(path)) throw bundleError(path, 'two files of the bundle have this path');
    if (!/^[\w.-]+(\/[\w.-]+)*$/.test(path) || path.split('/').some((part) => /^\.+$/.test(part))) {
      throw bundleError(path, 'paths in a bundle are relative, of letters, digits, "_", "-" and "."');
    }
    taken.add(path);
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Keys in alphabetical order at every level, so that the bytes do not depend on how an object was put together. */
function json(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, sortKeys, 2)}\n`, 'utf8');
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
