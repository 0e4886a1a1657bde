import { describe, expect, it } from 'vitest';
import { readBundle, writeBundle, type BundleFeature, type BundleParts } from '../../src/learning/index.js';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

const parts: BundleParts = {
  onnx: Uint8Array.of(8, 10, 255),
  modelText: 'tree\nend of trees\n',
  features: [
    { name: 'PT inlet mean', dtype: 'float32', role: 'measured' },
    { name: 'PUMPSPEED last', dtype: 'float32', role: 'operational' },
  ],
  inference: {
    task: 'detection', threshold: 0.42, threshold_strategy: 'max_f1', window_size: 40, step_size: 5, resample_seconds: 0.5, wavelet: 'db4', wavelet_level: 3,
    feature_groups: ['wavelet', 'statistics'], signals: [{ name: 'PT inlet', role: 'measured', unit: 'Pa' }, { name: 'PUMPSPEED', role: 'operational', unit: 'rpm' }], label: 'LEAK',
  },
  versions: { penstock: '0.1.0', lightgbm: '4.7.0' },
  configHash: 'c0ffee',
  source: 'simulation',
  extra: [{ path: 'controls/clock_only.onnx', bytes: Uint8Array.of(1) }, { path: 'controls/a.json', bytes: bytes('{}') }],
};
const asMap = (): Map<string, Uint8Array> => new Map(writeBundle(parts).map((file) => [file.path, file.bytes]));
const text = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString('utf8');

describe('bundle', () => {
  it('reads what was written', () => {
    const bundle = readBundle(asMap());
    expect(bundle.onnx).toEqual(parts.onnx);
    expect(bundle.modelText).toBe(parts.modelText);
    expect(bundle.features).toEqual(parts.features);
    expect(bundle.inference).toEqual(parts.inference);
    expect(bundle.manifest.source).toBe('simulation');
    expect([...bundle.extra.keys()].sort()).toEqual(['controls/a.json', 'controls/clock_only.onnx']);
    expect(bundle.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has the manifest last, and the same bytes however its parts were put together', () => {
    const files = writeBundle(parts);
    expect(files.at(-1)!.path).toBe('manifest.json');
    const inference = Object.fromEntries(Object.entries(parts.inference).reverse()) as unknown as BundleParts['inference'];
    const again = writeBundle({ ...parts, inference, versions: { lightgbm: '4.7.0', penstock: '0.1.0' }, extra: [...parts.extra!].reverse() });
    expect(again).toEqual(files);
  });

  it.each(['model.onnx', 'model.txt', 'features_schema.json', 'inference_config.json', 'manifest.json', 'controls/clock_only.onnx'])('misses %s', (path) => {
    const files = asMap();
    files.delete(path);
    expect(() => readBundle(files)).toThrow(expect.objectContaining({ code: 'learning/bundle', place: { file: path } }));
  });

  it.each(['model.onnx', 'model.txt', 'features_schema.json', 'inference_config.json', 'controls/clock_only.onnx'])('notices one changed byte in %s', (path) => {
    const files = asMap();
    const changed = Uint8Array.from(files.get(path)!);
    changed[0]! ^= 1;
    files.set(path, changed);
    expect(() => readBundle(files)).toThrow('the manifest says');
  });

  it('refuses a file that the manifest does not name', () => {
    expect(() => readBundle(asMap().set('stranger.onnx', Uint8Array.of(1)))).toThrow('does not name this file');
  });

  it('refuses another format and damaged JSON', () => {
    const files = asMap();
    const manifest = text(files.get('manifest.json'));
    expect(() => readBundle(new Map(files).set('manifest.json', bytes(manifest.replace('"format": 1', '"format": 2'))))).toThrow('this version reads 1');
    expect(() => readBundle(new Map(files).set('manifest.json', bytes(manifest.slice(5))))).toThrow('not JSON');
  });

  it('does not write inputs that a model may not have', () => {
    const truth = { name: 'GTLEAK', dtype: 'float32', role: 'truth' } as unknown as BundleFeature;
    expect(() => writeBundle({ ...parts, features: [truth] })).toThrow('only measured and operational');
    expect(() => writeBundle({ ...parts, features: [parts.features[0]!, parts.features[0]!] })).toThrow('two features');
    expect(() => writeBundle({ ...parts, inference: { ...parts.inference, threshold: null } })).toThrow('threshold is null');
    expect(() => writeBundle({ ...parts, extra: [{ path: '../up', bytes: bytes('') }] })).toThrow('relative');
    expect(() => writeBundle({ ...parts, extra: [{ path: 'model.txt', bytes: bytes('') }] })).toThrow('two files');
  });
});
