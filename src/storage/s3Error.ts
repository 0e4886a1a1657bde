import { PenstockError, type ErrorCode } from '../errors/index.js';

/** The HTTP status of an answer that the SDK made an error of; undefined where there was no answer. */
export function statusOf(error: unknown): number | undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

/**
 * The error of the closed table for what the SDK or the network reported. Errors that are not theirs, such as those of
 * the pieces being written, pass unchanged.
 */
export function s3Error(error: unknown, uri: string, bucket: string, endpoint: string | undefined): unknown {
  if (error instanceof PenstockError || !(error instanceof Error)) return error;
  const status = statusOf(error);
  const server = endpoint ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'] ?? 'AWS';
  const fail = (code: ErrorCode, message: string): PenstockError => new PenstockError(code, message, { file: uri }, { cause: withoutConnection(error) });

  if (error.name === 'NoSuchBucket') return fail('storage/not-found', `there is no bucket "${bucket}" at ${server}`);
  if (error.name === 'CredentialsProviderError') {
    return fail('storage/denied', `no credentials were found for bucket "${bucket}" at ${server}: ${error.message}`);
  }
  if (error.name === 'PermanentRedirect') return fail('storage/not-found', `bucket "${bucket}" is in another region; name it by storage.region or AWS_REGION`);
  if (status === 404) return fail('storage/not-found', `there is no file ${uri} at ${server}`);
  if (status === 412) return fail('storage/changed', `${uri} is not the file it was`);
  if (status === 401 || status === 403) return fail('storage/denied', `${server} refuses ${uri} (${error.name}: ${error.message})`);
  if (status !== undefined) return fail('storage/unavailable', `${server} answered ${status} for ${uri} (${error.name}: ${error.message})`);
  if (isNetworkError(error)) return fail('storage/unavailable', `${server} did not answer for ${uri} (${reasonOf(error)})`);
  return error;
}

/** The SDK hangs the whole connection on its errors, with the signed request; neither belongs in a log. */
function withoutConnection(error: Error): Error {
  return Object.assign(new Error(error.message), { name: error.name, stack: error.stack });
}

function isNetworkError(error: Error): boolean {
  return 'code' in error || '$metadata' in error || error.name === 'TimeoutError' || error.name === 'AggregateError' || error.message === 'aborted';
}

/** Node.js reports a refused connection to several addresses as one error without a message. */
function reasonOf(error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : undefined;
  return error.message || (inner instanceof Error ? inner.message : error.name);
}
