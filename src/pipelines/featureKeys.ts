import { z } from 'zod';

const group = (what: string, on: boolean) => z.boolean().default(on).describe(what);

/** Keys by which sections say what is computed from a window. */
export const featureKeys = {
  feature_columns: z.array(z.string()).default([]).describe('Signals to compute features from, `*` stands for any text; empty takes every measured one. A truth, clock or id column is refused'),
  operational_columns: z.boolean().default(false).describe('Also take operational signals (pump speed, valve openings)'),
  wavelet: z.string().default('db2').describe('Wavelet, by its PyWavelets name'),
  wavelet_level: z.int().min(1).default(3).describe('Decomposition level; at most log2(window_size / (filter length - 1))'),
  groups: z.strictObject({
    wavelet_coefficients: group('Coefficients of every band', false),
    band_statistics: group('Energy, relative energy, mean, standard deviation, maximum and entropy of every band', true),
    time_statistics: group('Statistics of the samples', true),
    oscillation: group('Sign changes of the differences, roughness', true),
    spectral: group('Spectral entropy, dominant frequency and energies of four frequency bands', true),
    differences: group('Changes inside the window', true),
    cross: group('Flow imbalance, pressure differences between positions, and how pressure and flow move together', true),
    pressure_wave: group('Difference of the arrivals of a negative pressure wave at the ends of the line', false),
    temporal_context: group('Change against the windows before, trend and duration of a steady state', true),
    operational_context: group('Level bands of the signals in `level_edges`, and a score that tells leaks from pumps and valves', true),
    tsfresh_minimal: group('The ten plainest features of tsfresh, under its names', false),
    tsfresh_efficient: group('The 782 features of tsfresh that take little time, under its names', false),
  }).prefault({}).describe('Groups of features, each on or off'),
  values: z.strictObject({
    band_statistics: z.array(z.string()).default([]).describe('Of energy, relative_energy, mean, std, max, entropy; empty keeps all'),
    time_statistics: z.array(z.string()).default([]).describe('Of mean, std, min, max, skew, kurtosis, rms, p05, p25, median, p75, p95, mad, mean_abs_diff, slope; empty keeps all'),
  }).prefault({}).describe('Single statistics of a group, to compute no more than needed'),
};
