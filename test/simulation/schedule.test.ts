import { expect, test } from 'vitest';
import { openIntervals, sampleSchedule, scheduleCorners } from '../../src/simulation/schedule.js';

test('a controller moves at its stroke rate, and a new set point interrupts it', () => {
  const schedule = { times: [0, 10, 15], setpoints: [0, 1, 0.25], openingTime: 10, closingTime: 20 };
  const signal = sampleSchedule(schedule, 0.5, 60);
  expect(signal[20]).toBe(0);
  expect(signal[25]).toBeCloseTo(0.25, 12);
  // half way up at 15 s, from there down at 1 / 20 per second to 0.25
  expect(signal[30]).toBeCloseTo(0.5, 12);
  expect(signal[36]).toBeCloseTo(0.35, 12);
  expect(signal[60]).toBe(0.25);
});

test('a jump holds from its own time on', () => {
  const signal = sampleSchedule({ times: [0, 0.3], setpoints: [1, 0.5], openingTime: 0, closingTime: 0 }, 0.1, 5);
  expect([...signal]).toEqual([1, 1, 1, 0.5, 0.5, 0.5]);
});

test('open intervals run from leaving 0 to being back, and are cut at the end', () => {
  const schedule = { times: [0, 10, 30, 50], setpoints: [0, 1, 0, 1], openingTime: 2, closingTime: 4 };
  expect(openIntervals(schedule, 60)).toEqual([{ start: 10, end: 34 }, { start: 50, end: 60 }]);
  expect(openIntervals(schedule, 20)).toEqual([{ start: 10, end: 20 }]);
  expect(openIntervals({ times: [0], setpoints: [1], openingTime: 0, closingTime: 0 }, 5)).toEqual([{ start: 0, end: 5 }]);
  expect(openIntervals({ times: [0], setpoints: [0], openingTime: 0, closingTime: 0 }, 5)).toEqual([]);
});

test('schedules that make no sense are refused', () => {
  const plain = { times: [0, 1], setpoints: [0, 1], openingTime: 1, closingTime: 1 };
  expect(() => scheduleCorners({ ...plain, times: [0] })).toThrowError(/1 times and 2 set points/);
  expect(() => scheduleCorners({ ...plain, times: [1, 2] })).toThrowError(/first time 1 s/);
  expect(() => scheduleCorners({ ...plain, times: [0, 0] })).toThrowError(/must increase/);
  expect(() => scheduleCorners({ ...plain, setpoints: [0, -1] })).toThrowError(/must not be negative/);
});
