import type { OptimizeLgbmConfig, PublishStudyInput, TrialRecord } from '../../pipelines/index.js';
import {
  contourChart, edfChart, importanceChart, intermediateValuesChart, optimizationHistoryChart, parallelCoordinatesChart, sliceChart, svgToPng, timelineChart,
} from '../../report/index.js';
import { empiricalDistribution, type Importance, type Trial } from '../../tuning/index.js';
import type { FileToPublish } from '../files.js';
import { spaceOf } from './table.js';
import { needsData } from './trainTrial.js';

/** Lines of a chart of curves at most: beyond, nobody tells them apart. */
const mostCurves = 200;

/** Pictures of a study, each as SVG and PNG; none where no trial is complete. */
export function chartsOf(trials: readonly Trial[], importances: { fanova: readonly Importance[]; pedAnova: readonly Importance[] }, input: PublishStudyInput): FileToPublish[] {
  const config = input.resolved.config as OptimizeLgbmConfig;
  const values = trials.filter(({ state, value }) => state === 'complete' && Number.isFinite(value)).map(({ value }) => value!);
  if (values.length === 0) return [];
  const space = spaceOf(config);
  const data = { subtitle: `${input.resolved.section}, ${config.objective}`, objective: input.metric, direction: input.direction, trials };
  const inSpace = { ...data, space };
  const charts: Record<string, string> = {
    history: optimizationHistoryChart({ ...data, title: 'Optimization history' }),
    slice: sliceChart({ ...inSpace, title: 'Slices' }),
    parallel: parallelCoordinatesChart({ ...inSpace, title: 'Parallel coordinates' }),
    distribution: edfChart({ ...data, title: 'Distribution of the objective', studies: [{ name: 'trials', ...empiricalDistribution(values) }] }),
  };
  const { fanova, pedAnova } = importances;
  if (fanova.length > 0) charts['importance'] = importanceChart({ ...data, title: 'Importance of the parameters', ...measures(fanova, pedAnova) });
  const [x, y] = fanova.map(({ parameter }) => parameter);
  if (x !== undefined && y !== undefined) charts['contour'] = contourChart({ ...inSpace, title: `${x} and ${y}`, x, y });
  const reporting = trials.filter(({ reports }) => reports && reports.length > 0);
  if (reporting.length > 0) charts['intermediate'] = intermediateValuesChart({ ...data, trials: reporting.slice(-mostCurves), title: 'Values on the way', step: !needsData(config) ? 'step' : config.cross_validation ? 'fold' : 'iteration' });
  return Object.entries(charts).flatMap(([name, svg]) => pictureFiles(`plots/${name}`, svg));
}

/** When trials ran: like run.json the one picture that differs between runs. Undefined where no trial has times. */
export function timelineOf(records: readonly TrialRecord[]): string | undefined {
  const timed = records.filter((record) => record.started !== undefined && record.ended !== undefined);
  const since = Math.min(...timed.map(({ started }) => Date.parse(started!)));
  if (timed.length === 0) return undefined;
  const seconds = (time: string): number => (Date.parse(time) - since) / 1000;
  return timelineChart({ title: 'Timeline', times: timed.map(({ number, state, started, ended }) => ({ number, state, start: seconds(started!), end: seconds(ended!) })) });
}

function measures(fanova: readonly Importance[], pedAnova: readonly Importance[]) {
  const features = fanova.map(({ parameter }) => parameter);
  const of = (list: readonly Importance[]): number[] => features.map((name) => list.find(({ parameter }) => parameter === name)?.importance ?? 0);
  return { features, measures: [{ name: 'fANOVA', values: of(fanova) }, { name: 'PED-ANOVA', values: of(pedAnova) }] };
}

function pictureFiles(path: string, svg: string): FileToPublish[] {
  return [{ path: `${path}.svg`, bytes: new TextEncoder().encode(svg) }, { path: `${path}.png`, bytes: svgToPng(svg) }];
}
