import { hashOf } from '../../config/index.js';
import { PenstockError } from '../../errors/index.js';
import type { Leak } from '../../olga/index.js';
import type { LdsBayesianConfig } from '../../pipelines/index.js';
import { sha256, type PublishedFile } from '../../storage/index.js';
import { readUpstream, type BatchedMetadata, type ItemRecord } from '../batches.js';
import type { CaseRecord } from '../offlineScores.js';
import type { HeldOut } from '../offlineSources.js';
import { publishedBundle } from '../publishedBundle.js';
import type { StageContext } from '../stage.js';
import { targetOf as seriesTarget, type SeriesRecord } from '../tplGenkey.js';
import { fusionFile } from './fusedBundle.js';

/** Where everything lies that a fusion is made of. */
export interface FusionSource {
  readonly members: readonly MemberSource[];
  readonly cases: readonly CaseSource[];
  readonly bestParams?: { readonly uri: string; readonly sha256: string };
}

export interface MemberSource {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly PublishedFile[];
  /** Its place among the bundles of the scores. */
  readonly scoredAs: number;
}

/** A case of the calibration campaign: its scores and its series. */
export interface CaseSource extends CaseRecord {
  readonly series: PublishedFile;
  readonly recordedLeaks: readonly Leak[];
}

type ScoreRecord = ItemRecord & CaseRecord & { readonly source: HeldOut };
interface ScoreShared {
  readonly bundles: readonly { readonly name: string; readonly files: readonly PublishedFile[] }[];
}

/** Finds scores, series and bundles, and checks that they belong together. Throws `fusion/invalid` where they do not. */
export async function fusionSource(context: StageContext, config: LdsBayesianConfig): Promise<FusionSource> {
  const scores = await readUpstream<BatchedMetadata<ScoreRecord>>(context, { folder: config.scores_path, metadata: 'offline_run_metadata.json' }, 'test_offline_pipeline');
  const series = await readUpstream<BatchedMetadata<SeriesRecord>>(context, seriesTarget({ output_folder: config.series_path }), 'tpl_genkey_pipeline');
  const { bundles: scored } = scores.shared as ScoreShared;
  const members: MemberSource[] = [];
  for (const { name, folder } of config.bundles) {
    const files = await publishedBundle(context, folder);
    if (files.some((file) => file.path === `bundle/${fusionFile}`)) throw new PenstockError('fusion/invalid', `${name} is a fusion itself; name the detectors it is made of`, { key: 'bundles' });
    const own = manifestHash(files);
    const scoredAs = scored.findIndex((one) => manifestHash(one.files) === own);
    if (scoredAs < 0) {
      throw new PenstockError('fusion/invalid', `the scores did not come from ${name} as it is now (${own.slice(0, 12)}); they came from ${scored.map((one) => `${one.name} (${manifestHash(one.files).slice(0, 12)})`).join(', ')}: `
        + 'run test_offline on the calibration campaign with these bundles', { file: config.scores_path, key: 'bundles' });
    }
    members.push({ name, folder, files, scoredAs });
  }
  const byId = new Map(series.cases.map((record) => [record.case_id, record]));
  const cases = scores.cases.map(({ case_id, group, leaks, length_m, scored: own, source }): CaseSource => {
    const record = byId.get(case_id);
    const same = record && (source.kind === 'series' ? source.file.sha256 === record.files[0]!.sha256
      : source.kind !== 'tpl' || record.source.some((file) => file.sha256 === source.tpl.sha256));
    if (!same) {
      throw new PenstockError('fusion/invalid', record ? `the scores of ${case_id} came from another recording than the series` : `the scores have a case ${case_id}, and the series have not`, { file: config.series_path, key: 'series_path' });
    }
    return { case_id, group, leaks, length_m, scored: own, series: record.files[0]!, recordedLeaks: record.leaks };
  });
  if (cases.length === 0) throw new PenstockError('fusion/invalid', 'the scores have no case', { file: config.scores_path });
  const bestParams = config.best_params_file === undefined ? undefined : { uri: config.best_params_file, sha256: sha256(await context.storage.read(config.best_params_file)) };
  return { members, cases, ...(bestParams && { bestParams }) };
}

/** All that the result depends on beside the configuration. */
export function fingerprintOf({ members, cases, bestParams }: FusionSource): string {
  return hashOf([
    members.map(({ name, files, scoredAs }) => [name, manifestHash(files), scoredAs]),
    cases.map(({ case_id, group, scored, series }) => [case_id, group, members.map(({ scoredAs }) => scored[scoredAs]!.scores.sha256), series.sha256]),
    bestParams?.sha256 ?? null,
  ]);
}

/** The hash of a bundle's manifest, which names the hash of every file: the identity of the bundle. */
export function manifestHash(files: readonly PublishedFile[]): string {
  return files.find((file) => file.path === 'bundle/manifest.json')?.sha256 ?? '';
}
