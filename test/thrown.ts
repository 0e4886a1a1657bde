import { PenstockError } from '../src/errors/index.js';

/** The PenstockError that a call must throw. */
export function thrown(body: () => unknown): PenstockError {
  try {
    body();
  } catch (error) {
    if (error instanceof PenstockError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
