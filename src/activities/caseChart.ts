import { matchEvents, phaseCode, type LeakEvent, type Matching, type ScoredCase } from '../evaluation/index.js';
import type { Leak } from '../olga/index.js';
import type { TestOfflineConfig } from '../pipelines/index.js';
import { leakSeriesChart, svgToPng, type CaseSeries, type PngRenderer, type SignalPanel } from '../report/index.js';
import { numbers, strings, type Table } from '../table/index.js';
import { cutWindows } from './cutWindows.js';
import type { FileToPublish } from './files.js';
import { rulesOf } from './offlineEvaluation.js';
import { caseLeaks, regimeCodes, phaseCodes } from './offlineScores.js';
import type { RecordedCase } from './offlineSources.js';
import { lineSignals, type OpenBundle } from './scoreSeries.js';

/** One case by one detector: its events, and on request its picture of signals, score and threshold, true intervals, and alarms. */
export function caseChart(of: {
  caseId: string; table: Table; series: Table; leaks: readonly Leak[]; stepSeconds: number; bundle: OpenBundle; config: TestOfflineConfig;
}): { events: readonly LeakEvent[]; files(render: PngRenderer): FileToPublish[] } {
  const { caseId, table, series, bundle, config } = of;
  const scored: ScoredCase = {
    caseId, group: caseId, leaks: caseLeaks(of.leaks), stepSeconds: of.stepSeconds,
    time: numbers(table, 'end_time') as Float64Array, score: numbers(table, 'score') as Float64Array, label: numbers(table, 'label') as Int32Array,
    phase: phaseCodes(strings(table, 'phase')), regime: regimeCodes(strings(table, 'regime')),
  };
  const { events, alarms } = matchEvents(scored, { ...rulesOf(config, bundle), regimeThresholds: config.regimes.thresholds });
  const draw = (): string => leakSeriesChart({
    title: caseId,
    subtitle: wentHow({ events, alarms }),
    time: numbers(series, 'time'),
    panels: panels(series, bundle),
    score: { time: scored.time, values: scored.score, threshold: bundle.threshold },
    leaks: leakSpans(scored),
    alarms: alarms.map(({ time, kind, event }) => ({ time, kind, delay: event === undefined ? undefined : events[event]?.delay })),
    ...spans(scored.time, scored.phase),
  });
  return {
    events,
    files(render) {
      const svg = draw();
      // One and a half times its size: sharp enough for a picture among hundreds, and the SVG lies beside it.
      return picture(`plots/series/${caseId}`, svg, render(svg, 1500));
    },
  };
}

/** The same for the interactive view of the HTML report. */
export function caseSeries(recorded: RecordedCase, scored: ScoredCase, { events, alarms }: Matching, bundle: OpenBundle): CaseSeries {
  const { series } = cutWindows(recorded.table, recorded.leaks, bundle.preparation.windows);
  return {
    caseId: scored.caseId, summary: wentHow({ events, alarms }),
    time: numbers(series, 'time'),
    panels: panels(series, bundle).map(({ title, unit, series: signals }) => ({ title, unit, signals: signals.map(({ name, values }) => ({ name: shortName(name), values })) })),
    score: { time: scored.time, values: scored.score, threshold: bundle.threshold },
    leaks: leakSpans(scored),
    alarms: alarms.map(({ time, kind, event }) => ({ time, kind, delay: event === undefined ? undefined : events[event]?.delay })),
  };
}

export function picture(path: string, svg: string, png = svgToPng(svg)): FileToPublish[] {
  return [{ path: `${path}.svg`, bytes: new TextEncoder().encode(svg) }, { path: `${path}.png`, bytes: png }];
}

/** `PT LINE@0M` for `PT|POSITION=LINE@0M`: what tells signals apart on a screen. */
function shortName(name: string): string {
  return name.replaceAll(/\|[^=|]*=/g, ' ');
}

function wentHow({ events, alarms }: Matching): string {
  const counted = events.filter(({ outcome }) => outcome !== 'excluded');
  const found = counted.filter(({ outcome }) => outcome === 'detected').length;
  const wrong = alarms.filter(({ kind }) => kind === 'false').length;
  const leaks = counted.length === 0 ? 'leak-free' : `${found} of ${counted.length} ${counted.length === 1 ? 'leak' : 'leaks'} found`;
  return wrong === 0 ? leaks : `${leaks}, ${wrong} false ${wrong === 1 ? 'alarm' : 'alarms'}`;
}

function leakSpans({ leaks }: ScoredCase): { start: number; end: number; label: string }[] {
  return leaks.flatMap((leak) => leak.intervals.map(({ start, end }) => ({ start, end, label: leak.name })));
}

/** Signals of one quantity share a panel, so that they share an axis. */
function panels(series: Table, { preparation }: OpenBundle): SignalPanel[] {
  const titles = { pressure: 'Pressure', flow: 'Flow' } as const;
  return (['pressure', 'flow'] as const).flatMap((quantity) => {
    const signals = lineSignals(preparation).filter((signal) => signal.quantity === quantity);
    if (signals.length === 0) return [];
    return [{ title: titles[quantity], unit: signals[0]!.unit, series: signals.map(({ name }) => ({ name, values: numbers(series, name) })) }];
  });
}

/** Warm-up and recovery as time spans, from the phases of the windows. */
function spans(time: Float64Array, phase: ArrayLike<number>): { warmup?: { start: number; end: number }; recovery: { start: number; end: number }[] } {
  const found = { warmup: [] as { start: number; end: number }[], recovery: [] as { start: number; end: number }[] };
  for (const name of ['warmup', 'recovery'] as const) {
    for (let i = 0; i < time.length; i++) {
      if (phase[i] !== phaseCode[name]) continue;
      if (i > 0 && phase[i - 1] === phaseCode[name]) found[name].at(-1)!.end = time[i]!;
      else found[name].push({ start: time[i]!, end: time[i]! });
    }
  }
  const [warmup] = found.warmup;
  return { ...(warmup && { warmup: { start: 0, end: warmup.end } }), recovery: found.recovery };
}
