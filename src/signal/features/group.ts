import type { WindowKernels } from '../kernels/windowKernels.js';
import type { TrainedRange } from '../health/trainedRange.js';
import type { BandLayout } from '../wavelets/decompose.js';

/** One signal (column of the series) that features are computed from. */
export interface SignalDescription {
  /** Column name in the series, e.g. `PT|POSITION=LINE@42M`. */
  readonly name: string;
  /** Unit of the column, e.g. `Pa`. */
  readonly unit: string;
  /** Distance from the inlet of the line; signals without it take no part in groups that look along the line. */
  readonly position_m?: number | undefined;
  readonly quantity: 'pressure' | 'flow' | 'temperature' | 'other';
  /** What it did in the dataset; known once the features of all cases are computed. */
  readonly trained?: TrainedRange | undefined;
}

/** The groups of features, in the order of their columns. */
export const featureGroupNames = [
  'raw',
  'wavelet_coefficients',
  'band_statistics',
  'time_statistics',
  'oscillation',
  'spectral',
  'differences',
  'cross',
  'pressure_wave',
  'temporal_context',
  'operational_context',
  'tsfresh_minimal',
  'tsfresh_efficient',
] as const;

export type FeatureGroupName = (typeof featureGroupNames)[number];

/** What `includeRaw` does not switch: every group but `raw`. */
export type SwitchableGroup = Exclude<FeatureGroupName, 'raw'>;

/** Groups of which single statistics may be chosen. */
export type SelectableGroup = 'band_statistics' | 'time_statistics';

export interface FeatureOptions {
  /** Rows per window, at least 4. */
  readonly windowSize: number;
  /** Wavelet name as PyWavelets spells it, e.g. `db2`. */
  readonly wavelet: string;
  /** Levels of decomposition, 1 to `maxLevel(windowSize, wavelet)`. */
  readonly waveletLevel: number;
  /** Switches; a group left out has the value in `defaultGroups`. */
  readonly groups: Partial<Readonly<Record<SwitchableGroup, boolean>>>;
  /** Adds the rows of the window themselves as `<signal>_raw_<row>`. Default false. */
  readonly includeRaw?: boolean;
  /** Rows between the starts of consecutive windows; `temporal_context` needs it to find earlier windows. */
  readonly stepSize?: number;
  /** Seconds from row to row. Frequencies and lags are then in Hz and s, else in cycles per row and rows. */
  readonly stepSeconds?: number;
  /** Statistics to keep, by the end of their names, e.g. `{ band_statistics: ['energy', 'max'] }`; all of a group left out. */
  readonly values?: Partial<Readonly<Record<SelectableGroup, readonly string[]>>>;
  /** Upper edges of the low and of the medium level, by signal name or by quantity, for `operational_context`. */
  readonly levelEdges?: Readonly<Record<string, readonly [number, number]>>;
}

/** The switches where nothing else is said. */
export const defaultGroups: Readonly<Record<SwitchableGroup, boolean>> = {
  wavelet_coefficients: true,
  band_statistics: true,
  time_statistics: true,
  oscillation: true,
  spectral: true,
  differences: true,
  cross: true,
  pressure_wave: false,
  temporal_context: false,
  operational_context: false,
  tsfresh_minimal: false,
  tsfresh_efficient: false,
};

/** One column of the feature matrix: where it comes from and how, so that a person can check it. */
export interface FeatureDefinition {
  readonly name: string;
  /** How it is computed, x being the signal's rows in the window. */
  readonly formula: string;
  /** Unit, `1` where dimensionless. */
  readonly unit: string;
  /** The signal it belongs to; absent where several take part. */
  readonly signal?: string;
  readonly group: FeatureGroupName;
  /** Rows it looks at, counted back from the window's last one; the window itself where it is not said. */
  readonly rows?: number;
}

/**
 * What a group sees of one window. One object per computation, moved from window to window: nothing is allocated per
 * window. A group reads rows `start` to `start + size - 1`, and so many before as its definitions' `rows` say; never later ones.
 */
export interface WindowView {
  /** Whole columns of the case, in the order of the plan's signals. */
  readonly columns: readonly Float64Array[];
  readonly size: number;
  start: number;
  /** Wavelet coefficients of this window per signal, laid out as `bands` says; empty where no group needs them. */
  readonly coefficients: readonly Float64Array[];
  readonly bands: BandLayout | undefined;
  /** Per signal the address, in the kernels' memory, of a copy of the window's rows and of its coefficients. */
  readonly rowsAt: Int32Array;
  readonly coefficientsAt: Int32Array;
}

/** Writes the group's features of one window to `out` from `offset` on, in the order of its definitions. */
export type GroupKernel = (view: WindowView, out: Float64Array, offset: number) => void;

/** A group of features: its columns, and a kernel that owns its scratch memory. One file each. */
export interface FeatureGroup {
  readonly name: FeatureGroupName;
  readonly needsWavelets: boolean;
  definitions(signals: readonly SignalDescription[], options: FeatureOptions): FeatureDefinition[];
  /** `kernels` has room for what `reserves` says. */
  kernel(signals: readonly SignalDescription[], options: FeatureOptions, kernels: WindowKernels): GroupKernel;
  /** Places and numbers in the kernels' memory that the group's kernel reserves; none where it is not said. */
  reserves?(options: FeatureOptions): { readonly places: number; readonly numbers: number };
  /** The features of one signal by patterns of names, where `definitions` would list the same thing many times. */
  patterns?(signal: SignalDescription, options: FeatureOptions): FeatureDefinition[];
}
