import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as stages from '../../src/activities/stages.js';
import { generatedFiles } from '../../src/cli/generate.js';
import { parseConfig, validate } from '../../src/config/index.js';
import { pathKeysOf, pipelineOf, pipelines } from '../../src/pipelines/index.js';
import { mapPaths, unwrapped } from '../../src/pipelines/definePipeline.js';
import { checkFile } from '../../src/pipelines/resolveSection.js';
import * as workflows from '../../src/workflows/index.js';
import { workflowTypes } from '../../src/workflows/types.js';

const root = new URL('../../', import.meta.url).pathname;
const config = readFileSync(`${root}configs/pipelines_config.yml`, 'utf8');

describe.each(pipelines.map((p) => [p.name, p] as const))('pipeline %s', (name, pipeline) => {
  it('has an example that its schema accepts', () => {
    const origin = { file: 'example', path: [pipeline.section], lineOf: () => undefined };
    expect(validate(pipeline.schema, pipeline.example, origin)).toMatchObject(pipeline.example);
  });

  it('has a workflow of its name, and a file of its name in each room', () => {
    expect(Object.entries(workflows).find(([exported]) => exported === name)?.[1]).toBeTypeOf('function');
    for (const room of ['pipelines', 'workflows']) expect(existsSync(`${root}src/${room}/${name}.ts`)).toBe(true);
  });

  it('has registered stages', () => {
    const source = readFileSync(`${root}src/workflows/${name}.ts`, 'utf8');
    const named = [...source.matchAll(/(?:plan|batch|publish): '(\w+)'/g)].map((match) => match[1]!).filter((word) => /^[a-z]+[A-Z]/.test(word));
    if (!['leakDetection', 'optimizeLgbm'].includes(name)) expect(named).toHaveLength(3);
    for (const stage of named) expect(stages).toHaveProperty(stage);
  });

  it('has a history for replay', () => {
    const histories = existsSync(`${root}test/histories`) ? readdirSync(`${root}test/histories`) : [];
    expect(histories.filter((file) => file.startsWith(`${name}-`) && file.endsWith('.json'))).not.toEqual([]);
  });

  it('describes every key, and its unhashed keys exist', () => {
    const shape = pipeline.schema.shape as Record<string, { description?: string }>;
    for (const [key, schema] of Object.entries(shape)) expect(schema.description, key).toMatch(/\w{3}/);
    for (const key of pipeline.notHashed) expect(shape).toHaveProperty(key);
    for (const key of pathKeysOf(pipeline)) expect(key).toMatch(/(folder|path|root|file)$/);
  });

  it('resolves every key that is named like a place, also within groups and lists of keys', () => {
    const named: string[] = [];
    // Stands for a section in which every place is the word "here", so that what is left as it is shows itself.
    const filled = (schema: unknown, key: string): unknown => {
      const inner = unwrapped(schema);
      if (inner instanceof z.ZodObject) return Object.fromEntries(Object.entries(inner.shape).map(([name, part]) => [name, filled(part, name)]));
      if (inner instanceof z.ZodArray) return [filled(inner.element, key)];
      if (!/(^|_)(folder|path|root|file)$/.test(key)) return null;
      named.push(key);
      return 'here';
    };
    const section = filled(pipeline.schema, '') as Record<string, unknown>;
    expect(JSON.stringify(mapPaths(pipeline, section, () => 'resolved'))).not.toContain('"here"');
    expect(named.length > 0 || name === 'leakDetection').toBe(true);
  });

  it('shows every key in the example configuration', () => {
    const section = config.slice(config.indexOf(`\n${pipeline.section}:`)).split(/\n(?=[a-z])/)[1]!;
    for (const key of Object.keys(pipeline.schema.shape)) {
      if (key !== 'pipeline') expect(section, `${pipeline.section}.${key}`).toMatch(new RegExp(`\\b${key}:`));
    }
  });
});

describe('the list of pipelines', () => {
  it('is the list of workflow types', () => {
    expect(pipelines.map((p) => p.name).sort()).toEqual([...workflowTypes].sort());
  });

  it('is found by section, by name and without the suffix', () => {
    expect(pipelineOf('windows_pipeline')?.name).toBe('windows');
    expect(pipelineOf('windows')?.name).toBe('windows');
    expect(pipelineOf('tpl_genkey')?.name).toBe('tplGenkey');
    expect(pipelineOf('nonsense')).toBeUndefined();
  });

  it('has an example configuration that is right', () => {
    expect(checkFile(config, `${root}configs/pipelines_config.yml`).problems).toEqual([]);
    expect(Object.keys(parseConfig(config, 'x').sections)).toEqual(expect.arrayContaining(pipelines.map((p) => p.section)));
  });

  it('has generated files that are up to date', () => {
    for (const [path, text] of generatedFiles()) expect(readFileSync(root + path, 'utf8'), `${path}: run npm run generate`).toBe(text);
  });
});
