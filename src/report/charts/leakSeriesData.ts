/** Signals of one unit, drawn together. */
export interface SignalPanel {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
  /**
   * `change` draws each signal as its change from its own level before the first leak, `value` as it is. Default `auto`:
   * the change where levels lie so far apart that the signals would be flat lines.
   */
  readonly draw?: 'auto' | 'value' | 'change' | undefined;
}

export interface ChartInterval {
  readonly start: number;
  readonly end: number;
}

export type ChartAlarmKind = 'detection' | 'repeat' | 'recovery' | 'carried' | 'false';

/** One case: times in seconds since its start, ascending. */
export interface LeakSeriesData {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Time of the signal rows. */
  readonly time: ArrayLike<number>;
  readonly panels: readonly SignalPanel[];
  readonly score: {
    readonly name?: string | undefined;
    readonly time: ArrayLike<number>;
    readonly values: ArrayLike<number>;
    readonly threshold: number;
  };
  readonly leaks: readonly (ChartInterval & { readonly label?: string | undefined })[];
  readonly alarms: readonly { readonly time: number; readonly kind: ChartAlarmKind; readonly delay?: number | undefined }[];
  readonly warmup?: ChartInterval | undefined;
  readonly recovery?: readonly ChartInterval[] | undefined;
  /** Pixels; default 1000. The height follows from the number of panels. */
  readonly width?: number | undefined;
}
