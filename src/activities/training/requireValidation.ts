import { PenstockError } from '../../errors/index.js';
import type { BundleFile } from '../../learning/index.js';
import type { StorageLocation, ValidateModelConfig } from '../../pipelines/index.js';
import { resolveSection } from '../../pipelines/resolveSection.js';
import { validationSection } from '../../pipelines/validationSection.js';
import { sha256 } from '../../storage/index.js';
import type { StageContext } from '../stage.js';
import { validationError } from '../validateModel.js';
import { validateBundle } from '../validation/validateBundle.js';

/** Reads the validation file at the start, so that one that is wrong stops the run before hours of training; gives its hash. */
export async function checkRequired(context: StageContext, file: string, storage: StorageLocation): Promise<string> {
  await settingsOf(context, file, storage);
  return sha256(await context.storage.read(file));
}

/** Judges the files of a bundle by a validation file, whose own `model` and `output_folder` count for nothing here. Errors: `learning/validation` naming every check that failed. */
export async function requireValidation(context: StageContext, bundle: readonly BundleFile[], file: string, storage: StorageLocation): Promise<void> {
  const report = await validateBundle(context, new Map(bundle.map(({ path, bytes }) => [path, bytes])), await settingsOf(context, file, storage));
  if (report.passed) return;
  const { code, message } = validationError(report);
  throw new PenstockError(code, `${message}; it was not published`, { file, key: 'require_validation_file' });
}

async function settingsOf(context: StageContext, file: string, storage: StorageLocation): Promise<ValidateModelConfig> {
  const { section, whole } = validationSection(new TextDecoder().decode(await context.storage.read(file)), file, storage);
  return resolveSection(whole, file, 'validateModel', { section }).config as unknown as ValidateModelConfig;
}
