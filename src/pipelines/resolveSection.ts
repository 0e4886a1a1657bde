import { dirname, basename } from 'node:path';
import { applyOverrides, check, hashOf, invalidConfig, parseConfig, unknownWord, type ConfigDocument, type Problem } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { resolveUri } from '../storage/index.js';
import type { ResolvedSection, StartInput, StorageLocation } from './contracts.js';
import { mapPaths, type Pipeline, type PipelineName } from './definePipeline.js';
import { pipelineNamed, pipelineOf, pipelines } from './index.js';
import { settingKeys, settings } from './settings.js';

export const defaultConfig = 'configs/pipelines_config.yml';

/** Where relative paths of a configuration lie: beside the `configs` folder that holds it, else in the file's own folder. */
export function projectRootOf(configFile: string): string {
  const folder = dirname(configFile);
  return basename(folder) === 'configs' ? dirname(folder) : folder;
}

/**
 * One section of a configuration, checked, with defaults, hashed, every path a URI. A pipeline that runs others gets their
 * sections resolved in the same go, so that nothing starts unless all is right.
 * Throws one `config/invalid` that names every wrong key of all sections concerned.
 */
export function resolveSection(text: string, configFile: string, pipeline: PipelineName, input: StartInput): ResolvedSection {
  const file = parseConfig(text, configFile);
  const document = { ...file, sections: applyOverrides(file.sections, input.overrides ?? {}) };
  const name = input.section ?? pipelineNamed(pipeline).section;
  const declared = declaredPipeline(document, name);
  if (declared.name !== pipeline) {
    throw new PenstockError('config/invalid', `section "${name}" configures ${declared.name}; this workflow is ${pipeline}`, { file: configFile });
  }
  const problems: Problem[] = [];
  const location = checkedSettings(document, problems);
  const resolved = resolve(document, name, declared, location, problems, input);
  problems.push(...strayOverrides(document, name, input));
  if (problems.length > 0 || !resolved) throw invalidConfig(problems, configFile, { [name]: declared.example });
  return resolved;
}

/** An override that this run would not look at is a mistake, and most likely a misspelt section. */
function strayOverrides(document: ConfigDocument, name: string, { overrides = {} }: StartInput): Problem[] {
  const section = document.sections[name] as { steps?: unknown } | undefined;
  const steps = Array.isArray(section?.steps) ? section.steps.map(String) : [];
  const looked = [name, ...steps, ...settingKeys];
  return Object.keys(overrides).filter((path) => !looked.includes(path.split('.')[0]!))
    .map((path) => ({ key: path, line: undefined, message: `overrides ${unknownWord('section of this run', path.split('.')[0]!, looked)}` }));
}

/** Every section of a file with its pipeline, or all problems of the whole file. */
export function checkFile(text: string, configFile: string): { sections: { name: string; pipeline: PipelineName }[]; problems: Problem[] } {
  const document = parseConfig(text, configFile);
  const problems: Problem[] = [];
  const location = checkedSettings(document, problems);
  const sections = sectionNames(document).flatMap((name) => {
    const pipeline = pipelineFor(document, name);
    if (!pipeline) {
      problems.push({ key: name, line: document.lineOf([name]), message: unknownWord('section', name, knownSections()) });
      return [];
    }
    resolve(document, name, pipeline, location, problems, {});
    return [{ name, pipeline: pipeline.name }];
  });
  return { sections, problems };
}

function resolve(
  document: ConfigDocument, name: string, pipeline: Pipeline, location: StorageLocation, problems: Problem[], input: StartInput,
): ResolvedSection | undefined {
  const result = check(pipeline.schema, document.sections[name] ?? {}, { file: document.file, path: [name], lineOf: document.lineOf });
  if ('problems' in result) {
    problems.push(...result.problems.filter((p) => !problems.some((q) => q.key === p.key && q.message === p.message)));
    return undefined;
  }
  const hashed = Object.fromEntries(Object.entries(mapPaths(pipeline, result.value, () => undefined)).filter(([key, value]) => value !== undefined && !pipeline.notHashed.includes(key)));
  const config = mapPaths(pipeline, result.value, (path) => resolveUri(location, projectRootOf(document.file), path));
  const steps = 'steps' in config ? resolveSteps(document, name, config['steps'] as string[], location, problems, input) : undefined;
  return {
    section: name, pipeline: pipeline.name, storage: location, only: input.only, force: input.force,
    config: steps ? { ...config, steps } : config,
    configHash: hashOf({ pipeline: pipeline.name, revision: pipeline.revision, ...hashed, ...(steps && { steps: steps.map((s) => s.configHash) }) }),
  };
}

function resolveSteps(
  document: ConfigDocument, parent: string, steps: readonly string[], location: StorageLocation, problems: Problem[], input: StartInput,
): ResolvedSection[] {
  return steps.flatMap((step, index) => {
    const pipeline = step in document.sections ? pipelineFor(document, step) : undefined;
    if (pipeline && pipeline.name !== 'leakDetection') return resolve(document, step, pipeline, location, problems, input) ?? [];
    const path = [parent, 'steps', index];
    problems.push({ key: path.join('.'), line: document.lineOf(path), message: unknownWord('section', step, sectionNames(document)) });
    return [];
  });
}

function checkedSettings(document: ConfigDocument, problems: Problem[]): StorageLocation {
  const given = Object.fromEntries(Object.entries(document.sections).filter(([key]) => settingKeys.includes(key)));
  const result = check(settings, given, { file: document.file, path: [], lineOf: document.lineOf });
  if ('value' in result) return result.value.storage;
  problems.push(...result.problems);
  return { type: 'local' };
}

function declaredPipeline(document: ConfigDocument, name: string): Pipeline {
  if (!(name in document.sections)) {
    const stray = sectionNames(document).filter((s) => !pipelineFor(document, s));
    const also = stray.length > 0 ? ` (the file has ${stray.map((s) => unknownWord('section', s, knownSections())).join('; ')})` : '';
    throw new PenstockError('config/unknown-section', `${unknownWord('section', name, sectionNames(document))}${also}`, { file: document.file });
  }
  const pipeline = pipelineFor(document, name);
  if (pipeline) return pipeline;
  const word = pipelineKey(document, name);
  const known = knownSections().map((section) => section.replace(/_pipeline$/, ''));
  throw new PenstockError('config/unknown-pipeline', unknownWord('pipeline', word ?? name, known), { file: document.file, line: document.lineOf([name]), key: name });
}

function pipelineFor(document: ConfigDocument, name: string): Pipeline | undefined {
  return pipelineOf(pipelineKey(document, name) ?? name);
}

function pipelineKey(document: ConfigDocument, name: string): string | undefined {
  const section = document.sections[name];
  const word = typeof section === 'object' && section !== null && 'pipeline' in section ? section.pipeline : undefined;
  return typeof word === 'string' ? word : undefined;
}

function sectionNames(document: ConfigDocument): string[] {
  return Object.keys(document.sections).filter((key) => !settingKeys.includes(key));
}

function knownSections(): string[] {
  return pipelines.map((p) => p.section);
}

/** The pipeline of a section in a file, or a clear error that lists the sections there are. */
export function pipelineOfSection(document: ConfigDocument, section: string): PipelineName {
  return declaredPipeline(document, section).name;
}

/**
 * The same section with the same configuration on the same places has the same id, so that starting it again re-attaches.
 * Places are part of it (unlike of the configuration hash): the same settings on two folders are two runs.
 */
export function workflowIdFor(resolved: ResolvedSection): string {
  return `${resolved.section}-${hashOf([resolved.configHash, resolved.config]).slice(0, 8)}`;
}
