import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { applyOverrides, canonicalJson, hashOf, nearest, parseConfig, parseOverride, unknownWord, validate } from '../../src/config/index.js';
import { thrown } from '../thrown.js';

describe('parseConfig', () => {
  it('keeps the line of every key', () => {
    const document = parseConfig('a:\n  b: 1\n  c:\n    d: 2\n', 'x.yml');
    expect(document.lineOf(['a', 'b'])).toBe(2);
    expect(document.lineOf(['a', 'c', 'd'])).toBe(4);
    expect(document.lineOf(['a', 'missing'])).toBe(1);
  });

  it('says where the YAML is wrong', () => {
    const error = thrown(() => parseConfig('a: 1\nb: [1, 2\nc: 3\n', 'x.yml'));
    expect(error.code).toBe('config/syntax');
    expect(error.place).toMatchObject({ file: 'x.yml', line: 3 });
  });

  it.each([['- a\n- b\n'], ['just text'], ['']])('refuses what is no map of sections: %j', (text) => {
    expect(thrown(() => parseConfig(text, 'x.yml')).code).toBe('config/syntax');
  });

  it('refuses a key that stands twice', () => {
    expect(thrown(() => parseConfig('a: 1\na: 2\n', 'x.yml')).place.line).toBe(2);
  });
});

describe('overrides', () => {
  it('reads values as YAML', () => {
    expect(parseOverride('a.b=3')).toEqual(['a.b', 3]);
    expect(parseOverride('a.b=[x, 2]')).toEqual(['a.b', ['x', 2]]);
    expect(parseOverride('a.b=x=y')).toEqual(['a.b', 'x=y']);
    expect(parseOverride('a.b=')).toEqual(['a.b', null]);
  });

  it.each(['ab', '=3', 'section=3'])('refuses %j', (text) => {
    expect(thrown(() => parseOverride(text)).code).toBe('cli/usage');
  });

  it('puts values in without touching the original', () => {
    const sections = { a: { b: 1, c: { d: 2 } } };
    expect(applyOverrides(sections, { 'a.c.d': 5, 'a.e.f': 6, 'n.x': 1 })).toEqual({ a: { b: 1, c: { d: 5 }, e: { f: 6 } }, n: { x: 1 } });
    expect(sections).toEqual({ a: { b: 1, c: { d: 2 } } });
  });

  it('merges nested objects', () => {
    expect(applyOverrides({ a: { b: 1, c: 2 } }, { a: { c: 3 } })).toEqual({ a: { b: 1, c: 3 } });
  });
});

describe('validate', () => {
  const schema = z.strictObject({ size: z.int().min(2).default(40), inner: z.strictObject({ name: z.string().optional() }).prefault({}) });
  const document = parseConfig('s:\n  siez: 3\n  size: 1\n  inner:\n    nmae: x\n', 'x.yml');
  const origin = { file: 'x.yml', path: ['s'], lineOf: document.lineOf };

  it('names every wrong key at once, with line, value and the nearest right name', () => {
    const error = thrown(() => validate(schema, document.sections['s'], origin, { size: 40 }));
    expect(error.code).toBe('config/invalid');
    expect(error.message).toContain('3 wrong keys');
    expect(error.message).toContain('line 2, s.siez: unknown key "siez"; did you mean "size"?');
    expect(error.message).toMatch(/line 3, s\.size: .*>=2.*found 1/);
    expect(error.message).toContain('line 5, s.inner.nmae: unknown key "nmae"; did you mean "name"?');
    expect(error.message).toContain('{"size":40}');
  });

  it('fills in defaults', () => {
    expect(validate(schema, {}, origin)).toEqual({ size: 40, inner: {} });
  });
});

describe('suggest', () => {
  it('finds the nearest name, but nothing far-fetched', () => {
    expect(nearest('wavelet_levle', ['wavelet', 'wavelet_level', 'window_size'])).toBe('wavelet_level');
    expect(nearest('zzz', ['wavelet', 'window_size'])).toBeUndefined();
    expect(unknownWord('key', 'zzz', ['b', 'abcdefgh'])).toBe('unknown key "zzz"; allowed: abcdefgh, b');
  });
});

describe('hash', () => {
  it('does not depend on the order of keys, and does on everything else', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}');
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }));
  });

  it('is one text for equal values', () => {
    const value = { b: [1, -0, 1e21, 0.1, null, undefined], a: { z: 'ção "\n', y: true }, 'ab': undefined, A: new Date(0), B: {} };
    expect(canonicalJson(value)).toBe('{"A":"1970-01-01T00:00:00.000Z","B":{},"a":{"y":true,"z":"ção \\"\\n"},"b":[1,0,1e+21,0.1,null,null]}');
    expect(canonicalJson({ x: 1, y: 2 })).toBe(canonicalJson({ y: 2, x: 1 }));
    expect(canonicalJson(undefined)).toBe('null');
  });

  it('refuses what JSON cannot hold', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, Symbol('s'), new Map(), new Uint8Array(1)]) expect(() => canonicalJson({ a: [value] })).toThrow(/\$\.a\[0\] is .*, which JSON cannot hold/);
  });
});
