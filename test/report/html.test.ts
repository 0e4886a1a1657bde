import { describe, expect, it } from 'vitest';
import { compareDetectors, shiftedLabels, summarizeEstimates, type EventEstimate } from '../../src/evaluation/index.js';
import { offlineCharts, offlineHtml, type CaseSeries, type OfflineReportInput } from '../../src/report/index.js';
import { html, jsonText } from '../../src/report/html/markup.js';
import { simulatedScores } from '../evaluation/simulatedScores.js';

const options = { threshold: 0.7, persistence: 2, holdOffSeconds: 60, graceSeconds: 0, sweep: [0.5, 0.7] };
const hostile = '</script><script>alert(1)</script>"\'&';
const cases = simulatedScores({ cases: 4, skill: 2.2, seed: 3, windows: 160 }).map((one, n) => (n === 0 ? { ...one, caseId: hostile } : one));
const input: OfflineReportInput = {
  title: hostile, bundles: [{ name: 'model', comparison: compareDetectors({ model: { cases, options } }), shifted: shiftedLabels(cases, { repeats: 2, seed: 1 }) }],
  regimeRule: hostile, config: { [hostile]: hostile, list: [hostile] }, configHash: hostile,
};
const long = Float64Array.from({ length: 20_000 }, (_, i) => i);
const series: CaseSeries = {
  caseId: hostile, summary: hostile, time: long,
  panels: [{ title: hostile, unit: 'Pa', signals: [{ name: hostile, values: long.map((t) => (t === 7000 ? 99 : Math.sin(t / 1e3))) }] }],
  score: { time: long, values: long.map(() => NaN), threshold: 0.5 }, leaks: [{ start: 5, end: 9, label: hostile }], alarms: [{ time: 6, kind: 'detection', delay: 1 }],
};
const page = (points = 200): string => new TextDecoder().decode(offlineHtml(input, { series: [series], points, charts: offlineCharts(input) }));

describe('offlineHtml', () => {
  it('draws the classes of size beside the windows, and lists the windows outside the range of the training by case', () => {
    const estimates: EventEstimate[] = [{ model: 'size', quantity: 'size class', caseId: 'c', leak: 'LEAK', interval: 1, truth: 0, estimate: 1, error: 1, errorPercent: null, windows: 1 }];
    const said = { ...input, estimates, estimateSummaries: summarizeEstimates(estimates, null, new Map([['size', { names: ['< 1', '>= 1'], unit: 'kg/s' }]])) };
    const text = new TextDecoder().decode(offlineHtml(said, { series: [], charts: offlineCharts(said) }));
    expect(/<section id="confusion".*?<\/section>/s.exec(text)![0].match(/<figure>/g)).toHaveLength(2);
    expect(text).toMatch(/<section id="confusion".*Size classes, size.*&lt; 1.*<\/section>/s);
    expect(/<section id="cases".*?<\/thead>/s.exec(text)![0]).toContain('Outside training range (windows)');
  });

  it('escapes whatever stands in names, rules and settings', () => {
    const text = page();
    expect(text).not.toContain('<script>alert');
    // the data and the page's own script, and no third element
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(text).toContain('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
  });

  it('needs nothing from anywhere: no address but those of XML names, and a policy that forbids the network', () => {
    const addresses = page().match(/(https?:)?\/\/[a-z][^\s"'<)]*/g) ?? [];
    expect(addresses.filter((address) => address !== 'http://www.w3.org/2000/svg')).toEqual([]);
    expect(page()).toMatch(/Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[A-Za-z0-9+/]{43}='/);
  });

  it('keeps the peaks of long series in few points, and NaN out of its data', () => {
    const text = page();
    const [data] = JSON.parse(/id="series-data">(.*?)<\/script>/s.exec(text)![1]!) as { panels: { lines: { data: [number[], (number | null)[]] }[] }[] }[];
    const [time, values] = data!.panels[0]!.lines[0]!.data;
    expect(time.length).toBeLessThanOrEqual(200);
    expect(values).toContain(99);
    expect(data!.panels[1]!.lines[0]!.data[1].every((value) => value === null)).toBe(true);
    expect(text.length).toBeLessThan(page(4000).length);
  });

  it('has every section, charts in colours of the page, and the same bytes each time', () => {
    const text = page();
    const ids = [...text.matchAll(/<section id="([a-z-]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['summary', 'sizes', 'locations', 'regimes', 'thresholds', 'confusion', 'series-view', 'cases', 'events', 'alarms', 'config']);
    expect(text).toMatch(/<svg class="chart"[^>]*>.*var\(--ink-text\)/s);
    expect(page()).toBe(text);
  });
});

describe('html', () => {
  it('escapes values, lists and attributes, and takes markup as it is', () => {
    expect(html`<p title="${'"'}">${['<', 1.5, null, html`<b>${'&'}</b>`]}</p>`.html).toBe('<p title="&quot;">&lt;1.5<b>&amp;</b></p>');
  });

  it('writes JSON that cannot leave its element and reads back as it was', () => {
    const text = jsonText(['</script>', '&', '\u2028']).html;
    expect(text).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(text)).toEqual(['</script>', '&', '\u2028']);
  });
});
