import exceljs from 'exceljs';
import { describe, expect, it, vi } from 'vitest';
import { compareDetectors, shiftedLabels, summarizeEstimates, type Comparison, type EventEstimate, type ScoredCase } from '../../src/evaluation/index.js';
import { offlineCharts, offlineHtml, offlineWorkbook, svgToPng, type OfflineReportInput } from '../../src/report/index.js';
import { safeCell } from '../../src/report/workbook/cells.js';
import { fixZipTimes } from '../../src/report/workbook/fixZipTimes.js';
import { simulatedScores } from '../evaluation/simulatedScores.js';

const options = { threshold: 0.7, persistence: 2, holdOffSeconds: 60, graceSeconds: 0 };
const model = simulatedScores({ cases: 12, skill: 2.2, seed: 3, windows: 160 });

const comparison = compareDetectors({
  model: { cases: model, options: { ...options, sweep: [0.5, 0.7, 0.9] } }, clock_only: { cases: simulatedScores({ cases: 12, skill: 0, seed: 3, windows: 160 }), options },
});

/** What a model of three classes of size said of six leaks. */
const sizes = summarizeEstimates([[0, 0], [0, 1], [1, 1], [1, 1], [1, 2], [1, 1]].map(([truth, estimate], n): EventEstimate => ({
  model: 'size', quantity: 'size class', caseId: `c${n}`, leak: 'LEAK', interval: 1, truth: truth!, estimate: estimate!, error: Math.abs(estimate! - truth!), errorPercent: null, windows: 1,
})), null, new Map([['size', { names: ['< 1', '1 to 2', '>= 2'], unit: 'kg/s' }]]));

function input(change: Partial<OfflineReportInput> = {}): OfflineReportInput {
  return {
    bundles: [{ name: 'model', comparison, shifted: shiftedLabels(model, { repeats: 5, seed: 1 }) }],
    config: { persistence: 2, inference: { wavelet: 'db2', features: ['a', 'b'] }, nothing: null },
    configHash: '5f2c9a10',
    ...change,
  };
}

async function read(bytes: Uint8Array): Promise<exceljs.Workbook> {
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.load(Buffer.from(bytes) as unknown as ArrayBuffer);
  return workbook;
}

function column(sheet: exceljs.Worksheet, header: string): unknown[] {
  const at = (sheet.getRow(2).values as unknown[]).indexOf(header);
  expect(at, `column ${header}`).toBeGreaterThan(0);
  return sheet.getColumn(at).values.slice(3);
}

