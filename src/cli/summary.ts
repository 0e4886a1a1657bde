import type { PipelineResult } from '../pipelines/index.js';

const shownOutputs = 12;

/** What a person wants to know at the end: outcome, numbers, where the results lie. */
export function summarize(workflowId: string, result: PipelineResult): void {
  const lines = [`${workflowId}: ${result.outcome === 'up_to_date' ? 'up to date, no work was done' : result.outcome.replaceAll('_', ' ')}`];
  for (const [name, value] of Object.entries(result.metrics)) {
    if (value !== null && value !== '') lines.push(`  ${name.padEnd(28)} ${typeof value === 'number' ? Number(value.toPrecision(5)) : value}`);
  }
  for (const { input, code, message } of result.quarantined.slice(0, shownOutputs)) lines.push(`  quarantined ${input}: ${message} [${code}]`);
  if (result.quarantined.length > shownOutputs) lines.push(`  and ${result.quarantined.length - shownOutputs} more in quarantine`);
  const main = result.outputs.filter((output) => !/(series|scores|index|plots)\/|\/data\/[^/]*\.parquet/.test(output.uri)).slice(-shownOutputs);
  for (const { uri } of main) lines.push(`  ${uri}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}
