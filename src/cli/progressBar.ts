import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../pipelines/contracts.js';
import { say } from './output.js';

export interface ProgressView {
  show(progress: Progress): void;
  close(): void;
}

/** A live bar on a terminal; elsewhere one line for each stage and each quarter of it, so that logs stay short. */
export function openProgressView(): ProgressView {
  return process.stderr.isTTY ? openBar() : openLines();
}

function openBar(): ProgressView {
  const bar = new SingleBar({
    format: '{bar} {percentage} % | {stage} | {value} of {total} {unit} | {time} | {detail}',
    stream: process.stderr, hideCursor: true, clearOnComplete: false, etaBuffer: 1, stopOnComplete: false, barsize: 24, linewrap: false,
  }, Presets.shades_classic);
  let started = false;
  return {
    show(progress) {
      const payload = { stage: progress.stage, unit: progress.unit, time: timeLeft(progress), detail: progress.detail.split('\n')[0]!.slice(0, 60) };
      if (!started) bar.start(progress.total || 1, progress.done, payload);
      started = true;
      bar.setTotal(progress.total || 1);
      bar.update(progress.done, payload);
    },
    close() {
      if (started) bar.stop();
    },
  };
}

function openLines(): ProgressView {
  let last = '';
  return {
    show(progress) {
      const percent = progress.total > 0 ? Math.floor((100 * progress.done) / progress.total) : 0;
      const key = `${progress.stage} ${Math.floor(percent / 25)}`;
      if (key === last || progress.total === 0) return;
      last = key;
      say(`${progress.stage}: ${percent} % (${progress.done} of ${progress.total} ${progress.unit})`);
    },
    close: () => undefined,
  };
}

function timeLeft({ etaSeconds }: Progress): string {
  return etaSeconds === null ? '' : `${etaSeconds} s left`;
}
