import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarms, matchEvents, type Matching, type MatchOptions } from '../../src/evaluation/index.js';
import { options, sketch } from './scoredCase.js';

type Drawn = Parameters<typeof sketch>[0];
const match = (drawn: Drawn, change: Partial<MatchOptions> = {}): Matching => matchEvents(sketch(drawn), { ...options, ...change });
const outcomes = ({ events }: Matching): string[] => events.map(({ outcome }) => outcome);
const kinds = (matching: Matching): string[] => matching.alarms.map(({ kind }) => kind);

describe('matchEvents', () => {
  it('detects at a rise inside the leak and counts the delay from the true onset', () => {
    const matching = match({ alarm: '....##..', leaks: [[33, 60]] });
    expect(matching.events[0]).toMatchObject({ outcome: 'detected', alarmTime: 50, delay: 17 });
    expect(matching.alarms[0]).toMatchObject({ kind: 'detection', event: 0 });
  });

  it('counts a rise exactly at onset and exactly at the end', () => {
    expect(match({ alarm: '...#....', leaks: [[40, 60]] }).events[0]).toMatchObject({ outcome: 'detected', delay: 0 });
    expect(match({ alarm: '.....#..', leaks: [[40, 60]] }).events[0]).toMatchObject({ outcome: 'detected', delay: 20 });
  });

  it('adds the persistence to the delay', () => {
    expect(match({ alarm: '...####.', leaks: [[40, 80]] }, { persistence: 3 }).events[0]).toMatchObject({ delay: 20 });
  });

  it('calls an alarm that is already on at onset false, and the leak missed', () => {
    const matching = match({ alarm: '..#####.', leaks: [[40, 80]] });
    expect(outcomes(matching)).toEqual(['already-on']);
    expect(kinds(matching)).toEqual(['false']);
  });

  it('detects when the alarm re-arms inside the leak', () => {
    const matching = match({ alarm: '..##.##.', leaks: [[40, 80]] });
    expect(matching.events[0]).toMatchObject({ outcome: 'detected', delay: 20 });
    expect(kinds(matching)).toEqual(['false', 'detection']);
  });

  it('does not take a return within the hold-off for a re-arming', () => {
    const matching = match({ alarm: '..##.##.', leaks: [[40, 80]] }, { holdOffSeconds: 30 });
    expect(outcomes(matching)).toEqual(['already-on']);
    expect(kinds(matching)).toEqual(['false']);
  });

  it('misses the second leak when the alarm of the first never falls', () => {
    const matching = match({ alarm: '...############', leaks: [[40, 60], [100, 130]] });
    expect(outcomes(matching)).toEqual(['detected', 'already-on']);
    expect(kinds(matching)).toEqual(['detection']);
  });

  it('gives one alarm to one of two leaks that run at once', () => {
    const matching = match({ alarm: '.....#......', leaks: [[20, 100], [40, 80]] });
    expect(outcomes(matching)).toEqual(['missed', 'detected']);
    expect(kinds(matching)).toEqual(['detection']);
  });

  it('gives two alarms to two leaks that run at once, whichever order serves both', () => {
    const matching = match({ alarm: '..#..#......', leaks: [[20, 100], [25, 40]] });
    expect(matching.events.map(({ onset, alarmTime }) => [onset, alarmTime])).toEqual([[20, 60], [25, 30]]);
    expect(kinds(matching)).toEqual(['detection', 'detection']);
  });

  it('calls a further alarm in a detected leak a repeat, neither false nor a detection', () => {
    expect(kinds(match({ alarm: '...#.#.#....', leaks: [[40, 90]] }))).toEqual(['detection', 'repeat', 'repeat']);
  });

  it('accepts a rise within the grace after the end, not after it', () => {
    const late: Drawn = { alarm: '........#...', leaks: [[40, 70]] };
    expect(outcomes(match(late, { graceSeconds: 20 }))).toEqual(['detected']);
    const beyond = match(late, { graceSeconds: 19 });
    expect(outcomes(beyond)).toEqual(['missed']);
    expect(kinds(beyond)).toEqual(['false']);
  });

  it('reports alarms in recovery apart, and the first one after it as false', () => {
    const matching = match({ alarm: '........#..#', leaks: [[40, 70]], recovery: 25 });
    expect(kinds(matching)).toEqual(['recovery', 'false']);
    expect(outcomes(matching)).toEqual(['missed']);
  });

  it('counts every interval of one leak as an event of its own', () => {
    const drawn = sketch({ alarm: '...#....#...' });
    const leaks = [{ name: 'FUGA', position: 700, diameter: 0.01, intervals: [{ start: 35, end: 60, peakFlow: 3 }, { start: 85, end: 110, peakFlow: 4 }, { start: 115, end: 119, peakFlow: 4 }] }];
    const { events } = matchEvents({ ...drawn, leaks }, options);
    expect(events.map(({ leak, interval, outcome, delay }) => [leak, interval, outcome, delay])).toEqual([
      ['FUGA', 1, 'detected', 5],
      ['FUGA', 2, 'detected', 5],
      ['FUGA', 3, 'missed', undefined],
    ]);
    expect(events[0]).toMatchObject({ position: 700, diameter: 0.01, peakFlow: 3 });
  });

  it('leaves out onsets in warm-up and after the last window', () => {
    const matching = match({ alarm: '....#...', leaks: [[15, 60], [70, 75], [90, 120]], warmup: 40 });
    expect(matching.events.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['excluded', 'onset in warm-up'],
      ['missed', ''],
      ['excluded', 'onset after the last window'],
    ]);
    expect(kinds(matching)).toEqual(['repeat']);
  });

  it('lets nothing that rose in warm-up detect a leak', () => {
    const matching = match({ alarm: '.######...', leaks: [[42, 90]], warmup: 50 });
    expect(outcomes(matching)).toEqual(['already-on']);
    expect(kinds(matching)).toEqual(['carried']);
    // re-armed, it detects
    expect(outcomes(match({ alarm: '.###..##..', leaks: [[42, 90]], warmup: 40 }))).toEqual(['detected']);
  });

  it('calls an alarm that warm-up leaves on in healthy time false', () => {
    expect(kinds(match({ alarm: '.######...', warmup: 40 }))).toEqual(['false']);
  });

  it('is not moved by a constant added to all times', () => {
    const drawn = sketch({ alarm: '.#..##..#..#', leaks: [[40, 70]], recovery: 15 });
    const moved = { ...drawn, time: drawn.time.map((t) => t + 1e4), leaks: drawn.leaks.map((leak) => ({ ...leak, intervals: leak.intervals.map((i) => ({ ...i, start: i.start + 1e4, end: i.end + 1e4 })) })) };
    expect(kinds(matchEvents(moved, options))).toEqual(kinds(matchEvents(drawn, options)));
  });

  it('refuses arrays that do not fit, labels beyond 0 and 1, and time that runs back', () => {
    const drawn = sketch({ alarm: '....' });
    expect(() => matchEvents({ ...drawn, score: new Float64Array(3) }, options)).toThrow(/have 4, 3, 4 and 4 windows/);
    expect(() => matchEvents({ ...drawn, label: new Int32Array([0, 2, 0, 0]) }, options)).toThrow(/window 1 has label 2/);
    expect(() => matchEvents({ ...drawn, time: new Float64Array([1, 3, 2, 4]) }, options)).toThrow(/window 2 at 2 s/);
    expect(() => matchEvents(drawn, { ...options, graceSeconds: -5 })).toThrow(/grace is -5/);
  });

  it('pairs as many events and alarms as any one-to-one assignment can', () => {
    const pattern = fc.array(fc.constantFrom('#', '.', '.'), { minLength: 5, maxLength: 24 }).map((marks) => marks.join(''));
    const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 90 })), { maxLength: 4 });
    fc.assert(
      fc.property(pattern, spans, fc.constantFrom(0, 15, 40), (alarm, leaks, graceSeconds) => {
        const drawn = sketch({ alarm, leaks: leaks.map(([start, length]) => [start, start + length] as const) });
        const { events, alarms: classified } = matchEvents(drawn, { ...options, graceSeconds });
        const taken = classified.flatMap(({ event }) => event ?? []);
        expect(new Set(taken).size).toBe(taken.length);
        expect(taken.length).toBe(events.filter(({ outcome }) => outcome === 'detected').length);
        const times = alarms(drawn, options).map(({ time }) => time);
        const open = events.filter(({ outcome }) => outcome !== 'excluded');
        expect(taken.length).toBe(mostPairs(times, open.map(({ onset, end }) => [onset, end + graceSeconds])));
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});

/** Size of the largest matching, by trying everything. */
function mostPairs(times: readonly number[], spans: readonly (readonly [number, number])[]): number {
  const [span, ...rest] = spans;
  if (!span) return 0;
  let best = mostPairs(times, rest);
  times.forEach((time, i) => {
    if (time >= span[0] && time <= span[1]) best = Math.max(best, 1 + mostPairs(times.filter((_, j) => j !== i), rest));
  });
  return best;
}
