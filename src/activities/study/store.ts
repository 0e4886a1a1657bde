import { PenstockError } from '../../errors/index.js';
import type { OptimizeLgbmConfig, ResolvedSection, StudyInput, StudyWish, TrialRecord } from '../../pipelines/index.js';
import { joinUri, type Storage } from '../../storage/index.js';
import type { DatasetSource } from '../datasetSource.js';
import { readJson, tryReadJson } from '../checkpoint.js';
import type { StageContext } from '../stage.js';

/*
 * A study on its way, inside the output folder: which run works on it, and one file for every trial. A trial's file is written when it
 * begins and when it ends, so that whoever dies, finished trials stay finished and a trial under way starts again with its own values.
 */

/** What all trials have in common. */
export interface StudyFile {
  readonly config_hash: string;
  readonly inputs_hash: string;
  /** The mark of the run that works here. */
  readonly run: string;
  readonly started: string;
  /** Null where trials need no data. */
  readonly source: DatasetSource | null;
}

export interface OpenStudy extends StudyFile {
  readonly folder: string;
  readonly config: OptimizeLgbmConfig;
}

const readsAtOnce = 16;

export function studyUri(folder: string): string {
  return joinUri(folder, '.work', 'study.json');
}

/** The study as the plan of this run wrote it. Throws `storage/busy` where another run has taken the folder over. */
export async function openStudy(context: StageContext, { resolved, run }: StudyInput): Promise<OpenStudy> {
  const { config } = resolved as ResolvedSection<OptimizeLgbmConfig>;
  const folder = config.output_folder;
  const file = await tryReadJson<StudyFile>(context.storage, studyUri(folder));
  if (file?.run !== run) {
    throw new PenstockError('storage/busy', 'the study of this run is gone or was taken over: another run works on the same output folder', { file: studyUri(folder) });
  }
  return { ...file, folder, config };
}

export async function writeTrial(storage: Storage, folder: string, record: TrialRecord): Promise<void> {
  await storage.write(trialUri(folder, record.number), JSON.stringify(record));
}

export async function readTrial(storage: Storage, folder: string, number: number): Promise<TrialRecord | undefined> {
  return tryReadJson<TrialRecord>(storage, trialUri(folder, number));
}

/** Keeps a wish until the study ends, whatever becomes of the run that heard it. */
export async function writeWish(storage: Storage, folder: string, wish: StudyWish): Promise<void> {
  await storage.write(joinUri(folder, '.work', 'wishes', `${String(wish.id).padStart(5, '0')}.json`), JSON.stringify(wish));
}

/** Wishes that none of the trials has had, in the order in which they came. */
export async function readWaiting(storage: Storage, folder: string, records: readonly TrialRecord[]): Promise<StudyWish[]> {
  const had = new Set(records.map(({ wish }) => wish));
  const files = await storage.list(joinUri(folder, '.work', 'wishes'));
  const wishes = await allOf(files.map(({ uri }) => () => readJson<StudyWish>(storage, uri)));
  return wishes.filter(({ id }) => !had.has(id)).sort((a, b) => a.id - b.id);
}

/** Trials of a finished run that this one goes on with, in one file. */
export async function writeEarlier(storage: Storage, folder: string, records: readonly TrialRecord[]): Promise<void> {
  await storage.write(earlierUri(folder), JSON.stringify(records));
}

/** Every trial there is, by number. */
export async function readTrials(storage: Storage, folder: string): Promise<TrialRecord[]> {
  const files = await storage.list(joinUri(folder, '.work', 'trials'));
  const records = new Map((await readEarlier(storage, folder)).map((record) => [record.number, record]));
  for (const record of await allOf(files.map(({ uri }) => () => tryReadJson<TrialRecord>(storage, uri)))) if (record) records.set(record.number, record);
  return [...records.values()].sort((a, b) => a.number - b.number);
}

/** What a trial may know: the trials below it that were finished when its values were asked for. */
export async function readKnown(storage: Storage, folder: string, number: number, unknown: readonly number[]): Promise<TrialRecord[]> {
  const earlier = (await readEarlier(storage, folder)).filter((record) => record.number < number);
  const read = new Set(earlier.map((record) => record.number));
  const wanted = Array.from({ length: number }, (_, n) => n).filter((n) => !read.has(n) && isKnown(n, unknown));
  const later = await allOf(wanted.map((n) => () => readTrial(storage, folder, n)));
  return [...earlier.filter((record) => isKnown(record.number, unknown)), ...later.filter((record) => record !== undefined)]
    .filter((record) => record.state !== 'running').sort((a, b) => a.number - b.number);
}

/** Whether a trial lies outside the ranges, given as pairs of first and last number. */
export function isKnown(number: number, unknown: readonly number[]): boolean {
  for (let i = 0; i < unknown.length; i += 2) if (number >= unknown[i]! && number <= unknown[i + 1]!) return false;
  return true;
}

async function readEarlier(storage: Storage, folder: string): Promise<TrialRecord[]> {
  return (await storage.stat(earlierUri(folder))) ? readJson<TrialRecord[]>(storage, earlierUri(folder)) : [];
}

async function allOf<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: readsAtOnce }, async () => {
    while (next < tasks.length) {
      const at = next++;
      results[at] = await tasks[at]!();
    }
  }));
  return results;
}

function trialUri(folder: string, number: number): string {
  return joinUri(folder, '.work', 'trials', `${String(number).padStart(5, '0')}.json`);
}

function earlierUri(folder: string): string {
  return joinUri(folder, '.work', 'earlier.json');
}
