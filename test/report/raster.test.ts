import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { bundledFontFiles, leakSeriesChart, openPngRenderer, svgToPng, type LeakSeriesData } from '../../src/report/index.js';
import { pathLines } from '../../src/report/charts/raster/pathLines.js';
import { createRandom } from '../../src/numeric/index.js';

const fonts = bundledFontFiles().map((file) => new Uint8Array(readFileSync(file)));
const random = createRandom(3);
const time = Float64Array.from({ length: 900 }, (_, i) => i);
const noisy = (level: number): Float64Array => time.map((t) => level + (t > 500 ? 6 : 0) + random.normal(0, 0.8));
const everyMark: LeakSeriesData = {
  title: 'Übung & "AVÅ" <1>', subtitle: '1 of 1 leak found, 1 false alarm', time,
  panels: [
    { title: 'Flow', unit: 'kg/s', series: Array.from({ length: 10 }, (_, k) => ({ name: `GT ${k}`, values: noisy(180 + 4 * k) })) },
    { title: 'Pressure', unit: 'Pa', series: [{ name: 'PT', values: time.map((t) => (t > 100 && t < 130 ? NaN : 68e5 - 1e3 * t)) }] },
  ],
  score: { time, values: time.map((t) => (t > 520 ? 0.9 : 0.1)), threshold: 0.5 },
  leaks: [{ start: 500, end: 700, label: 'leak' }],
  alarms: (['false', 'detection', 'repeat', 'recovery', 'carried'] as const).map((kind, n) => ({ time: 100 + 150 * n, kind, ...(kind === 'detection' && { delay: 25 }) })),
  warmup: { start: 0, end: 60 }, recovery: [{ start: 700, end: 800 }],
};

describe('the renderer of charts by the hundred', () => {
  it('draws what the renderer of all SVG draws', () => {
    const svg = leakSeriesChart(everyMark);
    const ours = decoded(openPngRenderer(fonts)(svg, 1500));
    const rendered = new Resvg(svg, { font: { fontFiles: bundledFontFiles(), loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' }, fitTo: { mode: 'width', value: 1500 } }).render();
    const theirs = rendered.pixels;
    expect([ours.width, ours.height]).toEqual([rendered.width, rendered.height]);
    // Texts are spaced without kerning, and edges rounded otherwise: a shade here and there, and no shape missing.
    let sum = 0;
    const tiles = new Float64Array(Math.ceil(ours.width / 30) * Math.ceil(ours.height / 30));
    for (let y = 0; y < ours.height; y++) {
      for (let x = 0; x < ours.width; x++) {
        for (let c = 0; c < 3; c++) {
          const difference = ours.rows[y * (3 * ours.width + 1) + 1 + 3 * x + c]! - theirs[4 * (y * ours.width + x) + c]!;
          sum += Math.abs(difference);
          tiles[Math.floor(y / 30) * Math.ceil(ours.width / 30) + Math.floor(x / 30)]! += difference / 2700;
        }
      }
    }
    expect(sum / (3 * ours.width * ours.height)).toBeLessThan(2.5);
    expect(Math.max(...tiles.map(Math.abs))).toBeLessThan(12);
  });

  it('draws the same bytes again, whatever it has drawn between', () => {
    const render = openPngRenderer(fonts);
    const first = render(leakSeriesChart(everyMark), 1200);
    render(leakSeriesChart({ ...everyMark, alarms: [], title: 'another' }), 1500);
    expect(Buffer.compare(render(leakSeriesChart(everyMark), 1200), first)).toBe(0);
  });

  it('leaves what it does not know to the renderer of all SVG', () => {
    const circle = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20"><circle cx="10" cy="10" r="5" fill="#ff0000"/></svg>';
    expect(Buffer.compare(openPngRenderer(fonts)(circle, 40), svgToPng(circle, { width: 40 }))).toBe(0);
    expect(pathLines('M0,0L1e300,1')).toBeUndefined();
    expect(pathLines('M0,0L1,')).toBeUndefined();
    expect(pathLines('M0.1,-123.45L7,0')![0]!.points).toEqual([0.1, -123.45, 7, 0]);
    expect(pathLines('M0,0C1,1 2,2 3,3')).toBeUndefined();
    expect(pathLines('M1,2h3v-1.5Zm1,1l-1,1')).toEqual([{ points: [1, 2, 4, 2, 4, 0.5], closed: true }, { points: [2, 3, 1, 4], closed: false }]);
  });

  it('refuses bytes that are no font', () => {
    expect(() => openPngRenderer([new Uint8Array(20), fonts[1]!])).toThrow('the font has no table');
  });
});

/** A PNG of RGB rows without filters. */
function decoded(png: Uint8Array): { width: number; height: number; rows: Uint8Array } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks: Uint8Array[] = [];
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === 0x49444154) chunks.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return { width: view.getUint32(16), height: view.getUint32(20), rows: inflateSync(Buffer.concat(chunks)) };
}
