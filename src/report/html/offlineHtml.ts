import { createHash } from 'node:crypto';
import { duration } from '../charts/timeAxis.js';
import type { OfflineChart } from '../offline/offlineCharts.js';
import { evaluationOf, type OfflineReportInput } from '../offline/offlineReportInput.js';
import { pageSeries, type CaseSeries } from './caseSeries.js';
import { html, jsonText, trusted, type Markup } from './markup.js';
import { detailSections, resultSections } from './sections.js';
import { pageScript } from './pageScript.js';
import { pageStyle } from './pageStyle.js';
import { themed } from './themed.js';

export interface OfflineHtmlOptions {
  /** Cases of the interactive view. */
  readonly series: readonly CaseSeries[];
  /** Points at most of each line there; default 600. */
  readonly points?: number | undefined;
  readonly charts: readonly OfflineChart[];
}

/**
 * The report as one HTML file that needs nothing else: no network, its own style and script, light or dark by the reader's setting.
 * Its size is bounded: series are thinned, tables cut. The same input gives the same bytes.
 */
export function offlineHtml(input: OfflineReportInput, { series, points = 600, charts }: OfflineHtmlOptions): Uint8Array {
  const { title = 'Offline test', configHash, bundles } = input;
  const evaluation = evaluationOf(bundles[0]);
  const { falseAlarms, eventRecall, delay } = evaluation;
  const warnings = [...new Set(bundles.flatMap((bundle) => bundle.comparison.warnings.map((warning) => (bundles.length > 1 ? `${bundle.name}: ${warning}` : warning))))];
  const figures: [string, string, string][] = [
    ['leaks found', `${eventRecall.count} of ${eventRecall.total}`, eventRecall.value === null ? '' : `95 % interval ${percent(eventRecall.lower)} to ${percent(eventRecall.upper)}`.replace('95', String(Number((evaluation.options.confidence * 100).toFixed(2))))],
    ['median delay', delay.median === null ? 'none' : duration(delay.median), delay.p90 === null ? '' : `P90 ${duration(delay.p90)}`],
    ['false alarms', String(falseAlarms.count), `in ${falseAlarms.leakFreeHours.toFixed(1)} leak-free hours`],
    ['released until alarm', evaluation.release.median === null ? 'unknown' : `${Number(evaluation.release.median.toPrecision(4))} kg`, 'median of the leaks found'],
  ];
  const figure = (section: string): Markup[] => charts.filter((chart) => chart.section === section).map(({ svg }) => html`<figure>${themed(svg)}</figure>`);
  const sections = [
    ...resultSections(input, figure),
    ...(series.length > 0 ? [seriesSection(series)] : []),
    ...detailSections(input),
  ];
  const script = createHash('sha256').update(pageScript).digest('base64');
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${script}'; base-uri 'none'; form-action 'none'">
<title>${title}</title><style>${trusted(pageStyle)}</style></head><body>
<header><h1>${title}</h1><div class="quiet">configuration ${configHash}</div>
${warnings.map((warning) => html`<p class="warning" role="note">${warning}</p>`)}
<div class="figures">${figures.map(([name, value, note]) => html`<div><span class="quiet">${name}</span><b>${value}</b><span class="quiet">${note}</span></div>`)}</div></header>
<nav aria-label="Sections"><ul>${sections.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>${sections.map(({ id, name, body }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${name}</h2>${body}</section>
`)}</main>
${series.length > 0 ? html`<script type="application/json" id="series-data">${jsonText(series.map((one) => pageSeries(one, points)))}</script>` : null}
<script>${trusted(pageScript)}</script></body></html>
`;
  return new TextEncoder().encode(page.html);
}

function seriesSection(series: readonly CaseSeries[]): { id: string; name: string; body: Markup } {
  return {
    id: 'series-view', name: 'Cases over time',
    body: html`<p class="quiet">${series.length} ${series.length === 1 ? 'case' : 'cases'}, those that went wrong first. Shaded: the true leak.</p>
<div class="controls"><label for="series-case">Case</label><select id="series-case">${series.map(({ caseId }) => html`<option>${caseId}</option>`)}</select>
<button type="button" id="series-previous">Previous</button><button type="button" id="series-next">Next</button><button type="button" id="series-all">Whole case</button><span id="series-summary" class="quiet"></span></div>
<canvas id="series" tabindex="0" role="img"></canvas><p id="readout" class="quiet" aria-live="polite"></p><noscript>The interactive view needs scripts; the charts of single cases lie beside this report.</noscript>`,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
