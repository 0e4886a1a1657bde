import { DefaultLogger, Runtime, type LogEntry } from '@temporalio/worker';

const level = (process.env['PENSTOCK_LOG'] ?? 'WARN').toUpperCase() as 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** A queue without workflows is by intent, and a failed step is told by the run itself. */
const expected = [/No workflows registered/, /^Activity failed/, /^Workflow failed/];

/** Logs as one JSON object per line on standard error: standard output belongs to results. */
export const logger = new DefaultLogger(level, (entry: LogEntry) => {
  if (expected.some((text) => text.test(entry.message))) return;
  const { error, ...meta } = (entry.meta ?? {}) as Record<string, unknown>;
  const line = {
    time: new Date(Number(entry.timestampNanos / 1_000_000n)).toISOString(), level: entry.level, message: entry.message,
    ...meta, ...(error !== undefined && { error: error instanceof Error ? error.stack : error }),
  };
  process.stderr.write(`${JSON.stringify(line, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))}\n`);
});

let installed = false;

/** Sends the SDK's own logs (by default coloured lines on standard output) through the logger. Once per process, before any connection. */
export function installRuntime(): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {}, filter: { core: level === 'DEBUG' ? 'DEBUG' : 'WARN', other: 'WARN' } } },
  });
}
