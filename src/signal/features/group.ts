import type { BandLayout } from '../wavelets/decompose.js';

/** One signal (column of the series) that features are computed from. */
export interface SignalDescription {
  /** Column name in the series, e.g. `PT|POSITION=LINE@42M`. */
  readonly name: string;
  /** Unit of the column, e.g. `Pa`. */
  readonly unit: string;
  /** Distance from the inlet of the line; signals without it take no part in `cross`. */
  readonly position_m?: number | undefined;
  readonly quantity: 'pressure' | 'flow' | 'temperature' | 'other';
}

/** The groups of features, in the order of their columns. */
export const featureGroupNames = [
  'raw',
  'wavelet_coefficients',
  'band_statistics',
  'time_statistics',
  'oscillation',
  'differences',
  'cross',
  'temporal_context',
] as const;

export type FeatureGroupName = (typeof featureGroupNames)[number];

/** What `includeRaw` does not switch: every group but `raw`. */
export type SwitchableGroup = Exclude<FeatureGroupName, 'raw'>;

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
  /** Rows between the starts of consecutive windows; `temporal_context` needs it to find the previous window. */
  readonly stepSize?: number;
}

/** Wavelets, statistics, oscillation, differences and cross are on; temporal context is off. */
export const defaultGroups: Readonly<Record<SwitchableGroup, boolean>> = {
  wavelet_coefficients: true,
  band_statistics: true,
  time_statistics: true,
  oscillation: true,
  differences: true,
  cross: true,
  temporal_context: false,
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
}

/**
 * What a group sees of one window. One object per computation, moved from window to window: nothing is allocated per
 * window. A group reads rows `start` to `start + size - 1`, and (temporal context alone) earlier ones; never later ones.
 */
export interface WindowView {
  /** Whole columns of the case, in the order of the plan's signals. */
  readonly columns: readonly Float64Array[];
  readonly size: number;
  start: number;
  /** Wavelet coefficients of this window per signal, laid out as `bands` says; empty where no group needs them. */
  readonly coefficients: readonly Float64Array[];
  readonly bands: BandLayout | undefined;
}

/** Writes the group's features of one window to `out` from `offset` on, in the order of its definitions. */
export type GroupKernel = (view: WindowView, out: Float64Array, offset: number) => void;

/** A group of features: its columns, and a kernel that owns its scratch memory. One file each. */
export interface FeatureGroup {
  readonly name: FeatureGroupName;
  readonly needsWavelets: boolean;
  definitions(signals: readonly SignalDescription[], options: FeatureOptions): FeatureDefinition[];
  kernel(signals: readonly SignalDescription[], options: FeatureOptions): GroupKernel;
}
