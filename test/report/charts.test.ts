import { describe, expect, it } from 'vitest';
import { confusionChart, leakSeriesChart, prChart, rocChart, svgToPng, thin, trainingCurveChart, type LeakSeriesData } from '../../src/report/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { overlaps, texts } from './texts.js';

function leakCase(change: Partial<LeakSeriesData> = {}): LeakSeriesData {
  const random = createRandom(4);
  const time = Float64Array.from({ length: 1200 }, (_, i) => i);
  const flow = (sign: number) => time.map((t) => 180 + (t > 700 ? sign * 6 : 0) + random.normal(0, 0.4));
  const windows = Float64Array.from({ length: 232 }, (_, i) => 40 + 5 * i);
  return {
    title: 'sim-0001',
    time,
    panels: [
      { title: 'Mass flow', unit: 'kg/s', series: [{ name: 'GT inlet', values: flow(1) }, { name: 'GT outlet', values: flow(-1) }] },
      { title: 'Pressure', unit: 'Pa', series: [{ name: 'PT inlet', values: time.map((t) => 68e5 - (t > 700 ? 1e5 : 0)) }, { name: 'PT outlet', values: time.map((t) => 21e5 - (t > 700 ? 5e4 : 0)) }] },
    ],
    score: { time: windows, values: windows.map((t) => (t > 720 ? 0.93 : 0.05)), threshold: 0.5 },
    leaks: [{ start: 700, end: 1199, label: '8 kg/s' }],
    alarms: [{ time: 305, kind: 'false' }, { time: 725, kind: 'detection', delay: 25 }],
    warmup: { start: 0, end: 60 },
    ...change,
  };
}

describe('leakSeriesChart', () => {
  it('names title, panels with units, series, threshold, delay and time axis', () => {
    const found = texts(leakSeriesChart(leakCase()));
    for (const text of ['sim-0001', 'Mass flow (kg/s)', 'GT inlet', 'GT outlet', 'threshold 0.5', '8 kg/s', '+25 s', 'false alarm: 1', 'detection (delay): 1', 'time since start of case (s)']) {
      expect(found).toContain(text);
    }
  });

  it('draws signals of far apart levels as changes from their level before the leak, and says so', () => {
    const found = texts(leakSeriesChart(leakCase()));
    expect(found).toContain('Pressure, change (Pa)');
    expect(found).toContain('PT inlet (from 6.8M)');
    const [flow, pressure] = leakCase().panels;
    const plain = texts(leakSeriesChart(leakCase({ panels: [flow!, { ...pressure!, draw: 'value' }] })));
    expect(plain).toContain('Pressure (Pa)');
  });

  it('shades the leak in every panel', () => {
    const svg = leakSeriesChart(leakCase());
    expect(svg.match(/fill="#fbeed2" fill-opacity|fill="#fbeed2"\/>/g)).toHaveLength(3);
  });

  it('never lets texts touch, however crowded', () => {
    const crowded = leakCase({
      title: 'a title that is much longer than the picture is wide '.repeat(4),
      panels: [{ title: 'A quantity with a long name indeed', unit: 'kg/s', series: Array.from({ length: 14 }, (_, k) => ({ name: `PT_${k} @ ${137 * k} m of the line`, values: new Float64Array(1200).fill(k) })) }],
      leaks: Array.from({ length: 40 }, (_, k) => ({ start: 30 * k, end: 30 * k + 12, label: `leak ${k}` })),
      alarms: Array.from({ length: 40 }, (_, k) => ({ time: 30 * k + 4, kind: 'detection' as const, delay: 4 + k / 7 })),
    });
    expect(overlaps(leakSeriesChart(crowded))).toEqual([]);
    expect(overlaps(leakSeriesChart(leakCase()))).toEqual([]);
    expect(overlaps(leakSeriesChart(leakCase({ width: 420 })))).toEqual([]);
  });

  it('stands missing values, constants, no rows, no alarms and hostile names', () => {
    const gaps = Float64Array.from({ length: 1200 }, (_, i) => (i % 100 < 50 ? i : NaN));
    const hostile = leakCase({ title: '<b>&"\u0001\ud800', panels: [{ title: '', unit: '', series: [{ name: '</svg>', values: gaps }] }], alarms: [] });
    const svg = leakSeriesChart(hostile);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|<\/svg>.+|\u0001|\ud800/u);
    expect(svg).toContain('&lt;/svg&gt;');
    const empty = leakSeriesChart(leakCase({ time: [], panels: [], score: { time: [], values: [], threshold: Infinity }, leaks: [], alarms: [], warmup: undefined }));
    expect(empty).not.toMatch(/NaN|Infinity|undefined/);
    expect(svgToPng(svg).length).toBeGreaterThan(1000);
  });

  it('refuses series that are not as long as their time', () => {
    const panels = [{ title: 'x', unit: '', series: [{ name: 'PT', values: [1, 2] }] }];
    expect(() => leakSeriesChart(leakCase({ panels }))).toThrow(/series PT has 2 values, its time has 1200/);
  });

  it('keeps long series small', () => {
    const time = Float64Array.from({ length: 200_000 }, (_, i) => i);
    const random = createRandom(2);
    const svg = leakSeriesChart(leakCase({ time, panels: [{ title: 'Flow', unit: '', series: [{ name: 'GT', values: time.map(() => random.normal()) }] }] }));
    expect(svg.length).toBeLessThan(60_000);
  });
});

