import { bundleFormat, manifestFile, requiredFiles, type Bundle, type BundleManifest } from './bundle.js';
import { bundleError, checkFeatures, checkInference, checkManifest } from './checkContent.js';
import { sha256 } from './writeBundle.js';

/**
 * Reads a bundle from its files by path (relative to its folder) and checks that it is complete, unchanged, and takes only
 * measured and operational inputs.
 *
 * Throws `learning/bundle` naming the file at fault.
 */
export function readBundle(files: ReadonlyMap<string, Uint8Array>): Bundle {
  const manifestBytes = fileOf(files, manifestFile);
  const manifest = checkManifest(parse(manifestFile, manifestBytes), bundleFormat);
  checkComplete(files, manifest);
  for (const [path, entry] of Object.entries(manifest.files)) checkHash(path, fileOf(files, path), entry);
  const required = new Set<string>(requiredFiles);
  return {
    onnx: fileOf(files, 'model.onnx'),
    modelText: text(fileOf(files, 'model.txt')),
    modelSha256: manifest.files['model.txt']!.sha256,
    features: checkFeatures(parse('features_schema.json', fileOf(files, 'features_schema.json'))),
    inference: checkInference(parse('inference_config.json', fileOf(files, 'inference_config.json'))),
    manifest,
    extra: new Map([...files].filter(([path]) => path !== manifestFile && !required.has(path))),
    sha256: sha256(manifestBytes),
  };
}

function checkComplete(files: ReadonlyMap<string, Uint8Array>, manifest: BundleManifest): void {
  for (const path of requiredFiles) {
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
