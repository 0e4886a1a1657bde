import { PenstockError } from '../../errors/index.js';
import { phaseCode, phasesOf, type ScoredCase } from '../../evaluation/index.js';
import { alignScores, type LineSignals } from '../../fusion/index.js';
import { medianStep, type SignalDescription, type TrainedRange } from '../../signal/index.js';
import { readPublished } from '../../storage/index.js';
import { decodeParquet, numbers } from '../../table/index.js';
import { cutWindows, type WindowSettings } from '../cutWindows.js';
import { describeSignals } from '../featureTable.js';
import { readScores } from '../offlineScores.js';
import { addRanges } from '../signalRanges.js';
import type { StageContext } from '../stage.js';
import { lineSensors, readLine, type LineSensors } from './lineSensors.js';
import type { CaseSource, FusionSource, MemberSource } from './sources.js';

/** A case of the calibration campaign in memory, on the windows of the first member. */
export interface ReadCase {
  readonly scored: Omit<ScoredCase, 'score'>;
  /** 1 = leak, 0 = healthy, -1 = neither. */
  readonly labels: Int8Array;
  readonly members: Readonly<Record<string, Float64Array>>;
  readonly line: LineSignals;
  /** Of the rows of the line. */
  readonly healthy: Uint8Array;
  /** Row behind the last one of each window. */
  readonly endRows: ArrayLike<number>;
}

export interface ReadCampaign {
  readonly cases: readonly ReadCase[];
  readonly sensors: LineSensors;
  /** All measured signals, with what they did in this campaign. */
  readonly signals: readonly SignalDescription[];
}

export interface CampaignFolders {
  readonly scores: string;
  readonly series: string;
}

/**
 * Reads scores and series of all cases. In memory stay, per case, the flows of both ends and the pressures at the common step, and a
 * number per window and detector.
 */
export async function readCampaign(context: StageContext, { scores, series: seriesFolder }: CampaignFolders, { cases, members }: FusionSource, windows: WindowSettings): Promise<ReadCampaign> {
  const ranges = new Map<string, TrainedRange>();
  const read: ReadCase[] = [];
  let signals: SignalDescription[] = [];
  let sensors: LineSensors | undefined;
  for (const [done, source] of cases.entries()) {
    context.signal.throwIfAborted();
    context.progress({ done, total: cases.length, unit: 'cases', detail: `reads ${source.case_id}` });
    const recorded = await decodeParquet(await readPublished(context.storage, seriesFolder, source.series));
    const { series, index } = cutWindows(recorded, source.recordedLeaks, windows);
    if (!sensors) {
      signals = describeSignals(series, { feature_columns: [], operational_columns: false });
      sensors = lineSensors(signals);
    }
    addRanges(ranges, series, index, signals);
    const own = await memberScores(context, scores, source, members);
    const time = numbers(index, 'end_time');
    if (time.length !== own.scored.time.length || time.some((at, i) => at !== own.scored.time[i])) {
      throw new PenstockError('fusion/invalid', `the scores of ${source.case_id} are on other windows than its series`, { key: 'series_path' });
    }
    const rowTime = numbers(series, 'time') as Float64Array;
    const step = windows.resample_seconds ?? medianStep(rowTime);
    const phases = phasesOf(rowTime, own.scored.leaks, {
      warmupSeconds: windows.warmup_seconds, recoverySeconds: windows.recovery_seconds + windows.window_size * step, startSeconds: rowTime[0] ?? 0,
    });
    read.push({ ...own, line: readLine(series, sensors, step), healthy: phases.map((phase) => (phase === phaseCode.healthy ? 1 : 0)), endRows: numbers(index, 'end_row') });
  }
  return { cases: read, sensors: sensors!, signals: signals.map((signal) => ({ ...signal, ...(ranges.has(signal.name) && { trained: ranges.get(signal.name) }) })) };
}

/** The scores of all members at the windows of the first; of the others the newest ones until then. */
async function memberScores(context: StageContext, folder: string, source: CaseSource, members: readonly MemberSource[]): Promise<Pick<ReadCase, 'scored' | 'labels' | 'members'>> {
  const tables: Awaited<ReturnType<typeof readScores>>[] = [];
  for (const { scoredAs } of members) tables.push(await readScores(source, scoredAs, await readPublished(context.storage, folder, source.scored[scoredAs]!.scores)));
  const { scored } = tables[0]!;
  return {
    scored,
    labels: Int8Array.from(scored.label, (label, i) => (scored.phase[i] === phaseCode.warmup || scored.phase[i] === phaseCode.recovery ? -1 : label)),
    members: Object.fromEntries(members.map(({ name }, at) => {
      const { scored: own, scoreOf } = tables[at]!;
      return [name, at === 0 ? Float64Array.from(scoreOf('score')) : alignScores(scored.time, own.time, scoreOf('score'), own.stepSeconds)];
    })),
  };
}
