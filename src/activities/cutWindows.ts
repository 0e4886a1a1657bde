import type { Leak } from '../olga/index.js';
import type { WindowsConfig } from '../pipelines/index.js';
import { medianStep, resampleTable, windowIndex } from '../signal/index.js';
import { numbers, type Table } from '../table/index.js';
import { selectSignals } from './selectSignals.js';

/** What decides how windows are cut; a bundle carries it, so that inference cuts them in the same way. */
export type WindowSettings = Pick<WindowsConfig, 'window_size' | 'step_size' | 'selected_columns' | 'label_rule' | 'warmup_seconds' | 'recovery_seconds'>
  & { readonly resample_seconds: number | null };

/** A recorded series at the common step with the chosen signals, and the index of its windows. */
export function cutWindows(recorded: Table, leaks: readonly Leak[], settings: WindowSettings): { series: Table; index: Table } {
  const chosen = selectSignals(recorded, settings.selected_columns);
  const series = settings.resample_seconds === null ? chosen : resampleTable(chosen, settings.resample_seconds);
  const step = settings.resample_seconds ?? medianStep(numbers(chosen, 'time') as Float64Array);
  const index = windowIndex(series, {
    windowSize: settings.window_size, stepSize: settings.step_size, label: settings.label_rule, warmupSeconds: settings.warmup_seconds,
    // A window that still holds rows of the leak is no picture of health.
    recoverySeconds: settings.recovery_seconds + settings.window_size * step,
    leaks: leaks.map((leak) => ({
      intervals: leak.intervals,
      ...(leak.position !== undefined && { position_m: leak.position }), ...(leak.diameter !== undefined && { diameter_m: leak.diameter }),
    })),
  });
  return { series, index };
}
