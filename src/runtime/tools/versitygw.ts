import { renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PenstockError } from '../../errors/index.js';
import { toolFolder, type Report } from './cacheFolder.js';
import { findOnPath, isProgram } from './findOnPath.js';
import { goBuild, goProblem, oldestGo } from './goBuild.js';

/** The S3 server over a folder that the tests run against. */
export const versitygwVersion = '1.8.0';

/** Where a prepared S3 server stands, or undefined where none is prepared. Never builds. */
export function preparedVersitygw(): string | undefined {
  const target = join(toolFolder('versitygw', versitygwVersion), 'versitygw');
  return isProgram(target) ? target : findOnPath('versitygw');
}

/** Absolute path of the S3 server: a prepared one, `versitygw` on PATH, or built with Go. Fails with `tool/unavailable`. */
export async function obtainVersitygw(report: Report): Promise<string> {
  const prepared = preparedVersitygw();
  if (prepared) return prepared;
  const problem = await goProblem();
  if (problem) throw new PenstockError('tool/unavailable', `no versitygw: install Go ${oldestGo} or newer (${problem}), or put versitygw on PATH`);
  return goBuild({
    what: `the S3 server versitygw ${versitygwVersion}`,
    target: join(toolFolder('versitygw', versitygwVersion), 'versitygw'),
    usually: '1 minute, once',
    build: async (go, output) => {
      await go(['install', '-trimpath', '-ldflags=-s -w', `github.com/versity/versitygw/cmd/versitygw@v${versitygwVersion}`]);
      renameSync(join(dirname(output), 'versitygw'), output);
    },
    report,
  });
}