describe('offlineWorkbook', () => {
  it('has its sheets, headings that stay in sight, and the picture', async () => {
    const pictures = offlineCharts(input()).map(({ section, svg }) => ({ section, png: svgToPng(svg, { width: 300 }) }));
    const workbook = await read(await offlineWorkbook(input(), pictures));
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['Summary', 'Cases', 'Events', 'Sizes', 'Locations', 'Regimes', 'Thresholds', 'Confusion', 'Alarms', 'Config']);
    for (const sheet of workbook.worksheets) expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 2 });
    const images = ['Sizes', 'Thresholds', 'Confusion'].map((name) => workbook.getWorksheet(name)!.getImages().length);
    expect(images).toEqual([3, 3, 1]);
  });

  it('says what the evaluation says', async () => {
    const given = input();
    const evaluation = comparison.evaluations['model']!;
    const workbook = await read(await offlineWorkbook(given));
    expect(column(workbook.getWorksheet('Cases')!, 'Case')).toEqual(model.map(({ caseId }) => caseId));
    expect(column(workbook.getWorksheet('Events')!, 'Outcome')).toEqual(evaluation.events.map(({ outcome }) => outcome));
    expect(workbook.getWorksheet('Confusion')!.getCell('D4').value).toBe(evaluation.windows.confusion.truePositive);
    const summary: unknown[] = [];
    workbook.getWorksheet('Summary')!.eachRow((row) => summary.push(row.getCell(1).value));
    expect(summary).toContain(evaluation.falseAlarms.statement);
    expect(summary).toContain(given.bundles[0]!.shifted!.statement);
    for (const warning of comparison.warnings) expect(summary).toContain(warning);
    const config = workbook.getWorksheet('Config')!;
    expect(Object.fromEntries(column(config, 'Key').map((key, i) => [key, config.getCell(3 + i, 2).value]))).toMatchObject({
      config_hash: '5f2c9a10', persistence: 2, 'inference.wavelet': 'db2', 'inference.features': 'a, b',
    });
  });

  it('has the classes of size beneath the windows: counts, leaks, and shares of each true class', async () => {
    const given = input({ estimateSummaries: sizes });
    const charts = offlineCharts(given);
    expect(charts.filter(({ section }) => section === 'Confusion').map(({ name }) => name)).toEqual(['confusion_matrix', 'confusion_matrix_size']);
    expect(charts.at(-1)!.svg).toMatch(/Size classes, size.*leaks by the class of their size \(kg\/s\).*1 to 2/s);
    const workbook = await read(await offlineWorkbook(given, charts.map(({ section, svg }) => ({ section, png: svgToPng(svg, { width: 300 }) }))));
    const sheet = workbook.getWorksheet('Confusion')!;
    const row = (number: number) => (sheet.getRow(number).values as unknown[]).slice(1);
    expect(row(6)).toEqual(['Bundle', 'True class (kg/s)', '< 1 said', '1 to 2 said', '>= 2 said', 'Leaks', '< 1, share', '1 to 2, share', '>= 2, share']);
    expect([7, 8, 9].map(row)).toEqual([
      ['size', '< 1', 1, 1, 0, 2, 0.5, 0.5, 0], ['size', '1 to 2', 0, 3, 1, 4, 0, 0.75, 0.25], ['size', '>= 2', 0, 0, 0, 0, null, null, null].slice(0, 6),
    ]);
    expect(sheet.getCell('H8').numFmt).toBe('0.0%');
    expect(sheet.getImages().map(({ range }) => range.tl.nativeRow)[0]).toBe(11);
    expect((await read(await offlineWorkbook(input()))).getWorksheet('Confusion')!.rowCount).toBe(4);
  });

  it('says how many windows lie outside the range of the training, case by case and of every bundle', async () => {
    const outside = model.map((one, n) => ({ ...one, outside: one.score.map((_, i) => (n === 1 && i >= 50 && i < 60 ? 1 : 0)) }) as unknown as ScoredCase);
    const bundles = [{ name: 'a', comparison: compareDetectors({ a: { cases: outside, options } }) }, { name: 'b', comparison: compareDetectors({ b: { cases: model, options } }) }];
    const workbook = await read(await offlineWorkbook(input({ bundles })));
    const counts = bundles[0]!.comparison.evaluations['a']!.cases.map((one) => one.outside);
    expect(counts.slice(0, 3)).toEqual([0, counts[1], 0]);
    expect(counts[1]).toBeGreaterThan(0);
    expect(column(workbook.getWorksheet('Cases')!, 'Outside training range')).toEqual(counts);
    const lines: unknown[][] = [];
    workbook.getWorksheet('Summary')!.eachRow((row) => lines.push([1, 2, 5].map((c) => row.getCell(c).value)));
    const { windows } = bundles[0]!.comparison.evaluations['a']!.windows;
    expect(lines).toContainEqual(['Outside training range, a', counts[1]! / windows, `${counts[1]!} of ${windows} scored windows have a signal outside the range of the training`]);
    expect(lines).toContainEqual(['Outside training range, b', null, 'the bundle does not say the ranges of its training']);
    expect(new TextDecoder().decode(offlineHtml(input({ bundles }), { series: [], charts: [] }))).toContain(`a: ${counts[1]!} of ${windows} scored windows have a signal outside`);
  });

  it('gives the same bytes for the same input at another time', async () => {
    const first = await offlineWorkbook(input());
    vi.useFakeTimers({ now: new Date('2031-05-06T07:08:10Z'), toFake: ['Date'] });
    try {
      expect(Buffer.compare(await offlineWorkbook(input()), first)).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('holds no formula, no NaN and no infinity, whatever it is given', async () => {
    const hostile = { ...model[0]!, caseId: '=cmd|calc!A1', group: '@SUM(1)', meanFlow: undefined, stepSeconds: 5 };
    const silent = { ...model[1]!, caseId: 'silent', score: new Float64Array(model[1]!.score.length).fill(NaN) };
    const bundles = [{ name: 'model', comparison: compareDetectors({ model: { cases: [hostile, silent], options } }) }];
    const workbook = await read(await offlineWorkbook(input({ bundles, config: { a: '+1', b: NaN, c: '\u0001-x' } })));
    for (const sheet of workbook.worksheets) {
      sheet.eachRow((row) =>
        row.eachCell((cell) => {
          expect(cell.formula).toBeUndefined();
          if (typeof cell.value === 'number') expect(Number.isFinite(cell.value)).toBe(true);
          if (typeof cell.value === 'string') expect(cell.value).not.toMatch(/^[=+\-@]|NaN|Infinity/);
        }),
      );
    }
    expect(column(workbook.getWorksheet('Cases')!, 'Case')).toEqual(["'=cmd|calc!A1", 'silent']);
  });

  it('needs a detector and a real picture', async () => {
    const nothing: Comparison = { rows: [], evaluations: {}, scheduleShared: null, warnings: [] };
    await expect(offlineWorkbook(input({ bundles: [{ name: 'model', comparison: nothing }] }))).rejects.toThrow(/at least one detector/);
    await expect(offlineWorkbook(input(), [{ section: 'Sizes', png: new Uint8Array(50) }])).rejects.toThrow(/not a PNG/);
  });

  it('can be written for no cases at all', async () => {
    const bundles = [{ name: 'model', comparison: compareDetectors({ model: { cases: [], options } }) }];
    expect((await read(await offlineWorkbook(input({ bundles })))).worksheets).toHaveLength(10);
  });
});

describe('safeCell', () => {
  it('keeps numbers that a cell can hold and empties the others', () => {
    expect([1.5, NaN, Infinity, undefined, null, true].map(safeCell)).toEqual([1.5, null, null, null, null, true]);
  });

  it('guards text that would become a formula, and cuts what is too long', () => {
    expect(['=1', '+1', '-1', '@x', '\t=1', ' =1', 'PT=1', '\ud800a'].map(safeCell)).toEqual(["'=1", "'+1", "'-1", "'@x", "'\t=1", "' =1", 'PT=1', 'a']);
    expect((safeCell('x'.repeat(40_000)) as string).length).toBe(32_767);
  });
});

describe('fixZipTimes', () => {
  it('refuses what is no zip archive', () => {
    expect(() => fixZipTimes(new Uint8Array(100))).toThrow(/not a zip archive/);
  });
});
