import { resolve } from 'node:path';
import type { PredictInput } from '../activities/predictFiles.js';
import type { FilePrediction, PredictResult } from '../activities/predict/prediction.js';
import { runInProcess } from '../runtime/stages/inProcess.js';
import { exitCode, printJson, say } from './output.js';

export interface PredictOptions {
  readonly persistence: number;
  readonly holdOff: number;
  /** m/s */
  readonly waveSpeed?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Scores recordings with a bundle, without a server. Exit code 1 where a recording has no score at all. */
export async function predict(bundle: string, files: readonly string[], options: PredictOptions): Promise<number> {
  const place = (path: string): string => (path.startsWith('s3://') ? path : resolve(path));
  const input: PredictInput = {
    bundle: place(bundle), files: files.map(place), persistence: options.persistence, holdOffSeconds: options.holdOff, waveSpeed: options.waveSpeed ?? null,
    ...(options.out !== undefined && { out: place(options.out) }),
  };
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const result = await runInProcess({ name: 'predictFiles', input, attempt: 1, storage: undefined }, stop.signal, () => undefined) as PredictResult;
  // People know the files by the names they typed.
  const named = { ...result, files: result.files.map((one, i) => ({ ...one, file: files[i]! })) };
  if (options.json) printJson(named);
  else print(named);
  return named.files.every(({ status }) => status === 'scored') ? exitCode.ok : exitCode.failed;
}

function print({ bundle, files, out }: PredictResult): void {
  const lines = files.flatMap((one) => describe(one, bundle));
  process.stdout.write(`${lines.join('\n')}\n`);
  if (bundle.source === 'simulation') say('the model was trained on simulated data; what it says of other data is unmeasured');
  if (out !== null) say(`scores of all windows: ${out}`);
}

function describe(prediction: FilePrediction, bundle: PredictResult['bundle']): string[] {
  const { file, status, reason, windows, scored, alarms, classes, values, troubles, notes } = prediction;
  if (status !== 'scored') return [`${file}: ${status}: ${reason ?? ''}`, ...notes.map((note) => `  note: ${note}`)];
  const said = bundle.task === 'detection' ? `${count(alarms.length, 'alarm')}, ` : `${bundle.target.replaceAll('_', ' ')}, `;
  return [
    `${file}: ${said}${scored} of ${windows} windows scored`,
    ...alarms.map(({ start, end, peak_score: peak, position_m: at }) => `  alarm ${seconds(start)} to ${seconds(end)}, peak score ${peak.toFixed(4)}${at === null ? '' : `, by its pressure wave at ${at.toFixed(0)} m`}`),
    ...classes.map((one) => `  ${one.class} ${seconds(one.start)} to ${seconds(one.end)}, mean probability ${one.probability.toFixed(3)}`),
    ...(values ? [`  median ${values.median.toPrecision(4)}, ${values.lowest.toPrecision(4)} to ${values.highest.toPrecision(4)} ${values.unit}`] : []),
    ...troubles.map(({ state, signal, reason, start, end }) => `  ${state} ${seconds(start)} to ${seconds(end)}: ${signal === null ? '' : `${signal} `}${reason}`),
    ...notes.map((note) => `  note: ${note}`),
  ];
}

function count(n: number, word: string): string {
  return `${n === 0 ? 'no' : n} ${word}${n === 1 ? '' : 's'}`;
}

function seconds(value: number): string {
  return `${Number(value.toFixed(3))} s`;
}
