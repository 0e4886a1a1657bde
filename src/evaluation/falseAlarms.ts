import { poissonInterval, poissonUpperBound } from '../metrics/index.js';
import type { FalseAlarmSummary } from './types.js';

const hour = 3600;
const monthSeconds = 30 * 24 * hour;

/**
 * False alarms as a count in leak-free time with the exact (Garwood) Poisson interval. A monthly rate is given from
 * 30 leak-free days on only: from less time it would be an extrapolation of a handful of events.
 */
export function falseAlarmSummary(
  count: number,
  leakFreeSeconds: number,
  timeInAlarm: number | null,
  confidence: number,
): FalseAlarmSummary {
  const { lower: countLower, upper: countUpper } = poissonInterval(count, confidence);
  const hours = leakFreeSeconds / hour;
  const perHour = (value: number): number | null => (hours > 0 ? value / hours : null);
  const months = leakFreeSeconds / monthSeconds;
  const monthly =
    months >= 1
      ? {
          rate: count / months,
          lower: countLower / months,
          upper: countUpper / months,
          upperOneSided: poissonUpperBound(count, confidence) / months,
        }
      : null;
  return {
    count,
    leakFreeSeconds,
    leakFreeHours: hours,
    countLower,
    countUpper,
    perHour: perHour(count),
    perHourLower: perHour(countLower),
    perHourUpper: perHour(countUpper),
    monthly,
    statement: statement(count, hours, countLower, countUpper, confidence, monthly),
    timeInAlarm,
  };
}

function statement(
  count: number,
  hours: number,
  lower: number,
  upper: number,
  confidence: number,
  monthly: FalseAlarmSummary['monthly'],
): string {
  const percent = Number((confidence * 100).toFixed(2));
  const counted =
    `${count} false ${count === 1 ? 'alarm' : 'alarms'} in ${amount(hours)} leak-free hours ` +
    `(exact ${percent} % interval of the count: ${lower.toFixed(2)} to ${upper.toFixed(2)}).`;
  if (monthly) {
    return (
      `${counted} That is ${monthly.rate.toFixed(2)} per month of 30 days ` +
      `(${monthly.lower.toFixed(2)} to ${monthly.upper.toFixed(2)}; one-sided ${percent} % bound ${monthly.upperOneSided.toFixed(2)}).`
    );
  }
  return `${counted} No monthly rate: it takes 30 leak-free days (720 hours), and these are ${amount(hours)} hours.`;
}

function amount(hours: number): string {
  return hours >= 10 ? hours.toFixed(1) : hours >= 0.1 ? hours.toFixed(2) : hours.toPrecision(2);
}
