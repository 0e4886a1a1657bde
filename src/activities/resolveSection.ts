import { resolve } from 'node:path';
import { unknownWord } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import type { PipelineName, ResolvedSection, StartInput } from '../pipelines/index.js';
import { defaultConfig, resolveSection as resolveIn } from '../pipelines/resolveSection.js';
import { defineStage, type StageContext } from './stage.js';

const inputKeys = ['section', 'config', 'overrides', 'only', 'force'];

/** First stage of every run: checks what was typed, reads the configuration, and resolves the section. */
export const resolveSection = defineStage('inline', async (
  { pipeline, input }: { pipeline: PipelineName; input: StartInput }, context: StageContext,
): Promise<ResolvedSection> => {
  checkInput(input, pipeline);
  const file = input.config?.startsWith('s3://') ? input.config : resolve(input.config ?? defaultConfig);
  const text = await readConfig(file, context);
  return resolveIn(text, file, pipeline, input);
});

async function readConfig(file: string, context: StageContext): Promise<string> {
  try {
    return new TextDecoder().decode(await context.storage.read(file));
  } catch (error) {
    if (error instanceof PenstockError && error.code === 'storage/not-found') {
      throw new PenstockError('config/not-found', 'there is no such configuration file on this worker host', { file }, { cause: error });
    }
    throw error;
  }
}

function checkInput(input: unknown, pipeline: PipelineName): asserts input is StartInput {
  const example = JSON.stringify({ config: defaultConfig, overrides: { 'features_pipeline.wavelet_level': 3 } });
  const wrong = (message: string): PenstockError =>
    new PenstockError('config/invalid', `the input of ${pipeline} is one JSON object with the keys ${inputKeys.join(', ')}, all of them optional\n${message}\nA right example:\n  ${example}`);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw wrong(`found ${JSON.stringify(input)}`);
  const given = input as Record<string, unknown>;
  const problems = Object.keys(given).filter((key) => !inputKeys.includes(key)).map((key) => `  ${unknownWord('key', key, inputKeys)}`);
  if (given['section'] !== undefined && typeof given['section'] !== 'string') problems.push(`  section: expected text; found ${JSON.stringify(given['section'])}`);
  if (given['config'] !== undefined && typeof given['config'] !== 'string') problems.push(`  config: expected a path; found ${JSON.stringify(given['config'])}`);
  if (given['only'] !== undefined && given['only'] !== 'quarantined') problems.push(`  only: allowed is "quarantined"; found ${JSON.stringify(given['only'])}`);
  if (given['force'] !== undefined && typeof given['force'] !== 'boolean') problems.push(`  force: expected true or false; found ${JSON.stringify(given['force'])}`);
  const overrides = given['overrides'];
  if (overrides !== undefined && (typeof overrides !== 'object' || overrides === null || Array.isArray(overrides))) {
    problems.push(`  overrides: expected an object such as {"features_pipeline.wavelet_level": 3}; found ${JSON.stringify(overrides)}`);
  }
  if (problems.length > 0) throw wrong(problems.join('\n'));
}
