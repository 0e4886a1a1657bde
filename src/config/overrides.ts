import { parse } from 'yaml';
import { PenstockError } from '../errors/index.js';

export type Overrides = Readonly<Record<string, unknown>>;

/** `features_pipeline.wavelet_level=3` as an override; the value is read as YAML, so that `3`, `true`, `[a, b]` mean what they look like. */
export function parseOverride(text: string): [path: string, value: unknown] {
  const at = text.indexOf('=');
  const path = text.slice(0, at).trim();
  if (at < 1 || !path.includes('.')) {
    throw new PenstockError('cli/usage', `--set "${text}" is not of the form section.key=value`);
  }
  return [path, parse(text.slice(at + 1)) as unknown];
}

/**
 * Sections with overrides put in. Keys are paths with dots (`section.key.inner`) or nested objects; what is absent is created,
 * so that a misspelt name is found by validation, with all others.
 */
export function applyOverrides(sections: Readonly<Record<string, unknown>>, overrides: Overrides): Record<string, unknown> {
  const result = structuredClone(sections) as Record<string, unknown>;
  for (const [path, value] of Object.entries(overrides)) setIn(result, path.split('.'), value);
  return result;
}

function setIn(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path as [string, ...string[]];
  if (rest.length > 0) {
    target[head] = isPlainObject(target[head]) ? target[head] : {};
    setIn(target[head] as Record<string, unknown>, rest, value);
  } else if (isPlainObject(value) && isPlainObject(target[head])) {
    for (const [key, inner] of Object.entries(value)) setIn(target[head], [key], inner);
  } else {
    target[head] = value;
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
