/**
 * `node downloadTemporalCli.js FOLDER VERSION`: lets the SDK download the Temporal CLI into FOLDER and prints its path.
 * The SDK starts what it downloaded, and has one runtime per process; hence a program of its own.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Runtime } from '@temporalio/worker';

const [folder, version] = process.argv.slice(2);
if (!folder || !version) throw new Error('expected FOLDER VERSION');

const runtime = Runtime.instance();
const server = await runtime.createEphemeralServer({
  type: 'dev-server',
  exe: { type: 'cached-download', downloadDir: folder, version: `v${version}`, ttl: 0, sdkName: 'sdk-typescript', sdkVersion: '1.24.0' },
  namespace: 'default', ip: '127.0.0.1', port: null, uiPort: null, dbFilename: null, ui: false,
  log: { format: 'pretty', level: 'error' }, extraArgs: [],
});
await runtime.shutdownEphemeralServer(server);
const file = readdirSync(folder).find((name) => name.startsWith('temporal'));
if (!file) throw new Error(`nothing was downloaded into ${folder}`);
process.stdout.write(`${join(folder, file)}\n`);
