import { fitGroups, foldsByGroup, outOfFoldGroupRatios, type FusionCase, type FusionModel } from '../fusion/index.js';
import type { BatchInput, BatchResult, LdsBayesianConfig, Metrics, Plan, PublishInput, ResolvedSection, StageOutcome } from '../pipelines/index.js';
import { encodeParquet, type Column, type Table } from '../table/index.js';
import { nothingLeft, planBatches, publishBatches, runBatch, type ItemRecord, type Target } from './batches.js';
import { settingsOf, type CalibrationCase, type CalibrationRules } from './fusion/calibrate.js';
import { detectorScores } from './fusion/detectorScores.js';
import { readCampaign, type ReadCampaign } from './fusion/readCases.js';
import { reportFiles } from './fusion/report.js';
import { judge } from './fusion/results.js';
import { settle } from './fusion/settle.js';
import { fingerprintOf, fusionSource, manifestHash, type FusionSource } from './fusion/sources.js';
import { fusedBundle, openMember, type Member } from './fusion/writeFused.js';
import { publishAll } from './files.js';
import { readPublishedBundle } from './publishedBundle.js';
import { defineStage } from './stage.js';

type Resolved = ResolvedSection<LdsBayesianConfig>;

interface FusionRecord extends ItemRecord {
  readonly metrics: Metrics;
}

export const planFusion = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const source = await fusionSource(context, config);
  return planBatches(context, resolved, { target: targetOf(config), items: [{ id: 'fusion', bytes: 0, fingerprint: fingerprintOf(source), source }], unit: 'fusions', keepUnchanged: false });
});

/** From scores to a fused bundle: detectors of the line, likelihood ratios out of fold, settings, report. A process, for the renderer of the chart. */
export const calibrateFusion = defineStage('process', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config, configHash } = resolved as Resolved;
  return runBatch<FusionSource, null>(context, { resolved, planUri, batch }, async (source, item): Promise<FusionRecord> => {
    const members: Member[] = [];
    for (const { name, folder, files } of source.members) members.push(openMember(name, await readPublishedBundle(context, folder, files)));
    const { windows } = members[0]!.preparation;
    const campaign = await readCampaign(context, { scores: config.scores_path, series: config.series_path }, source, { ...windows, selected_columns: [] });
    const { chosen, line, cases } = detectorScores(config, members, campaign);

    const rules: CalibrationRules = {
      updateShare: Math.min(1, windows.step_size / windows.window_size), holdOffSeconds: config.alarm_rules.hold_off_seconds, graceSeconds: config.alarm_rules.grace_seconds,
    };
    const folds = foldsByGroup(cases, config.folds);
    const parts = outOfFoldGroupRatios(chosen.groups, cases, config.folds);
    const judged = campaign.cases.map(({ scored }, i): CalibrationCase => ({ scored, parts: parts[i]! }));
    const settled = await settle(context, config, source, judged, rules, folds);
    const model: FusionModel = { groups: fitGroups(chosen.groups, cases), settings: settingsOf(settled.params), updateShare: rules.updateShare };

    const results = judge({ cases: judged, scores: cases.map(({ scores }) => scores), groups: chosen.groups, settled, folds, rules, config });
    const provenance = provenanceOf(source, cases, folds);
    const { files, metrics } = reportFiles({ ...results, chosen, model, settled, provenance });
    const embedded = members.filter(({ name }, at) => at === 0 || chosen.members.includes(name));
    const bundle = fusedBundle({ members: embedded, model, line, signals: campaign.signals, configHash, provenance });
    const published = await publishAll(context, config.output_folder, [
      ...files, ...bundle.map(({ path, bytes }) => ({ path: `bundle/${path}`, bytes })),
      ...results.series.map((series, i) => ({ path: `fused/${source.cases[i]!.case_id}.parquet`, bytes: encodeParquet(fusedSeries(source.cases[i]!.case_id, campaign.cases[i]!, { ...cases[i]!.scores, ...series })) })),
    ]);
    return { case_id: item.id, fingerprint: item.fingerprint, files: published, metrics };
  });
});

export const publishFusion = defineStage('thread', async (input: PublishInput, context): Promise<StageOutcome> =>
  publishBatches<FusionRecord>(context, input, targetOf((input.resolved as Resolved).config), async ([record], _shared, _batches, quarantined) => {
    if (!record) throw nothingLeft(quarantined);
    return { files: [], metrics: record.metrics };
  }));

function targetOf(config: { output_folder: string }): Target {
  return { folder: config.output_folder, metadata: 'fusion_metadata.json' };
}

/** What the fusion was made from, by hashes, and which fold every case group was in. */
function provenanceOf({ members, cases: sources }: FusionSource, cases: readonly FusionCase[], folds: readonly number[]): Readonly<Record<string, unknown>> {
  return {
    folds: Object.fromEntries(cases.map(({ group }, i) => [group, folds[i]!])),
    bundles: members.map(({ name, files }) => ({ name, sha256: manifestHash(files) })),
    scores: sources.map(({ case_id, scored }) => ({ case_id, sha256: members.map(({ scoredAs }) => scored[scoredAs]!.scores.sha256) })),
  };
}

/** A case of the calibration with all that the fusion made of it, out of fold. */
function fusedSeries(caseId: string, { scored, labels }: ReadCampaign['cases'][number], series: Readonly<Record<string, Float64Array>>): Table {
  const column = (name: string, values: Column['values'], role: Column['role'], unit = ''): Column => ({ name, values, unit, role });
  return {
    rows: labels.length, metadata: {},
    columns: [
      column('case_id', Array<string>(labels.length).fill(caseId), 'id'), column('end_time', scored.time, 'clock', 's'),
      column('label', Int32Array.from(labels), 'truth'), ...Object.entries(series).map(([name, values]) => column(name, values, 'measured')),
    ],
  };
}
