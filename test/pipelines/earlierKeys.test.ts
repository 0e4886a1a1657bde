import { describe, expect, it } from 'vitest';
import { withoutPlaces } from '../../src/activities/runOutcome.js';
import type { PipelineName } from '../../src/pipelines/index.js';
import { resolveSection } from '../../src/pipelines/resolveSection.js';
import { earlierKeys } from '../../src/pipelines/shared.js';
import { batchesInFlight } from '../../src/workflows/batched.js';
import { thrown } from '../thrown.js';

const places: Partial<Record<PipelineName, object>> = {
  tplGenkey: { source_folder: 'raw', output_folder: 'series' },
  windows: { source_folder: 'series', output_folder: 'windows' },
  features: { source_folder: 'windows', output_folder: 'features' },
  trainingObserverDetection: { input_path: 'windows', output_folder: 'training' },
  trainingObserverSize: { input_path: 'windows', output_folder: 'training' },
  trainingObserverLocation: { input_path: 'windows', output_folder: 'training' },
};

function resolved(pipeline: PipelineName, keys: object = {}) {
  return resolveSection(JSON.stringify({ own: { pipeline, ...places[pipeline], ...keys } }), '/project/config.yml', pipeline, { section: 'own' });
}

describe('keys of configurations from before Penstock', () => {
  it.each<[PipelineName, object]>([
    ['tplGenkey', { max_workers: 4, io_workers: 4, parse_workers: 2, selected_columns: ['PT*'], use_prefect_progress: true, prefect_logger: null }],
    ['tplGenkey', { io_workers: null, parse_workers: null, use_prefect_progress: false, prefect_logger: 'penstock' }],
    ['windows', { create_subdirectories: true, window_size: 40, step_size: 2, selected_columns: [], max_workers: null, batch_size: 10 }],
    ['features', {
      feature_columns: [], label_column: 'LEAK', wavelet: 'db2', wavelet_level: 3, include_raw_vectorization: false, write_buffer_rows: 5000, checkpoint_frequency: 1000,
      parquet_row_group_size: 10_000, compression: 'snappy', use_parallel: true, max_workers: null,
    }],
    ['trainingObserverDetection', { features_schema_file: 'list.json', label_column: 'label', shuffle: false }],
    ['trainingObserverSize', { features_schema_file: 'list.json', label_column: 'leak_flow_kg_s', shuffle: true }],
    ['trainingObserverLocation', { features_schema_file: 'list.json', label_column: 'leak_position_m', shuffle: true }],
  ])('are valid: %s', (pipeline, keys) => {
    const { features_schema_file: file, ...others } = keys as { features_schema_file?: string };
    expect(resolved(pipeline, keys).config).toMatchObject({ ...others, ...(file && { features_schema_file: '/project/list.json' }) });
  });

  it.each<[PipelineName, object]>([
    ['tplGenkey', { io_workers: 2, parse_workers: 3, use_prefect_progress: true, prefect_logger: 'x' }],
    ['features', { use_parallel: false, checkpoint_frequency: 1000 }],
    ['trainingObserverDetection', { shuffle: false, label_column: 'label' }],
  ])('do not change the hash where they change no result: %s', (pipeline, keys) => {
    expect(resolved(pipeline, keys).configHash).toBe(resolved(pipeline).configHash);
  });

  it.each<PipelineName>(['tplGenkey', 'features', 'trainingObserverDetection'])('are absent where they are not named, so that workflow ids stay: %s', (pipeline) => {
    const own = ['write_buffer_rows', 'features_schema_file', 'shuffle', 'label_column', ...Object.values(earlierKeys).flatMap((keys) => Object.keys(keys))];
    const { config } = resolved(pipeline);
    expect(own.filter((key) => key in config && !(pipeline === 'features' && key === 'label_column'))).toEqual([]);
  });

  it('change it where they change bytes', () => {
    expect(resolved('features', { write_buffer_rows: 5000 }).configHash).not.toBe(resolved('features').configHash);
  });

  it('stay out of metadata, which are the same however batches are run', () => {
    const keys = Object.values(earlierKeys).flatMap((own) => Object.keys(own));
    expect(keys).toHaveLength(6);
    expect(withoutPlaces(Object.fromEntries(keys.map((key) => [key, 1])))).toEqual({});
  });

  it.each([
    ['tplGenkey', 'io_workers', 0], ['tplGenkey', 'parse_workers', 1.5], ['features', 'use_parallel', 2], ['features', 'checkpoint_frequency', 0], ['features', 'write_buffer_rows', 0],
    ['trainingObserverDetection', 'label_column', 'LEAK'],
  ] as const)('are checked: %s.%s', (pipeline, key, value) => {
    expect(thrown(() => resolved(pipeline, { [key]: value })).message).toContain(key);
  });
});

describe('batches in flight', () => {
  it.each([
    [{}, 8], [{ max_workers: null }, 8], [{ max_workers: 3 }, 3], [{ max_workers: 12 }, 12],
    [{ max_workers: null, io_workers: 2 }, 2], [{ parse_workers: 16 }, 16], [{ io_workers: 16, parse_workers: 4 }, 4], [{ io_workers: 2, parse_workers: null }, 2],
    [{ max_workers: 6, io_workers: 2, parse_workers: 1 }, 6],
    [{ use_parallel: true }, 8], [{ use_parallel: true, max_workers: 5 }, 5], [{ use_parallel: false }, 1], [{ use_parallel: false, max_workers: 5 }, 1],
  ])('of %j are %i', (keys, count) => {
    expect(batchesInFlight(keys)).toBe(count);
  });
});
