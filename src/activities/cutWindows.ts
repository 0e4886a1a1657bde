import type { Leak } from '../olga/index.js';
import type { WindowsConfig } from '../pipelines/index.js';
import { medianStep, resampleTable, windowIndex } from '../signal/index.js';
import { numbers, sliceRows, type Table } from '../table/index.js';
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

/**
 * The windows as tables of their own: the rows of the series, and as metadata what the index says of the window, under
 * its column names (`label`, `phase`, `start_time`, ...), `NaN` for what is not known.
 */
export function* windowTables(series: Table, index: Table): Generator<Table> {
  const starts = numbers(index, 'start_row');
  const ends = numbers(index, 'end_row');
  for (let window = 0; window < index.rows; window++) {
    const facts = Object.fromEntries(index.columns.map(({ name, values }) => [name, String(values[window])]));
    const rows = sliceRows(series, starts[window]!, ends[window]!);
    yield { ...rows, metadata: { ...index.metadata, ...facts } };
  }
}
