import { z } from 'zod';
import { campaignKeys } from './campaignKeys.js';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { executionKeys, shared } from './shared.js';

export const simulationCampaign = definePipeline({
  name: 'simulationCampaign',
  section: 'simulation_campaign_pipeline',
  queue: 'penstock-cpu',
  revision: 1,
  summary: 'A campaign of simulated leak cases with twins, and of leak-free cases, as OLGA files with a manifest of the truth',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    output_folder: shared.output_folder,
    ...campaignKeys,
    impose_path: path('Recorded series').optional()
      .describe('Output folder of tpl_genkey with leak-free series: leaks are laid over these recordings, one case after the other in turn, instead of simulated signals'),
    max_workers: shared.max_workers,
    batch_size: shared.batch_size,
    batches_per_run: shared.batches_per_run,
  }),
  example: { output_folder: 'data/raw/campaign' },
  notHashed: executionKeys,
});

export type SimulationCampaignConfig = ConfigOf<typeof simulationCampaign>;
