import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe } from 'vitest';
import { preparedVersitygw } from '../src/runtime/tools/versitygw.js';

const program = process.env['PENSTOCK_VERSITYGW'] ?? preparedVersitygw();

/** True where the S3 server program is there. */
export const hasS3Server = program !== undefined;

/** `describe` for tests against a real S3 server: runs them where the program is, reports them as skipped where not. */
export const describeS3 = hasS3Server ? describe : describe.skip;

if (!hasS3Server) console.warn('SKIPPED: tests on S3, because there is no versitygw; run `npm run prepare-all` or set PENSTOCK_VERSITYGW');

export interface S3Server {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** An empty bucket. */
  readonly bucket: string;
  /** Where the bucket lies as a folder; what is put there is an object too. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** A real S3 server over a temporary folder, with one bucket. It ends with `stop`, or with this process. */
export async function startS3Server(): Promise<S3Server> {
  if (!program) throw new Error('no versitygw; use describeS3');
  const folder = mkdtempSync(join(tmpdir(), 'penstock-s3-'));
  for (const name of ['data', 'sidecar']) mkdirSync(join(folder, name));
  const credentials = { accessKey: 'penstock', secretKey: 'penstock-secret' };
  const port = await freePort();
  const child = spawn(program, ['--access', credentials.accessKey, '--secret', credentials.secretKey, '--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', join(folder, 'sidecar'), join(folder, 'data')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stopNow = (): void => void child.kill('SIGKILL');
  process.once('exit', stopNow);
  const bucket = 'penstock-test';
  const server = { endpoint: `http://127.0.0.1:${port}`, ...credentials, bucket, folder: join(folder, 'data', bucket) };
  await createBucket(server, child);
  return {
    ...server,
    async stop() {
      process.off('exit', stopNow);
      await ended(child, stopNow);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lets the AWS client of this process find the server's credentials where it always looks for them. */
export function useCredentials({ accessKey, secretKey }: Pick<S3Server, 'accessKey' | 'secretKey'>): void {
  process.env['AWS_ACCESS_KEY_ID'] = accessKey;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretKey;
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** The first request that is answered also tells that the server is up. */
async function createBucket(server: Omit<S3Server, 'stop'>, child: ChildProcess): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  let stderr = '';
  child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
  const client = new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: server.accessKey, secretAccessKey: server.secretKey },
  });
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        await client.send(new CreateBucketCommand({ Bucket: server.bucket }));
        return;
      } catch (error) {
        if (child.exitCode !== null || attempt === 100) throw new Error(`the S3 server did not come up: ${stderr}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  } finally {
    client.destroy();
  }
}

function ended(child: ChildProcess, stop: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    stop();
  });
}
