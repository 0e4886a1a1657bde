import { expect, test } from 'vitest';
import { baseName, joinUri, relativeUri, resolveUri } from '../../src/storage/index.js';

const invalid = expect.objectContaining({ code: 'storage/invalid-uri' });

test('a path as a person writes it becomes one URI', () => {
  const local = { type: 'local' } as const;
  const s3 = { type: 's3', bucket: 'plant', prefix: '/runs//2024/' } as const;
  expect(resolveUri(local, '/project', 'data/x.parquet')).toBe('/project/data/x.parquet');
  expect(resolveUri(local, '/project/', './data//../x')).toBe('/project/x');
  expect(resolveUri(local, '/project', '../sibling')).toBe('/sibling');
  expect(resolveUri(s3, '/project', 'data/x')).toBe('s3://plant/runs/2024/data/x');
  expect(resolveUri({ type: 's3', bucket: 'plant' }, '/project', 'data/./x/')).toBe('s3://plant/data/x');
  for (const location of [local, s3]) {
    expect(resolveUri(location, '/project', '/abs/./x/../y')).toBe('/abs/y');
    expect(resolveUri(location, '/project', 's3://other/a//b/../c')).toBe('s3://other/a/c');
    for (const wrong of ['', '  ', 'http://host/x', 'file:///x', 's3://', 's3:///key', 's3://other/../x']) expect(() => resolveUri(location, '/project', wrong), wrong).toThrow(invalid);
  }
  expect(() => resolveUri(s3, '/project', '../x')).toThrow(/leads out of its folder/);
  expect(() => resolveUri({ type: 's3' }, '/project', 'x')).toThrow(/no bucket is named/);
});

test('URIs are joined, taken apart and compared', () => {
  expect(joinUri('/a/b/', 'c', '/d.txt')).toBe('/a/b/c/d.txt');
  expect(joinUri('/a/b', 'c/../d')).toBe('/a/b/d');
  expect(joinUri('/', 'a')).toBe('/a');
  expect(joinUri('/a/.b/..c/...', '.d')).toBe('/a/.b/..c/.../.d');
  expect(joinUri('/a/./b/../.c/..')).toBe('/a');
  expect(joinUri('s3://plant', 'a', 'b')).toBe('s3://plant/a/b');
  expect(joinUri('/a/b')).toBe('/a/b');
  expect(() => joinUri('/a/b', 'c', '../../d')).toThrow(invalid);
  expect(() => joinUri('a', 'b')).toThrow(invalid);
  expect(relativeUri('/a/b', '/a/b/c/d')).toBe('c/d');
  expect(relativeUri('s3://plant/', 's3://plant/c/d')).toBe('c/d');
  expect(relativeUri('/', '/a')).toBe('a');
  expect(() => relativeUri('/a/b', '/a/bc')).toThrow(/does not lie below/);
  expect(() => relativeUri('/a/b', '/a/b')).toThrow(invalid);
  expect(baseName('/a/b/c.tpl')).toBe('c.tpl');
  expect(baseName('s3://plant/a/')).toBe('a');
});
