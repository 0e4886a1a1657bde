import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { invalidConfig, unknownWord } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { pipelineOf, pipelines } from '../pipelines/index.js';
import { checkFile } from '../pipelines/resolveSection.js';
import { configSchema, sectionSchema } from '../pipelines/jsonSchema.js';
import { printJson, say } from './output.js';

/** Checks a whole configuration file; every wrong key is named at once. */
export async function validateFile(path: string, { json = false }: { json?: boolean }): Promise<void> {
  const file = resolve(path);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PenstockError('config/not-found', 'there is no such configuration file', { file }, { cause });
  });
  const { sections, problems } = checkFile(text, file);
  if (problems.length > 0) throw invalidConfig(problems, path);
  if (json) printJson({ file, valid: true, sections });
  else say(`${path}: right; sections ${sections.map(({ name }) => name).join(', ')}`);
}

/** The JSON Schema of one section, or of the whole file. */
export function printSchema(section: string | undefined): void {
  printJson(section === undefined ? configSchema() : sectionSchema(pipelineNamedBy(section)));
}

/** A complete, right section. */
export function printExample(section: string | undefined): void {
  const chosen = section === undefined ? pipelines : [pipelineNamedBy(section)];
  printJson(Object.fromEntries(chosen.map((p) => [p.section, p.example])));
}

function pipelineNamedBy(word: string) {
  const pipeline = pipelineOf(word);
  if (!pipeline) throw new PenstockError('config/unknown-pipeline', unknownWord('pipeline', word, pipelines.map((p) => p.section)));
  return pipeline;
}