describe('thin', () => {
  it('keeps at most two points per pixel, with every peak in place', () => {
    const x = Float64Array.from({ length: 10_000 }, (_, i) => i);
    const y = new Float64Array(10_000);
    y[1234] = 5;
    y[7777] = -3;
    const thinned = thin(x, y, 300);
    expect(thinned.x.length).toBeLessThanOrEqual(600);
    expect(thinned.x[thinned.y.indexOf(5)]).toBe(1234);
    expect(thinned.x[thinned.y.indexOf(-3)]).toBe(7777);
    expect([...thinned.x]).toEqual([...thinned.x].sort((a, b) => a - b));
  });

  it('leaves short series as they are and breaks at missing stretches', () => {
    expect([...thin([1, 2, 3], [1, NaN, 3], 10).y]).toEqual([1, NaN, 3]);
    const y = Float64Array.from({ length: 1000 }, (_, i) => (i >= 400 && i < 600 ? NaN : 1));
    expect([...thin(y.map((_, i) => i), y, 50).y].some(Number.isNaN)).toBe(true);
  });
});

describe('other charts', () => {
  it('show counts and the share of each true class, and never round to certainty', () => {
    const svg = confusionChart({ title: 'Confusion', labels: ['no leak', 'leak'], counts: [[99_999, 1], [0, 0]] });
    expect(texts(svg)).toEqual(expect.arrayContaining(['99,999', '&gt; 99.9 %', '&lt; 0.1 %', 'none']));
    expect(overlaps(svg)).toEqual([]);
    expect(() => confusionChart({ title: 'x', labels: ['a'], counts: [[1, 2]] })).toThrow(/1 classes/);
  });

  it('turn class names that do not fit', () => {
    const labels = Array.from({ length: 12 }, (_, i) => `a class with a very long name ${i}`);
    const svg = confusionChart({ title: 'Sizes', labels, counts: labels.map((_, i) => labels.map((_, j) => (i === j ? 1_234_567 : 3))) });
    expect(svg).toContain('rotate(-45');
    expect(overlaps(svg)).toEqual([]);
  });

  it('mark the best iteration', () => {
    const valid = [0.6, 0.5, 0.45, 0.47];
    const svg = trainingCurveChart({ title: 'Training', metric: 'binary_logloss', train: [0.6, 0.4, 0.3, 0.2], valid, bestIteration: 3 });
    expect(texts(svg)).toContain('best iteration 3: 0.4500');
    expect(overlaps(svg)).toEqual([]);
    expect(trainingCurveChart({ title: 'Training', metric: 'm', train: [], valid: [] })).not.toMatch(/NaN|undefined/);
  });

  it('draw rates in both directions of x', () => {
    const x = Float64Array.from({ length: 5000 }, (_, i) => 1 - i / 4999);
    const svg = prChart({ title: 'PR', prevalence: 0.2, curves: [{ name: 'model', x, y: x.map((v) => 1 - 0.3 * v) }] });
    expect(svg).not.toContain('NaN');
    expect(overlaps(rocChart({ title: 'ROC', curves: [{ name: 'model (AUC 0.98)', x, y: x }] }))).toEqual([]);
  });
});

describe('svgToPng', () => {
  const svg = confusionChart({ title: 'Confusion', labels: ['no leak', 'leak'], counts: [[90, 10], [5, 95]] });
  const size = (png: Uint8Array): number => new DataView(png.buffer, png.byteOffset).getUint32(16);

  it('gives the same bytes each time, at twice the size or as wide as asked', () => {
    const png = svgToPng(svg);
    expect(Buffer.compare(svgToPng(svg), png)).toBe(0);
    expect(size(png)).toBe(2 * Number(/width="(\d+)"/.exec(svg)![1]));
    expect(size(svgToPng(svg, { width: 300 }))).toBe(300);
  });

  it('draws the text: without its texts the picture is another', () => {
    expect(svgToPng(svg).length).toBeGreaterThan(1.5 * svgToPng(svg.replace(/<text[^>]*>[^<]*<\/text>/g, '')).length);
  });

  it('refuses to lose text where the font is missing', () => {
    expect(() => svgToPng(svg, { fontFiles: [] })).toThrow(/no DejaVu Sans/);
    expect(() => svgToPng(svg, { fontFiles: ['/nowhere/font.ttf'] })).toThrow(/nowhere/);
  });
});
