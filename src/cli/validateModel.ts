import { readFile } from 'node:fs/promises';
import { dirname, basename, resolve } from 'node:path';
import type { ValidationReport } from '../activities/validation/report.js';
import { parseOverride } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { pipelineNamed } from '../pipelines/index.js';
import { resolveSection } from '../pipelines/resolveSection.js';
import { validationSection } from '../pipelines/validationSection.js';
import { runInProcess } from '../runtime/stages/inProcess.js';
import { exitCode, printJson } from './output.js';

export interface ValidateModelOptions {
  readonly config: string;
  readonly set: readonly string[];
  readonly json?: boolean;
}

/** Judges a model by a validation file, without a server. Exit code 0 where it passes, 1 where it does not. */
export async function validateModel({ config, set, json = false }: ValidateModelOptions): Promise<number> {
  const file = resolve(config);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PenstockError('config/not-found', 'there is no such configuration file', { file }, { cause });
  });
  const { name } = pipelineNamed('validateModel');
  const { section, whole } = validationSection(text, file);
  const overrides = Object.fromEntries(set.map(parseOverride).map(([key, value]) => [key.startsWith(`${section}.`) ? key : `${section}.${key}`, value]));
  const resolved = resolveSection(whole, file, name, { section, overrides });
  const report = await runInProcess({ name: 'judgeModel', input: { resolved }, attempt: 1, storage: resolved.storage }, new AbortController().signal, () => undefined) as ValidationReport;
  if (json) printJson(report);
  else print(report, `${basename(dirname(file))}/${basename(file)}`);
  return report.passed ? exitCode.ok : exitCode.failed;
}

function print({ passed, bundle, checks }: ValidationReport, file: string): void {
  const lines = [
    ...checks.map(({ name, status, message }) => `${status.padEnd(8)} ${name}: ${message}`),
    `${passed ? 'passed' : 'FAILED'}: ${bundle ? `model ${bundle.sha256.slice(0, 12)}, ${bundle.task}, trained on ${bundle.source} data` : 'the bundle cannot be read'} (${file})`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
