import { errorTable, type ErrorCode } from './codes.js';

/** Where a problem lies: as much as is known. Lines count from 1. */
export interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly key?: string | undefined;
}

/**
 * The one error class: what happened (`message`), where (`place`), and what to do (the code's remedy).
 * Say in the message what was found and what is allowed.
 */
export class PenstockError extends Error {
  readonly code: ErrorCode;
  readonly place: Place;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, place: Place = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PenstockError';
    this.code = code;
    this.place = place;
    this.retryable = errorTable[code].retryable;
  }
}

/** One readable text: place, message, remedy. */
export function describeError(error: PenstockError): string {
  const { file, line, key } = error.place;
  const where = [file && (line ? `${file}:${line}` : file), key].filter(Boolean).join(' ');
  return `${where ? `${where}: ` : ''}${error.message}\n${errorTable[error.code].remedy} [${error.code}]`;
}
