export { errorTable, isErrorCode, type ErrorCode } from './codes.js';
export { PenstockError, describeError, type Place } from './penstockError.js';
