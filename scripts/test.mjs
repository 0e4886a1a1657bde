// `npm test [-- vitest arguments]`: prepares what the tests need, then runs them; its exit code is vitest's.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const loud = (line) => process.stderr.write(`\n*** ${line}\n\n`);

const missing = await prepare(['temporal', 'lightgbm', 's3'], { optional: ['s3'] });
if (missing.includes('s3')) loud('SKIPPED: tests against an S3 server, because it could not be prepared');

const { findChromium } = await import(`${root}dist/src/runtime/tools/index.js`);
if (!findChromium() && process.getuid?.() === 0) installChromium();
if (!findChromium()) loud('SKIPPED: browser tests, because there is no Chromium; install the system\'s chromium or set PENSTOCK_CHROMIUM');

const vitest = spawn(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, 'run', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => vitest.kill(signal));
vitest.on('close', (code) => process.exit(code ?? 1));

/** Only by the system's package manager, and only as a user who may. */
function installChromium() {
  process.stderr.write('installing Chromium for the browser tests (apt-get; usually a minute)\n');
  const apt = (...args) => spawnSync('apt-get', ['-qq', '-o', 'Dpkg::Use-Pty=0', ...args], {
    stdio: ['ignore', 'ignore', 'ignore'], timeout: 300_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (apt('update').error?.code === 'ENOENT') return;
  apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
}
