import { describe, expect, it } from 'vitest';
import { alarms } from '../../src/evaluation/index.js';
import { options, sketch } from './scoredCase.js';

const rises = (alarm: string, change: Partial<typeof options> = {}, warmup = 0): number[] =>
  alarms(sketch({ alarm, warmup }), { ...options, ...change }).map(({ time }) => time);

describe('alarms', () => {
  it('rise once per run, at the last row of the window', () => {
    expect(rises('..##..#.')).toEqual([30, 70]);
    expect(alarms(sketch({ alarm: '..##..#.' }), options).map(({ end }) => end)).toEqual([40, 70]);
  });

  it('exceed at the threshold itself', () => {
    expect(rises('..#', { threshold: 0.9 })).toEqual([30]);
    expect(rises('..#', { threshold: 0.9000001 })).toEqual([]);
  });

  it('wait for the persistence and count from the window that completes it', () => {
    expect(rises('.##.###.####', { persistence: 3 })).toEqual([70, 110]);
  });

  it('do not bridge a missing score', () => {
    expect(rises('.##?##.', { persistence: 3 })).toEqual([]);
    expect(rises('.##?##.', { persistence: 2 })).toEqual([30, 60]);
  });

  it('stay until the score is below the lower threshold, where there is one', () => {
    const scored = { ...sketch({ alarm: '..##.#.?#' }), score: Float64Array.of(0, 0.6, 0.9, 0.9, 0.5, 0.9, 0.4, NaN, 0.9) };
    const spans = (change: object): number[][] => alarms(scored, { ...options, threshold: 0.6, persistence: 2, ...change }).map(({ time, end }) => [time, end]);
    expect(spans({})).toEqual([[30, 40]]);
    expect(spans({ offThreshold: 0.5 })).toEqual([[30, 60]]);
    expect(spans({ offThreshold: 0.3 })).toEqual([[30, 70]]);
    expect(spans({ offThreshold: 0.99 })).toEqual([[30, 40]]);
  });

  it('merge when they return within the hold-off of the last end', () => {
    const drawn = '.#..#....#.';
    expect(rises(drawn, { holdOffSeconds: 29 })).toEqual([20, 50, 100]);
    expect(rises(drawn, { holdOffSeconds: 30 })).toEqual([20, 100]);
    // counted from the last end of the merged alarm, not from its rise
    expect(rises(drawn, { holdOffSeconds: 50 })).toEqual([20]);
    expect(alarms(sketch({ alarm: drawn }), { ...options, holdOffSeconds: 50 })[0]).toMatchObject({ time: 20, end: 100 });
  });

  it('are not raised in warm-up; one that is still on is raised at its end and marked', () => {
    expect(rises('##....#', {}, 40)).toEqual([70]);
    const [carried, later] = alarms(sketch({ alarm: '.####..#', warmup: 40 }), options);
    expect(carried).toMatchObject({ time: 40, end: 50, carriedFromWarmup: true });
    expect(later).toMatchObject({ time: 80, carriedFromWarmup: false });
  });

  it('that complete their persistence after warm-up are not carried over', () => {
    const [alarm] = alarms(sketch({ alarm: '..####', warmup: 40 }), { ...options, persistence: 2 });
    expect(alarm).toMatchObject({ time: 40, carriedFromWarmup: false });
  });

  it('refuse options that mean nothing', () => {
    expect(() => rises('.', { threshold: NaN })).toThrow(/threshold/);
    expect(() => rises('.', { persistence: 0 })).toThrow(/persistence is 0/);
    expect(() => rises('.', { persistence: 1.5 })).toThrow(/persistence is 1.5/);
    expect(() => rises('.', { holdOffSeconds: -1 })).toThrow(/hold-off/);
  });
});
