import { describeError, PenstockError, type ErrorCode } from '../errors/index.js';

/** Exit codes, documented in docs/cli.md. */
export const exitCode = { ok: 0, failed: 1, usage: 2, unavailable: 3, interrupted: 130 } as const;

/** Prints the one JSON document of `--json`; everything else goes to standard error. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Tells a person what is going on, away from standard output. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The exit code that belongs to a failure, after it was told: as text, and with `--json` as a document with its code. */
export function fail(error: unknown, json: boolean): number {
  const known = error instanceof PenstockError ? error : undefined;
  const message = known ? describeError(known) : error instanceof Error ? error.message : String(error);
  say(message);
  if (!known && error instanceof Error && process.env['PENSTOCK_LOG']) say(error.stack ?? '');
  if (json) printJson({ error: { code: known?.code ?? 'internal', message: known?.message ?? message, ...known?.place } });
  return known ? codeFor(known.code) : exitCode.failed;
}

function codeFor(code: ErrorCode): number {
  if (code.startsWith('config/') || code === 'cli/usage') return exitCode.usage;
  if (code.startsWith('server/') || code.startsWith('tool/')) return exitCode.unavailable;
  return exitCode.failed;
}
