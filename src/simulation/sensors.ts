import { createRandom, type Random } from '../numeric/index.js';
import type { CaseSpec } from './caseTypes.js';
import { nearestNode } from './grid.js';
import { planSensor, readSensor, type Rows, type Sensor, type SensorPlan } from './instruments.js';
import type { Grid } from './types.js';
import { stationName } from './writeGenkey.js';

/** A sensor at work: what it has seen so far of the truth, at the steps of its plan. */
export interface PlacedSensor extends Sensor {
  readonly quantity: 'pressure' | 'flow' | 'density';
  readonly station: number;
  readonly label: string;
  readonly node: number;
  readonly plan: SensorPlan;
  readonly random: Random;
  readonly seen: Float64Array;
  /** Rows seen so far. */
  next: number;
}

/** What a station's sensors report, per row. */
export interface StationReadings {
  readonly label: string;
  /** m, of the snapped node. */
  readonly position: number;
  /** Pa */
  readonly pressure: Float64Array;
  /** kg/s, where there is a meter. */
  readonly flow?: Float64Array;
  /** kg/m3, where the case may hold batches. */
  readonly density?: Float64Array;
}

/** The sensors of all stations; each has a stream of its own by its name, so that one more changes nothing in the others. */
export function placeSensors(spec: CaseSpec, grid: Grid, rows: Rows, steps: number): PlacedSensor[] {
  const random = createRandom(spec.seed);
  const { instruments } = spec;
  return spec.line.stations.flatMap((one, station) => {
    const node = nearestNode(grid, one.position, `stations.${station}.position`);
    const label = stationName(spec.line.name, grid.position[node]!);
    const skew = random.derive(`clock ${label}`).normal() * instruments.clockSkew;
    const place = (quantity: PlacedSensor['quantity']): PlacedSensor => {
      const stream = random.derive(`${quantity} ${label}`);
      const spread = quantity === 'pressure' ? instruments.pressureBias : quantity === 'flow' ? instruments.flowBias : 0;
      const sensor: Sensor = { kind: quantity, skew, bias: spread === 0 ? 0 : spread * random.derive(`bias ${quantity} ${label}`).normal() };
      const plan = planSensor(rows, grid.timeStep, steps, sensor, instruments, stream);
      return { ...sensor, quantity, station, label, node, plan, random: stream, seen: new Float64Array(rows.times.length), next: 0 };
    };
    return [place('pressure'), ...(one.flowMeter ? [place('flow')] : []), ...(spec.operating.batches === undefined ? [] : [place('density')])];
  });
}

/** The readings, once the run is over. */
export function stationReadings(spec: CaseSpec, sensors: readonly PlacedSensor[], grid: Grid): StationReadings[] {
  return spec.line.stations.map((_, station) => {
    const own = sensors.filter((sensor) => sensor.station === station);
    const read = (quantity: PlacedSensor['quantity']): Float64Array | undefined => {
      const sensor = own.find((one) => one.quantity === quantity);
      return sensor && readSensor(sensor.seen, sensor.plan, sensor, spec.instruments, sensor.random);
    };
    const flow = read('flow'), density = read('density');
    return { label: own[0]!.label, position: grid.position[own[0]!.node]!, pressure: read('pressure')!, ...(flow && { flow }), ...(density && { density }) };
  });
}
