import { describe, expect, it } from 'vitest';
import { deriveLeaks, readCase, readGenkey, readTpl, type ReadTplOptions, type TplFile } from '../../src/olga/index.js';
import { tinyGenkey } from './tinyGenkey.js';
import { bytesOf, tinyTpl } from './tinyTpl.js';

/** Times with the number of the row as value, and the leak's flow. */
const restarted = (times: readonly number[], flow: (row: number) => number = () => 0): Uint8Array => bytesOf(tinyTpl((parts) => {
  parts.rows = times.map((time, row) => `${time} ${row} 0 ${flow(row)}`);
}));
const read = (times: readonly number[], options?: ReadTplOptions): TplFile => readTpl(restarted(times), options);
const kept = (tpl: TplFile): number[] => [...tpl.columns[0]!];

describe('time that runs backwards', () => {
  it('begins a segment', () => {
    expect(read([0, 1, 2, 3]).segments).toEqual([{ from: 0, to: 4 }]);
    expect(read([]).segments).toEqual([]);
    const tpl = read([0, 1, 2, 3, 2, 3, 4, 1, 5]);
    expect(tpl.segments).toEqual([{ from: 0, to: 4 }, { from: 4, to: 7 }, { from: 7, to: 9 }]);
    expect(tpl.rows).toBe(9);
    expect(tpl.warnings).toMatchObject([{ code: 'time-backwards', message: expect.stringMatching(/2 times.*all rows are kept/) }]);
  });

  it('takes away what is written again, under keep-last', () => {
    const once = read([0, 1, 2, 3, 2, 3, 4], { overlaps: 'keep-last' });
    expect([...once.time.seconds]).toEqual([0, 1, 2, 3, 4]);
    expect(kept(once)).toEqual([0, 1, 4, 5, 6]);
    expect(once.segments).toEqual([{ from: 0, to: 2 }, { from: 2, to: 5 }]);
    expect(once.lines).toEqual({ total: 7, perRow: 1, skipped: 0, cut: 0, overlapped: 2 });
    expect(once.warnings).toMatchObject([{ message: expect.stringMatching(/2 rows that were written again are left out/) }]);
    // A restart from the beginning leaves nothing of what was before it; two restarts may take from the same start.
    expect(read([5, 6, 0, 1], { overlaps: 'keep-last' }).segments).toEqual([{ from: 0, to: 2 }]);
    const twice = read([0, 1, 2, 3, 2.5, 3.5, 0.5, 9], { overlaps: 'keep-last' });
    expect(kept(twice)).toEqual([0, 6, 7]);
    expect(twice.segments).toEqual([{ from: 0, to: 1 }, { from: 1, to: 3 }]);
    expect(read([0, 1, 1, 2], { overlaps: 'keep-last' }).rows).toBe(4);
  });

  it('a hundred thousand times is read at once', () => {
    const times = Array.from({ length: 100_000 }, (_, row) => (row % 2 === 0 ? row : row - 2));
    expect(read(times).segments).toHaveLength(50_001);
    expect(read(times, { overlaps: 'keep-last' }).time.seconds.every((time, row, all) => row === 0 || time >= all[row - 1]!)).toBe(true);
  });

  it('is a column of the table, so that windows over a restart can be told', () => {
    const table = (times: readonly number[], overlaps: 'keep' | 'keep-last' = 'keep') =>
      readCase({ caseId: 'x', tpl: { name: 'x.tpl', bytes: restarted(times) } }, { overlaps }).table;
    expect(table([0, 1, 2]).columns.map((column) => column.name)).not.toContain('segment');
    expect(table([0, 1, 2, 1, 2]).columns[1]).toEqual({ name: 'segment', values: Int32Array.of(0, 0, 0, 1, 1), unit: '', role: 'clock', attributes: { description: 'Number of the start or restart' } });
    expect(table([0, 1, 2, 1, 2], 'keep-last')).toMatchObject({ rows: 3, columns: [{ name: 'time' }, { name: 'segment', values: Int32Array.of(0, 1, 1) }, {}, {}, {}, {}, {}, {}, {}] });
  });

  it('parts the intervals of a leak', () => {
    const times = [0, 1, 2, 3, 2, 3, 4, 5];
    const tpl = readTpl(restarted(times, (row) => (times[row]! > 1 && times[row]! < 4 ? -1 : 0)));
    const { leaks, state } = deriveLeaks(tpl);
    expect(leaks[0]!.intervals).toEqual([{ start: 2, end: 3, peakFlow: 1 }, { start: 2, end: 3, peakFlow: 1 }]);
    expect([...state]).toEqual([0, 0, 1, 1, 1, 1, 0, 0]);
    const planned = deriveLeaks(tpl, readGenkey(tinyGenkey()));
    expect(planned.leaks[0]).toMatchObject({ consistent: true, intervals: [{ start: 1, end: 3 }, { start: 2, end: 4 }] });
    expect(planned.warnings).toEqual([]);
  });
});
