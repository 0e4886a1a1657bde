import { hashOf } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import type { BatchInput, BatchResult, Plan, PublishInput, ResolvedSection, SimulationCampaignConfig, StageOutcome } from '../pipelines/index.js';
import {
  campaignOptions, clockAucOfDesign, describeRecording, groupOf, imposeLeak, lineForRecording, manifestCase, manifestOf, planCampaign, recordedVelocity, simulateCase,
  type CampaignOptions, type CaseSpec, type ManifestCase, type SimulatedCase,
} from '../simulation/index.js';
import { readPublished, type PublishedFile } from '../storage/index.js';
import { decodeParquet } from '../table/index.js';
import { nothingLeft, planBatches, publishBatches, readUpstream, runBatch, type BatchedMetadata, type ItemRecord, type Target } from './batches.js';
import { jsonBytes, publishAll } from './files.js';
import { defineStage, type StageContext } from './stage.js';
import { targetOf as seriesTarget, type SeriesRecord } from './tplGenkey.js';

type Resolved = ResolvedSection<SimulationCampaignConfig>;

/** A simulated case, as the manifest tells it. */
export interface CampaignRecord extends ItemRecord {
  readonly truth: ManifestCase;
}

/** A rough weight of a case, so that a batch ends after a bounded amount of text. */
const bytesPerRow = 300;

/** A leak-free recording on which leaks are imposed. */
interface Recording {
  readonly file: PublishedFile;
}

/** Names the cases; each is designed where it is simulated, from the seed and its name alone. */
export const planSimulation = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const { names } = planCampaign(campaignOptions(config));
  const recordings = await leakFreeSeries(context, config);
  const items = names.filter((name) => recordings === undefined || !name.startsWith('free')).map((name, i) => {
    const seconds = name.startsWith('free') ? config.leak_free_seconds ?? config.duration_seconds : config.duration_seconds;
    // a case, its sizes and its twin stand on one recording
    const group = Number(groupOf(name).replace(/\D/g, '')) || i;
    const file = recordings?.[(group - 1) % recordings.length];
    return { id: name, bytes: file?.size ?? Math.ceil(seconds / config.sampling_seconds) * bytesPerRow, fingerprint: hashOf(file ? [name, file.sha256] : name), source: file ? { file } : null };
  });
  return planBatches(context, resolved, { target: targetOf(config), items, unit: 'cases' });
});

/** Simulates the cases of one batch, or imposes them on their recordings. */
export const simulationBatch = defineStage('thread', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  const options = campaignOptions(config);
  const campaign = planCampaign(options);
  return runBatch<Recording | null, null>(context, { resolved, planUri, batch }, async (recording, item): Promise<CampaignRecord> => {
    const { spec, simulated } = recording ? await imposed(context, config, options, recording, item.id) : simulatedCase(campaign.design(item.id));
    const text = new TextEncoder();
    const files = await publishAll(context, config.output_folder, [
      { path: `${item.id}.genkey`, bytes: text.encode(simulated.genkey) }, { path: `${item.id}.tpl`, bytes: text.encode(simulated.tpl) },
    ]);
    return { case_id: item.id, fingerprint: item.fingerprint, files, truth: manifestCase(spec, simulated.truth) };
  });
});

function simulatedCase(spec: CaseSpec): { spec: CaseSpec; simulated: SimulatedCase } {
  return { spec, simulated: simulateCase(spec) };
}

/** The case of a name as the design has it, at the flow, over the time and at the places of a recording, laid over that. */
async function imposed(
  context: StageContext, config: SimulationCampaignConfig, options: CampaignOptions, { file }: Recording, name: string,
): Promise<{ spec: CaseSpec; simulated: SimulatedCase }> {
  const recorded = await decodeParquet(await readPublished(context.storage, config.impose_path!, file));
  const described = describeRecording(recorded);
  const lines = options.lines!.map((line) => lineForRecording(line, described));
  const velocity = recordedVelocity(lines[0]!, described);
  const spec = planCampaign({
    ...options, lines, durationSeconds: described.seconds, sampling: { interval: described.interval }, disturbances: ['none'],
    operating: { ...options.operating, ...(Number.isNaN(velocity) ? {} : { velocity: [velocity, velocity] }) },
  }).design(name);
  return { spec, simulated: imposeLeak(spec, recorded) };
}

async function leakFreeSeries(context: StageContext, config: SimulationCampaignConfig): Promise<PublishedFile[] | undefined> {
  if (config.impose_path === undefined) return undefined;
  const metadata = await readUpstream<BatchedMetadata<SeriesRecord>>(context, seriesTarget({ output_folder: config.impose_path }), 'tpl_genkey');
  const free = metadata.cases.filter((one) => one.leaks.every((leak) => leak.intervals.length === 0)).flatMap((one) => one.files.slice(0, 1));
  if (free.length > 0) return free;
  throw new PenstockError('simulation/invalid', `none of the ${metadata.cases.length} series is free of leaks`, { key: 'impose_path', file: config.impose_path });
}

/** Writes the manifest of the truth, with what a clock alone would score on it. */
export const publishSimulation = defineStage('thread', async (input: PublishInput, context): Promise<StageOutcome> => {
  const { config } = input.resolved as Resolved;
  return publishBatches<CampaignRecord>(context, input, targetOf(config), async (records, _shared, _batches, quarantined) => {
    if (records.length === 0) throw nothingLeft(quarantined);
    const options = campaignOptions(config);
    const campaign = planCampaign(options);
    const list = records.map((record) => record.truth);
    const leaks = list.filter((one) => one.kind === 'leak');
    // a recording's length is its own, so its onsets follow no design
    const clock = leaks.length < 4 || config.impose_path !== undefined ? null
      : clockAucOfDesign(options, list, { stepSeconds: Math.max(1, config.sampling_seconds), binSeconds: config.duration_seconds / 40 });
    // the first that was designed; on a recording, run and places are the recording's
    const first = config.impose_path === undefined ? campaign.design(records[0]!.case_id) : { durationSeconds: list[0]!.durationSeconds, line: options.lines![0]! };
    const manifest = manifestOf(first, list);
    return {
      files: await publishAll(context, config.output_folder, [{ path: 'manifest.json', bytes: jsonBytes({ clock_only_auc: clock, ...manifest }) }]),
      metrics: {
        cases: list.length, leak_cases: leaks.length, twins: list.filter((one) => one.kind === 'twin').length, leak_free_cases: list.filter((one) => one.kind === 'free').length,
        simulated_hours: list.reduce((sum, one) => sum + one.durationSeconds, 0) / 3600,
        worst_mass_balance: list.reduce((worst, one) => Math.max(worst, Math.abs(one.massBalance ?? 0)), 0), clock_only_auc: clock,
      },
    };
  });
});

/** Where simulation_campaign publishes: the OLGA files and the manifest lie in the folder itself. */
export function targetOf(config: { output_folder: string }): Target {
  return { folder: config.output_folder, metadata: 'metadata/simulation_campaign_metadata.json' };
}
