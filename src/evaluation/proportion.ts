import { wilsonInterval } from '../metrics/index.js';
import type { Proportion } from './types.js';

/** count / total with its Wilson interval; nothing counted says nothing: 0 to 1. */
export function proportion(count: number, total: number, confidence: number): Proportion {
  if (total === 0) return { count, total, value: null, lower: 0, upper: 1 };
  const { lower, upper } = wilsonInterval(count, total, confidence);
  return { count, total, value: count / total, lower, upper };
}
