import { hashOf } from '../config/hash.js';
import { PenstockError } from '../errors/index.js';
import { fileFacts, matchesAny, pairFiles, type FileFacts, type Leak, type TplFile } from '../olga/index.js';
import type { BatchInput, BatchResult, Plan, PublishInput, Quarantined, ResolvedSection, StageOutcome, TplGenkeyConfig } from '../pipelines/index.js';
import { baseName, publishFile, relativeUri, type Storage } from '../storage/index.js';
import { itemList, layout, planBatches, publishRecords, quarantinedBy, runBatch, type ItemList, type ItemRecord, type Target } from './batches.js';
import { caseMemory, openCase } from './openCase.js';
import type { SeriesQuality } from './seriesQuality.js';
import { hashFile, type SourceFile } from './sourceFile.js';
import { defineStage, type StageContext } from './stage.js';
import type { SeriesStandard } from './standardSeries.js';

type Resolved = ResolvedSection<TplGenkeyConfig>;

export interface CaseSource {
  readonly group: string;
  readonly tpl: SourceFile;
  readonly genkey?: SourceFile;
  /** The trend file with the same bytes that comes before this one. */
  readonly sameAs?: string;
}

/** Whether a case comes from the built-in simulator: results on those claim nothing about other data. */
export type DataSource = 'simulation' | 'unknown';

/** What the metadata says of one case, and what windows need to know of it. */
export interface SeriesRecord extends ItemRecord {
  readonly case_group: string;
  readonly source: readonly Omit<SourceFile, 'uri'>[];
  readonly data_source: DataSource;
  readonly rows: number;
  readonly first_s: number;
  readonly last_s: number;
  readonly median_step_s: number;
  readonly length_m: number | null;
  readonly leaks: readonly Leak[];
  readonly warnings: readonly { code: string; message: string; line?: number }[];
  /** Absent where every check is off. */
  readonly quality?: SeriesQuality;
  /** Absent where neither names nor units were asked for. */
  readonly standard?: SeriesStandard;
}

/** Lists and pairs the source files; every file is hashed, so that renamed or touched files with the same content change nothing. */
export const planIngest = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const { items, refused } = await findCases(context, config);
  return planBatches(context, resolved, { target: targetOf(config), items, refused, unit: 'cases' });
});

async function findCases(context: StageContext, config: TplGenkeyConfig): Promise<{ items: ItemList<CaseSource>; refused: Quarantined[] }> {
  const { files, unreadable } = await hashSources(context.storage, config, (index, total, detail) => {
    context.signal.throwIfAborted();
    context.progress({ done: index, total, unit: 'files', detail });
  });
  const { cases, unmatched } = pairFiles([...files.values()].map(({ file, facts }) => ({ path: file.name, ...(facts && { facts }) })));
  // A trend file that does not look like one is read all the same: the reader says what is wrong, and where.
  const strange = unmatched.filter((name) => /\.tpl$/i.test(name)).map((name) => ({ caseId: name, tpl: name, genkey: undefined }));
  const pairs = [...cases, ...strange];
  if (pairs.length === 0) throw new PenstockError('storage/not-found', 'no .tpl file is in the source folder', { file: config.source_folder });
  const sources = pairs.map(({ caseId, tpl, genkey }) => ({
    caseId,
    source: {
      group: groupOf(caseId, [config.twin_suffix].flat()),
      tpl: files.get(tpl)!.file,
      ...(genkey !== undefined && { genkey: files.get(genkey)!.file }),
    } satisfies CaseSource,
  }));
  const { cases: wanted, skipped } = withoutDuplicates(sources, config.duplicates);
  const items = itemList<CaseSource>();
  for (const { caseId, source } of wanted) {
    const parts = [source.tpl, source.genkey].map((file) => file && { name: file.name, sha256: file.sha256 });
    items.add({ id: caseId, bytes: source.tpl.size, fingerprint: hashOf([source.group, ...parts, ...(source.sameAs === undefined ? [] : [source.sameAs])]), source });
  }
  const alone = unmatched.filter((name) => !/\.tpl$/i.test(name)).map((name): Quarantined => ({ input: name, code: 'olga/pairing', message: 'no trend file belongs to this input file' }));
  return { items, refused: [...alone, ...skipped, ...unreadable] };
}

/** Reads the cases of one batch: text to columns, roles, leaks, Parquet. */
export const ingestBatch = defineStage('thread', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  const target = targetOf(config);
  const memory = caseMemory();
  return runBatch<CaseSource, null>(context, { resolved, planUri, batch }, async (source, item): Promise<SeriesRecord> => {
    const sources = [source.tpl, source.genkey].filter((file) => file !== undefined).map(({ name, size, sha256 }) => ({ name, size, sha256 }));
    const { tpl, leaks, summary, warnings, quality, standard, content } = await openCase(context.storage, source, item.id, config, { memory });
    const provenance = { case_id: item.id, case_group: source.group, olga_version: tpl.version, source: sources, leaks, ...(config.noise.enabled && { noise: config.noise }) };
    const path = `${layout(config).data}${item.id}.parquet`;
    const file = await publishFile(context.storage, target.folder, path, content({ 'penstock.case': JSON.stringify(provenance) }), { rows: summary.rows });
    const duplicate = source.sameAs === undefined ? [] : [{ code: 'duplicate', message: sameBytes(source.tpl.name, source.sameAs) }];
    const record: SeriesRecord = {
      case_id: item.id, case_group: source.group, fingerprint: item.fingerprint, source: sources, data_source: dataSource(tpl), files: [file],
      rows: summary.rows, first_s: summary.first, last_s: summary.last, median_step_s: summary.medianStep, length_m: summary.length ?? null,
      leaks, warnings: [...duplicate, ...warnings].slice(0, 20), ...(quality && { quality }), ...(standard && { standard }),
    };
    if (config.metadata_mode === 'run') return record;
    const own = new TextEncoder().encode(`${JSON.stringify({ pipeline: resolved.pipeline, config_hash: resolved.configHash, ...record }, null, 2)}\n`);
    return { ...record, files: [file, await publishFile(context.storage, target.folder, `${layout(config).metadata}${item.id}.json`, own)] };
  });
});

