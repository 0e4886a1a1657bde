import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PenstockError } from '../../errors/index.js';
import { builtModule } from '../builtModule.js';
import { toolFolder, type Report } from './cacheFolder.js';
import { findOnPath, isProgram } from './findOnPath.js';
import { goBuild, goProblem, isAtLeast, oldestGo } from './goBuild.js';
import { runProgram } from './runProgram.js';

/** The pinned Temporal CLI: development server, Web UI and commands in one program. Same number as in temporal/go.mod. */
export const temporalCliVersion = '1.8.2';

/** The oldest server that the workflows were tried on. */
const oldestServer = '1.29.0';

/**
 * Absolute path of a Temporal CLI. Tried in this order: `PENSTOCK_TEMPORAL`; a prepared one in the cache; `temporal` on PATH
 * if its server is new enough; the SDK's download; a build from the pinned Go module. Fails with `tool/unavailable`.
 */
export async function obtainTemporalCli(report: Report): Promise<string> {
  const given = process.env['PENSTOCK_TEMPORAL'];
  if (given) {
    if (isProgram(given)) return given;
    throw new PenstockError('tool/unavailable', `PENSTOCK_TEMPORAL names no program: ${given}`, { key: 'PENSTOCK_TEMPORAL' });
  }
  const target = join(toolFolder('temporal', temporalCliVersion), 'temporal');
  if (isProgram(target)) return target;
  return (await usableOnPath(report)) ?? (await download(target, report)) ?? build(target, report);
}

async function usableOnPath(report: Report): Promise<string | undefined> {
  const path = findOnPath('temporal');
  if (!path) return undefined;
  const printed = await runProgram(path, ['--version'], { seconds: 10 }).catch(() => '');
  const server = /Server (\d+\.\d+\.\d+)/.exec(printed)?.[1];
  if (server && isAtLeast(server, oldestServer)) return path;
  report(`${path} is passed over: its server is ${server ?? 'unknown'}, ${oldestServer} or newer is needed`);
  return undefined;
}

/** The SDK can fetch the CLI, but only together with starting it, so that happens in a process of its own. */
async function download(target: string, report: Report): Promise<string | undefined> {
  const folder = `${target}.${process.pid}`;
  report(`trying to download the Temporal CLI ${temporalCliVersion} (at most 20 s)`);
  try {
    mkdirSync(folder, { recursive: true });
    const program = builtModule(import.meta.url, './downloadTemporalCli.js');
    const fetched = (await runProgram(process.execPath, [program, folder, temporalCliVersion], { seconds: 20 })).trim();
    renameSync(fetched, target);
    report(`downloaded the Temporal CLI: ${target}`);
    return target;
  } catch {
    report('the download is not reachable from here');
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function build(target: string, report: Report): Promise<string> {
  const problem = await goProblem();
  if (problem) {
    throw new PenstockError(
      'tool/unavailable',
      `no Temporal CLI: install Go ${oldestGo} or newer (${problem}), or install the Temporal CLI with server ${oldestServer} or newer, or set PENSTOCK_TEMPORAL to one, or TEMPORAL_ADDRESS to a running server`,
    );
  }
  const module = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../../temporal/' : '../../../../temporal/', import.meta.url));
  const flags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${temporalCliVersion}`;
  const args = ['build', '-trimpath', `-ldflags=${flags}`];
  return goBuild({
    what: `the Temporal CLI ${temporalCliVersion}`,
    target,
    usually: '2 to 5 minutes, once',
    build: (go, output) => go([...args, '-o', output, 'github.com/temporalio/cli/cmd/temporal'], module),
    report,
  });
}
