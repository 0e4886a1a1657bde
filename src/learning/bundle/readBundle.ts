import { bundleFormat, inferenceFile, manifestFile, requiredFiles, type Bundle, type BundleManifest, type InferenceConfig } from './bundle.js';
import { bundleError, checkFeatures, checkInference, checkManifest } from './checkContent.js';
import { sha256 } from './writeBundle.js';

/**
 * Reads a bundle from its files by path (relative to its folder) and checks that it is complete, unchanged, and takes only
 * measured and operational inputs.
 *
 * Throws `learning/bundle` naming the file at fault.
 */
export function readBundle(files: ReadonlyMap<string, Uint8Array>): Bundle {
  const { manifest, sha256: hash } = checkFiles(files, requiredFiles);
  const required = new Set<string>(requiredFiles);
  return {
    onnx: fileOf(files, 'model.onnx'),
    modelText: text(fileOf(files, 'model.txt')),
    modelSha256: manifest.files['model.txt']!.sha256,
    features: checkFeatures(parse('features_schema.json', fileOf(files, 'features_schema.json'))),
    inference: readInference(files),
    manifest,
    extra: new Map([...files].filter(([path]) => path !== manifestFile && !required.has(path))),
    sha256: hash,
  };
}

/**
 * The manifest of a folder that is complete and unchanged: it names the required files, there is no file that it does not name, and every
 * file has its hash. `sha256` is the hash of the manifest, and so the identity of the whole folder. Throws `learning/bundle`.
 */
export function checkFiles(files: ReadonlyMap<string, Uint8Array>, required: readonly string[]): { readonly manifest: BundleManifest; readonly sha256: string } {
  const bytes = fileOf(files, manifestFile);
  const manifest = checkManifest(parse(manifestFile, bytes), bundleFormat);
  checkComplete(files, manifest, required);
  for (const [path, entry] of Object.entries(manifest.files)) checkHash(path, fileOf(files, path), entry);
  return { manifest, sha256: sha256(bytes) };
}

/** inference_config.json of a folder. Throws `learning/bundle`. */
export function readInference(files: ReadonlyMap<string, Uint8Array>): InferenceConfig {
  return checkInference(parse(inferenceFile, fileOf(files, inferenceFile)));
}

function checkComplete(files: ReadonlyMap<string, Uint8Array>, manifest: BundleManifest, required: readonly string[]): void {
  for (const path of required) {
    if (!manifest.files[path]) throw bundleError(manifestFile, `the manifest does not name "${path}"`);
  }
  for (const path of files.keys()) {
    if (path !== manifestFile && !manifest.files[path]) throw bundleError(path, 'the manifest does not name this file');
  }
}

function checkHash(path: string, bytes: Uint8Array, expected: { sha256: string; bytes: number }): void {
  if (bytes.length !== expected.bytes) throw bundleError(path, `the file has ${bytes.length} bytes; the manifest says ${expected.bytes}`);
  const found = sha256(bytes);
  if (found !== expected.sha256) throw bundleError(path, `the file has the sha256 ${found}; the manifest says ${expected.sha256}`);
}

function fileOf(files: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const bytes = files.get(path);
  if (!bytes) throw bundleError(path, 'the bundle does not have this file');
  return bytes;
}

function parse(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(text(bytes)) as unknown;
  } catch (cause) {
    throw bundleError(path, 'the file is not JSON', cause);
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
