import { describe, expect, it } from 'vitest';
import { decodeCsv, encodeCsv, numbers, strings, type Table } from '../../src/table/index.js';

describe('decodeCsv', () => {
  it('reads back what is written, missing numbers, quotes and guarded names too', () => {
    const table: Table = {
      rows: 3, metadata: {},
      columns: [
        { name: 'time', values: Float64Array.of(0, 0.5, 1e-300), unit: 's', role: 'clock' },
        { name: 'PT|POSITION=A, "B"', values: Float64Array.of(1.5, NaN, -0), unit: 'Pa', role: 'measured' },
        { name: '=case', values: ['a,b', 'line\nbreak', ''], unit: '', role: 'id' },
        { name: 'LEAK', values: Int32Array.of(0, 1, 1), unit: '', role: 'truth' },
      ],
    };
    const read = decodeCsv(new TextDecoder().decode(encodeCsv(table)));
    expect(read.columns.map(({ name, role }) => [name, role])).toEqual([['time', 'clock'], ['PT|POSITION=A, "B"', 'measured'], ['=case', 'id'], ['LEAK', 'truth']]);
    expect([...numbers(read, 'PT|POSITION=A, "B"')]).toEqual([1.5, NaN, -0]);
    expect([...numbers(read, 'time')]).toEqual([0, 0.5, 1e-300]);
    expect(strings(read, '=case')).toEqual(['a,b', 'line\nbreak', '']);
  });

  it('takes CRLF, a byte order mark, no last line end and empty lines', () => {
    const read = decodeCsv('\ufefftime,x\r\n0,"1"\r\n1,\r\n\r\n2,3');
    expect([...numbers(read, 'x')]).toEqual([1, NaN, 3]);
    expect(read.rows).toBe(3);
  });

  it('says in which line a file is damaged', () => {
    const message = (text: string): unknown => {
      try {
        return decodeCsv(text);
      } catch (error) {
        return { message: (error as Error).message, line: (error as { place?: { line?: number } }).place?.line };
      }
    };
    expect(message('a,b\n1,2\n3\n')).toEqual({ message: 'the row has 1 cells; the line of names has 2', line: 3 });
    expect(message('a,a\n')).toMatchObject({ message: 'two columns are named "a"' });
    expect(message('a\n"x')).toMatchObject({ message: 'a quote is not closed', line: 2 });
    expect(message('a\n"x"y\n')).toMatchObject({ message: 'text follows a closing quote' });
    expect(message('')).toMatchObject({ message: 'the file is empty' });
  });
});
