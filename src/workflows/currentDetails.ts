import type { OutputReference, PipelineResult, Progress } from '../pipelines/contracts.js';

/** A step of a run that consists of others. */
export interface Step {
  readonly name: string;
  readonly workflowId: string;
  state: 'waiting' | 'running' | 'done' | 'up to date';
  progress?: Progress;
}

export type ShownResult = Pick<PipelineResult, 'metrics' | 'outputs'>;

const barLength = 20;
const shownOutputs = 5;
const shownMetrics = 24;

/**
 * What the Web UI shows of a run under Current Details, as Markdown. Its renderer keeps line breaks and draws tables without
 * lines, so there are short lines, one list and aligned columns in a fenced block.
 */
export function currentDetails(progress: Progress, steps: readonly Step[], result: ShownResult | undefined): string {
  return [
    headline(progress),
    progress.quarantined > 0 ? `**${progress.quarantined} quarantined** (the query \`quarantine\` lists them)` : '',
    result ? metricLines(result.metrics) : '',
    result ? outputLines(result.outputs) : '',
    steps.map(stepLine).join('\n'),
  ].filter(Boolean).join('\n\n');
}

export function percentOf(progress: Progress): number {
  return progress.total > 0 ? Math.floor((100 * progress.done) / progress.total) : 0;
}

function headline(progress: Progress): string {
  const percent = percentOf(progress);
  const filled = Math.round((percent * barLength) / 100);
  const lines = [`**${percent} %: ${progress.stage}**${timeLeft(progress)}`];
  if (progress.total > 0) lines.push(`\`${'█'.repeat(filled)}${'░'.repeat(barLength - filled)}\` ${Math.floor(progress.done)} of ${progress.total} ${progress.unit}${rateOf(progress)}`);
  if (progress.detail) lines.push(progress.detail);
  return lines.join('\n');
}

function stepLine({ name, workflowId, state, progress }: Step): string {
  const percent = state === 'running' && progress ? `, ${percentOf(progress)} %${timeLeft(progress)}` : '';
  const link = state === 'waiting' ? name : `[${name}](/namespaces/{namespace}/workflows/${workflowId})`;
  return `- ${link}: ${state}${percent}`;
}

function outputLines(outputs: readonly OutputReference[]): string {
  const [first] = outputs;
  if (!first) return '';
  const names = outputs.slice(0, shownOutputs).map(({ name }) => `- ${name}`);
  if (outputs.length > shownOutputs) names.push(`- and ${outputs.length - shownOutputs} more`);
  return `Results in \`${first.uri.slice(0, -first.name.length)}\`\n\n${names.join('\n')}`;
}

function metricLines(metrics: PipelineResult['metrics']): string {
  const told = Object.entries(metrics).filter(([, value]) => value !== null && value !== '').slice(0, shownMetrics);
  const width = Math.max(0, ...told.map(([name]) => name.length));
  const lines = told.map(([name, value]) => `${name.padEnd(width)}  ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`);
  return lines.length > 0 ? ['```', ...lines, '```'].join('\n') : '';
}

function timeLeft({ etaSeconds }: Progress): string {
  return etaSeconds === null || etaSeconds === 0 ? '' : `, about ${duration(etaSeconds)} left`;
}

function rateOf({ ratePerSecond: rate, done, total }: Progress): string {
  if (rate === null || rate <= 0 || done >= total) return '';
  const [times, unit] = rate >= 1 ? [rate, 'second'] : rate >= 1 / 60 ? [60 * rate, 'minute'] : [3600 * rate, 'hour'];
  return `, ${times >= 10 ? Math.round(times) : Number(times.toPrecision(2))} a ${unit}`;
}

function duration(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