export const publishIngest = defineStage('thread', async (input: PublishInput, context): Promise<StageOutcome> => {
  const metrics = { cases: 0, leak_cases: 0, leaks: 0, rows: 0, warnings: 0 };
  let findings: number | undefined;
  return publishRecords<SeriesRecord>(context, input, targetOf((input.resolved as Resolved).config), {
    add({ leaks, rows, warnings, quality }) {
      metrics.cases++;
      if (leaks.some((leak) => leak.intervals.length > 0)) metrics.leak_cases++;
      metrics.leaks += leaks.reduce((sum, leak) => sum + leak.intervals.length, 0);
      metrics.rows += rows;
      metrics.warnings += warnings.length;
      if (quality) findings = (findings ?? 0) + quality.findings.length;
    },
    end: async () => ({ files: [], metrics: { ...metrics, ...(findings !== undefined && { quality_findings: findings }) } }),
  });
});

/** Where tpl_genkey publishes; windows and the offline test read from here. */
export function targetOf(config: { output_folder: string; create_subdirectories?: boolean }): Target {
  return { folder: config.output_folder, metadata: `${layout(config).metadata}tpl_genkey_metadata.json` };
}

/** The name without the first of the endings that fits; `?` in an ending stands for digits. */
function groupOf(caseId: string, endings: readonly string[]): string {
  for (const ending of endings.filter(Boolean)) {
    const pattern = new RegExp(`${ending.split('?').map((text) => text.replace(/[.*+^${}()|[\]\\]/g, '\\$&')).join('\\d+')}$`);
    const group = caseId.replace(pattern, '');
    if (group !== caseId && group !== '' && !group.endsWith('/')) return group;
  }
  return caseId;
}

/** What the built-in simulator gives as author of its files. */
const simulatorAuthor = 'Penstock simulation';

function dataSource(tpl: TplFile): DataSource {
  return tpl.meta['AUTHOR']?.[0] === simulatorAuthor ? 'simulation' : 'unknown';
}

/** Cases whose trend file has the bytes of an earlier one: marked, or left out with the reason. */
function withoutDuplicates(
  cases: readonly { caseId: string; source: CaseSource }[], policy: TplGenkeyConfig['duplicates'],
): { cases: { caseId: string; source: CaseSource }[]; skipped: Quarantined[] } {
  const first = new Map<string, string>();
  const skipped: Quarantined[] = [];
  const wanted = cases.flatMap(({ caseId, source }) => {
    const { name, sha256 } = source.tpl;
    const sameAs = first.get(sha256);
    if (sameAs === undefined) first.set(sha256, name);
    if (sameAs === undefined || policy === 'keep') return [{ caseId, source }];
    if (policy === 'warn') return [{ caseId, source: { ...source, sameAs } }];
    skipped.push({ input: caseId, code: 'olga/duplicate', message: sameBytes(name, sameAs) });
    return [];
  });
  return { cases: wanted, skipped };
}

function sameBytes(name: string, other: string): string {
  return `${name} has the same bytes as ${other}: the case counts twice, and may stand on both sides of a split`;
}

/** Files that are read at the same time: the system reads one while another is hashed. */
const filesInFlight = 8;

async function hashSources(
  storage: Storage, config: TplGenkeyConfig, progress: (index: number, total: number, detail: string) => void,
): Promise<{ files: Map<string, { file: SourceFile; facts?: FileFacts }>; unreadable: Quarantined[] }> {
  const wanted = (await storage.list(config.source_folder)).filter(({ uri }) =>
    /\.(tpl|genkey|key|inp)$/i.test(uri) && matchesAny(baseName(uri).replace(/\.[^.]*$/, ''), config.include));
  const hashed: ({ file: SourceFile; facts?: FileFacts } | Quarantined)[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    const memory = { bytes: new Uint8Array() };
    while (next < wanted.length) {
      const index = next++;
      const { uri, size, etag } = wanted[index]!;
      const name = relativeUri(config.source_folder, uri);
      progress(index, wanted.length, name);
      try {
        const { head, ...found } = await hashFile(storage, uri, size, etag, memory);
        hashed[index] = { file: { uri, name, ...(etag !== undefined && { etag }), ...found }, ...(head.length > 0 && { facts: fileFacts(head) }) };
      } catch (error) {
        if (!(error instanceof PenstockError) || error.retryable) throw error;
        hashed[index] = quarantinedBy(name, error);
      }
    }
  };
  await Promise.all(Array.from({ length: filesInFlight }, lane));
  const isFile = (found: (typeof hashed)[number]): found is { file: SourceFile; facts?: FileFacts } => 'file' in found;
  return { files: new Map(hashed.filter(isFile).map((found) => [found.file.name, found])), unreadable: hashed.filter((found): found is Quarantined => !isFile(found)) };
}
