import { PenstockError } from '../../errors/index.js';
import type { Random } from '../../numeric/index.js';
import type { Table } from '../../table/table.js';
import { numbersOf, timeColumn } from '../columns.js';
import { readSensor } from './readSensor.js';
import type { Sensor } from './sensor.js';

/**
 * The series as instruments would show it: each column named in `sensors` is replaced by the readings of its sensor, all
 * else stays. A sensor's draws depend on the random stream's seed and the column's name alone.
 * @throws PenstockError `table/role` where a sensor is given for a truth, clock or id column, `signal/invalid` for text.
 */
export function applyNoise(series: Table, sensors: ReadonlyMap<string, Sensor>, random: Random): Table {
  const time = timeColumn(series).values;
  const columns = series.columns.map((column) => {
    const sensor = sensors.get(column.name);
    if (!sensor) return column;
    if (column.role !== 'measured' && column.role !== 'operational') {
      throw new PenstockError('table/role', `noise is asked for on ${column.name} (${column.role}); only measured and operational columns have a sensor`, { key: 'noise' });
    }
    return { ...column, values: readSensor(numbersOf(column), time, sensor, random.derive(column.name)) };
  });
  return { ...series, columns };
}
