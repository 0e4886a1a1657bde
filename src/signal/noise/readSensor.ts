import type { Random } from '../../numeric/index.js';
import type { Sensor } from './sensor.js';

/**
 * What a sensor reports at each row of a series, given the true values.
 *
 * Each effect draws from a stream of its own, and per row the same number of times whatever happens, so that turning one
 * effect on leaves the draws of the others, and two series with the same times get the same draws. `time` is in seconds;
 * where it runs backwards, as after a restart, reading goes on with the row at hand.
 */
export function readSensor(truth: Float64Array, time: Float64Array, sensor: Sensor, random: Random): Float64Array {
  const gaussian = random.derive('gaussian');
  const freezing = random.derive('stuck');
  const losing = random.derive('dropout');
  const bias = (sensor.bias ?? 0) * random.derive('bias').normal();
  const drift = (sensor.driftPerHour ?? 0) * random.derive('drift').normal() / 3600;
  const skew = (sensor.clockSkewSeconds ?? 0) * random.derive('clock').uniform();
  const scan = sensor.scanSeconds ?? 0;
  const phase = scan * random.derive('scan').uniform();
  const { gaussian: deviation = 0, quantisation = 0, deadband = 0, stuck, dropout } = sensor;
  const stays = stuck ? Math.log1p(-stuck.probabilityPerHour) / 3600 : 0;

  const out = new Float64Array(truth.length);
  const first = time[0] ?? 0;
  let lastScan = NaN, lastTime = NaN, stuckUntil = NaN, stuckAt = NaN, reported = NaN, shown = NaN, at = 0;
  for (let row = 0; row < out.length; row++) {
    const noise = gaussian.normal(), freeze = freezing.uniform(), lose = losing.uniform();
    const now = time[row]!;
    const thisScan = scan > 0 ? Math.floor((now + phase) / scan) : row;
    if (thisScan !== lastScan) {
      lastScan = thisScan;
      const taken = (scan > 0 ? Math.max(first, thisScan * scan - phase) : now) - skew;
      if (row > 0 && now < time[row - 1]!) at = row;
      // The latest row that was recorded when the reading was taken; the first one stands for what was before it.
      while (at < row && time[at + 1]! <= taken) at++;
      if (!(now >= stuckAt && now < stuckUntil)) {
        const value = truth[at]! + bias + drift * (now - first) + deviation * noise;
        const read = quantisation > 0 ? Math.round(value / quantisation) * quantisation : value;
        if (!(Math.abs(read - reported) < deadband)) reported = read;
        const elapsed = now - lastTime;
        if (stuck && elapsed > 0 && freeze < -Math.expm1(stays * elapsed)) {
          stuckAt = now;
          stuckUntil = now + stuck.seconds;
        }
      }
      lastTime = now;
      if (!(dropout && lose < dropout.probability)) shown = reported;
      else if (dropout.shows === 'nan') shown = NaN;
    }
    out[row] = shown;
  }
  return out;
}
