import { PenstockError } from '../errors/index.js';
import { createRandom } from '../numeric/index.js';
import { fitsColumn, misspelt } from '../olga/index.js';
import type { NoiseConfig, SensorConfig } from '../pipelines/index.js';
import { applyNoise, quantityOf, type Sensor } from '../signal/index.js';
import type { Column, Table } from '../table/index.js';
import { isSignal } from './selectSignals.js';

/**
 * The series with the noise of the configuration. Draws depend on the seed, the case group and the column's name alone, so
 * that a case and its twin differ by the leak and nothing else. `all` are the columns of the file, also those not selected:
 * a pattern that fits none of them is misspelt.
 */
export function withNoise(series: Table, all: readonly Column[], config: NoiseConfig, group: string): Table {
  if (!config.enabled) return series;
  const strange = misspelt(all.filter(isSignal), Object.keys(config.columns));
  if (strange !== undefined) throw new PenstockError('table/column-missing', `noise.columns: no signal fits ${strange}`, { key: 'noise.columns' });
  const sensors = new Map<string, Sensor>();
  for (const column of series.columns) {
    const settings = isSignal(column) ? settingsOf(column, config) : {};
    if (Object.keys(settings).length > 0) sensors.set(column.name, asSensor(column, settings));
  }
  return applyNoise(series, sensors, createRandom(config.seed).derive(group));
}

function settingsOf(column: Column, config: NoiseConfig): SensorConfig {
  const own = Object.entries(config.columns).filter(([pattern]) => fitsColumn(column, pattern)).map(([, settings]) => settings);
  return Object.assign({}, column.role === 'measured' ? config[quantityOf(column)] : {}, ...own) as SensorConfig;
}

function asSensor(column: Column, settings: SensorConfig): Sensor {
  const amount = (key: 'gaussian' | 'bias' | 'drift_per_hour' | 'quantisation' | 'deadband'): number => {
    const value = settings[key] ?? 0;
    if (typeof value === 'number') return value;
    if (settings.span !== undefined) return Number.parseFloat(value) / 100 * settings.span;
    throw new PenstockError('config/invalid', `noise on ${column.name}: ${key} is ${value} of a span that is not given; set span`, { key: `noise.columns.${column.name}.span` });
  };
  const { stuck, dropout } = settings;
  return {
    gaussian: amount('gaussian'), bias: amount('bias'), driftPerHour: amount('drift_per_hour'), quantisation: amount('quantisation'), deadband: amount('deadband'),
    scanSeconds: settings.scan_interval_seconds ?? 0, clockSkewSeconds: settings.clock_skew_seconds ?? 0,
    ...(stuck && { stuck: { probabilityPerHour: stuck.probability_per_hour, seconds: stuck.seconds } }), ...(dropout && { dropout }),
  };
}
