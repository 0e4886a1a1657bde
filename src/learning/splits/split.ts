import { PenstockError } from '../../errors/index.js';

/** Row numbers of the two sides, ascending unless said otherwise. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export function splitError(message: string, key?: string): PenstockError {
  return new PenstockError('learning/invalid-data', message, { key });
}

/** How many of `count` items are tested: the fraction rounded up, at least one left to train on. */
export function testCount(count: number, testSize: number): number {
  if (!(testSize > 0 && testSize < 1)) throw splitError(`the test size is ${testSize}; a fraction between 0 and 1 is needed`, 'test_size');
  const test = Math.ceil(count * testSize);
  if (test >= count) throw splitError(`${count} items cannot be split: ${testSize} of them for testing leaves none for training`, 'test_size');
  return test;
}
