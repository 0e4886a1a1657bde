import { stringify } from 'yaml';
import { parseConfig } from '../config/index.js';
import type { StorageLocation } from './contracts.js';
import { validateModel } from './validateModel.js';

/**
 * A validation file as a configuration: a file of its own has the keys of the section at its top (`model`, `data`, ...), any other has
 * the section among others. `storage` is where relative paths lie when the file does not say it.
 */
export function validationSection(text: string, file: string, storage?: StorageLocation): { section: string; whole: string } {
  const { sections } = parseConfig(text, file);
  const { section } = validateModel;
  if (section in sections || !('model' in sections)) return { section, whole: text };
  const { storage: own = storage, ...keys } = sections;
  return { section, whole: stringify({ ...(own !== undefined && { storage: own }), [section]: keys }) };
}
