import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mapPaths, path, pathKeysOf, type Pipeline } from '../../src/pipelines/definePipeline.js';
import type { ResolvedSection } from '../../src/pipelines/index.js';
import { checkFile, projectRootOf, resolveSection, workflowIdFor } from '../../src/pipelines/resolveSection.js';
import { thrown } from '../thrown.js';

const file = '/project/configs/pipelines_config.yml';
const text = `
windows_pipeline:
  source_folder: data/series
  output_folder: data/windows
fit_series:
  pipeline: tpl_genkey
  source_folder: /raw
  output_folder: s3://bucket/series
leak_detection_pipeline:
  steps: [fit_series, windows_pipeline]
`;

describe('resolveSection', () => {
  it('fills in defaults and makes every path a URI', () => {
    const { config, section, pipeline } = resolveSection(text, file, 'windows', {});
    expect({ section, pipeline }).toEqual({ section: 'windows_pipeline', pipeline: 'windows' });
    expect(config).toMatchObject({ source_folder: '/project/data/series', output_folder: '/project/data/windows', window_size: 40, step_size: 2 });
  });

  it('puts relative paths into the bucket, and leaves explicit ones alone', () => {
    const s3 = `storage: {type: s3, bucket: leaks, prefix: a/b}\n${text}`;
    expect(resolveSection(s3, file, 'windows', {}).config['source_folder']).toBe('s3://leaks/a/b/data/series');
    expect(resolveSection(text, file, 'tplGenkey', { section: 'fit_series' }).config).toMatchObject({ source_folder: '/raw', output_folder: 's3://bucket/series' });
  });

  it('hashes what changes the result: neither places nor worker counts', () => {
    const hash = (overrides: Record<string, unknown>) => resolveSection(text, file, 'windows', { overrides }).configHash;
    expect(hash({ 'windows_pipeline.output_folder': 'elsewhere', 'windows_pipeline.max_workers': 3, 'windows_pipeline.batch_size': 1 })).toBe(hash({}));
    expect(hash({ 'windows_pipeline.window_size': 41 })).not.toBe(hash({}));
    expect(resolveSection(`storage: {type: s3, bucket: leaks}\n${text}`, file, 'windows', {}).configHash).toBe(hash({}));
  });

  it('gives another id to the same settings at another place', () => {
    const id = (overrides: Record<string, unknown>) => workflowIdFor(resolveSection(text, file, 'windows', { overrides }));
    expect(id({})).toMatch(/^windows_pipeline-[0-9a-f]{8}$/);
    expect(id({ 'windows_pipeline.output_folder': 'elsewhere' })).not.toBe(id({}));
  });

  it('resolves all steps of the whole way, and refuses the whole when one is wrong', () => {
    const resolved = resolveSection(text, file, 'leakDetection', {});
    expect((resolved.config['steps'] as ResolvedSection[]).map((s) => [s.section, s.pipeline])).toEqual([['fit_series', 'tplGenkey'], ['windows_pipeline', 'windows']]);
    const error = thrown(() => resolveSection(text, file, 'leakDetection', {
      overrides: { 'windows_pipeline.windowsize': 3, 'fit_series.short_rows': 'maybe', 'leak_detection_pipeline.steps': ['fit_series', 'windows_pipelin', 'windows_pipeline'] },
    }));
    expect(error.code).toBe('config/invalid');
    for (const part of ['windows_pipeline.windowsize', 'did you mean "window_size"', 'fit_series.short_rows', 'did you mean "windows_pipeline"']) expect(error.message).toContain(part);
  });

  it('refuses an override of a section that the run does not look at', () => {
    const error = thrown(() => resolveSection(text, file, 'windows', { overrides: { 'window_pipeline.step_size': 4 } }));
    expect(error.message).toContain('did you mean "windows_pipeline"');
    expect(thrown(() => resolveSection(text, file, 'windows', { overrides: { 'fit_series.short_rows': 'pad' } })).message).toContain('fit_series.short_rows');
  });

  it('names the section that was meant', () => {
    expect(thrown(() => resolveSection(text, file, 'windows', { section: 'window_pipeline' })).message).toContain('did you mean "windows_pipeline"');
    expect(thrown(() => resolveSection('featurs_pipeline: {}', file, 'features', {})).message).toContain('did you mean "features_pipeline"');
    expect(thrown(() => resolveSection(text, file, 'windows', { section: 'fit_series' })).message).toContain('configures tplGenkey');
    expect(thrown(() => resolveSection('mine: {pipeline: window}', file, 'windows', { section: 'mine' })).message).toContain('did you mean "windows"');
  });

  it('wants a bucket for S3', () => {
    expect(thrown(() => resolveSection(`storage: {type: s3}\n${text}`, file, 'windows', {})).message).toContain('storage.bucket');
  });
});

describe('a path key', () => {
  it.each([
    ['as it is', path('a')], ['described again', path('a').describe('b')], ['narrowed and described', path('a').max(99).describe('b')], ['optional', path('a').optional().describe('b')],
    ['with a default', path('a').describe('b').default('x')], ['nullable', path('a').nullable().describe('b')],
  ])('stays one: %s', (_, key) => {
    const pipeline = { schema: z.strictObject({ key, list: z.array(z.strictObject({ key })), other: z.string() }) } as unknown as Pipeline;
    expect(mapPaths(pipeline, { key: 'x', list: [{ key: 'x' }], other: 'x' }, (text) => `/root/${text}`)).toEqual({ key: '/root/x', list: [{ key: '/root/x' }], other: 'x' });
    expect(pathKeysOf(pipeline)).toEqual(['key']);
  });
});

describe('checkFile', () => {
  it('finds all wrong keys of all sections at once', () => {
    const { problems } = checkFile(`${text}\nfeature_pipeline: {}\nfeatures_pipeline: {wavlet: db4}\n`, file);
    expect(problems.map((p) => p.key)).toEqual(expect.arrayContaining(['feature_pipeline', 'features_pipeline.wavlet', 'features_pipeline.source_folder']));
  });
});

describe('projectRootOf', () => {
  it('is the folder that holds configs/, else the file\'s own', () => {
    expect(projectRootOf('/a/configs/x.yml')).toBe('/a');
    expect(projectRootOf('/a/b/x.yml')).toBe('/a/b');
    expect(projectRootOf('s3://bucket/configs/x.yml')).toBe('s3://bucket');
  });
});
