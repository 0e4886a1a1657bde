import { PenstockError } from '../../errors/index.js';
import type { BundleFeature, BundleManifest, InferenceConfig } from './bundle.js';

const inputRoles = ['measured', 'operational'];
const sources = ['simulation', 'recorded', 'unknown'];
const tasks = ['detection', 'multiclass', 'regression'];

type Fields = Readonly<Record<string, unknown>>;

export function bundleError(file: string, message: string, cause?: unknown): PenstockError {
  return new PenstockError('learning/bundle', message, { file }, cause === undefined ? {} : { cause });
}

/** The features of features_schema.json: a list of `{ name, dtype, role }`. */
export function checkFeatures(value: unknown): readonly BundleFeature[] {
  const file = 'features_schema.json';
  if (!Array.isArray(value) || value.length === 0) throw bundleError(file, 'it is not a list of at least one feature');
  const names = new Set<string>();
  for (const [i, feature] of value.entries()) {
    const { name, dtype, role } = fields(file, feature);
    if (typeof name !== 'string' || name === '') throw bundleError(file, `feature ${i} has no name`);
    if (names.has(name)) throw bundleError(file, `two features are named "${name}"`);
    if (dtype !== 'float32') throw bundleError(file, `feature "${name}" has the dtype ${shown(dtype)}; "float32" is allowed`);
    checkRole(file, `feature "${name}"`, role);
    names.add(name);
  }
  return value as readonly BundleFeature[];
}

export function checkInference(value: unknown): InferenceConfig {
  const file = 'inference_config.json';
  const config = fields(file, value);
  const need = (key: string, allowed: string, holds: (found: unknown) => boolean): void => {
    if (!holds(config[key])) throw bundleError(file, `${key} is ${shown(config[key])}; ${allowed} is needed`);
  };
  const orNull = (holds: (found: unknown) => boolean) => (found: unknown) => found === null || holds(found);
  need('task', tasks.join(', '), (found) => tasks.includes(String(found)));
  need('threshold', 'a number or null', orNull(Number.isFinite));
  if (config['task'] === 'detection') need('threshold', 'a number', Number.isFinite);
  need('threshold_strategy', 'a text or null', orNull(isText));
  need('window_size', 'a whole number, 1 or more', isCount);
  need('step_size', 'a whole number, 1 or more', isCount);
  need('resample_seconds', 'a number above 0 or null', orNull((found) => Number.isFinite(found) && Number(found) > 0));
  need('wavelet', 'a text or null', orNull(isText));
  need('wavelet_level', 'a whole number or null', orNull(isCount));
  need('feature_groups', 'a list of texts', isTexts);
  need('label', 'a text', isText);
  need('signals', 'a list', Array.isArray);
  for (const signal of config['signals'] as readonly unknown[]) {
    const { name, role, unit } = fields(file, signal);
    if (!isText(name) || typeof unit !== 'string') throw bundleError(file, `the signal ${shown(signal)} needs a name and a unit`);
    checkRole(file, `signal "${String(name)}"`, role);
  }
  if (config['class_names'] !== undefined) need('class_names', 'a list of texts', isTexts);
  return value as InferenceConfig;
}

export function checkManifest(value: unknown, format: number): BundleManifest {
  const file = 'manifest.json';
  const manifest = fields(file, value);
  if (manifest['format'] !== format) throw bundleError(file, `the bundle has the format ${shown(manifest['format'])}; this version reads ${format}`);
  if (!sources.includes(String(manifest['source']))) throw bundleError(file, `source is ${shown(manifest['source'])}; ${sources.join(', ')} are allowed`);
  if (!isText(manifest['config_hash'])) throw bundleError(file, 'config_hash is missing');
  fields(file, manifest['versions']);
  for (const [path, entry] of Object.entries(fields(file, manifest['files']))) {
    const { sha256, bytes } = fields(file, entry);
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256) || !Number.isInteger(bytes)) {
      throw bundleError(file, `the entry of "${path}" needs a sha256 and a size`);
    }
  }
  return value as BundleManifest;
}

function checkRole(file: string, what: string, role: unknown): void {
  if (!inputRoles.includes(String(role))) {
    throw bundleError(file, `${what} has the role ${shown(role)}; only ${inputRoles.join(' and ')} columns may be model input`);
  }
}

function fields(file: string, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bundleError(file, `${shown(value)} stands where an object is needed`);
  return value as Fields;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing').slice(0, 80);
}
