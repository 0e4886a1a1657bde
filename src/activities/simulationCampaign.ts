import { hashOf } from '../config/index.js';
import type { BatchInput, BatchResult, Plan, PublishInput, ResolvedSection, SimulationCampaignConfig, StageOutcome } from '../pipelines/index.js';
import { campaignOptions, clockAucByHalves, manifestCase, manifestOf, planCampaign, simulateCase, type ManifestCase } from '../simulation/index.js';
import { planBatches, publishBatches, runBatch, type ItemRecord, type Target } from './batches.js';
import { jsonBytes, publishAll } from './files.js';
import { defineStage } from './stage.js';

type Resolved = ResolvedSection<SimulationCampaignConfig>;

/** A simulated case, as the manifest tells it. */
export interface CampaignRecord extends ItemRecord {
  readonly truth: ManifestCase;
}

/** A rough weight of a case, so that a batch ends after a bounded amount of text. */
const bytesPerRow = 300;

/** Names the cases; each is designed where it is simulated, from the seed and its name alone. */
export const planSimulation = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const { names } = planCampaign(campaignOptions(config));
  const items = names.map((name) => {
    const seconds = name.startsWith('free') ? config.leak_free_seconds ?? config.duration_seconds : config.duration_seconds;
    return { id: name, bytes: Math.ceil(seconds / config.sampling_seconds) * bytesPerRow, fingerprint: hashOf(name), source: null };
  });
  return planBatches(context, resolved, { target: targetOf(config), items, unit: 'cases' });
});

/** Simulates the cases of one batch. */
export const simulationBatch = defineStage('thread', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  const campaign = planCampaign(campaignOptions(config));
  return runBatch<null, null>(context, { resolved, planUri, batch }, async (_, item): Promise<CampaignRecord> => {
    const spec = campaign.design(item.id);
    const { tpl, genkey, truth } = simulateCase(spec);
    const text = new TextEncoder();
    const files = await publishAll(context, config.output_folder, [
      { path: `${item.id}.genkey`, bytes: text.encode(genkey) }, { path: `${item.id}.tpl`, bytes: text.encode(tpl) },
    ]);
    return { case_id: item.id, fingerprint: item.fingerprint, files, truth: manifestCase(spec, truth) };
  });
});

/** Writes the manifest of the truth, with what a clock alone would score on it. */
export const publishSimulation = defineStage('thread', async (input: PublishInput, context): Promise<StageOutcome> => {
  const { config } = input.resolved as Resolved;
  return publishBatches<CampaignRecord>(context, input, targetOf(config), async (records) => {
    const campaign = planCampaign(campaignOptions(config));
    const list = records.map((record) => record.truth);
    const leaks = list.filter((one) => one.kind === 'leak');
    const clock = leaks.length >= 4 ? clockAucByHalves(list, { stepSeconds: Math.max(1, config.sampling_seconds), binSeconds: config.duration_seconds / 40 }) : null;
    const manifest = manifestOf(campaign.names[0] === undefined ? undefined : campaign.design(campaign.names[0]), list);
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
