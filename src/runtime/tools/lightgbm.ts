import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PenstockError } from '../../errors/index.js';
import { lockName, withLock } from '../socketLock.js';
import { toolFolder, type Report } from './cacheFolder.js';
import { runProgram } from './runProgram.js';

/** The LightGBM whose C library is trained with. */
export const lightgbmVersion = '4.7.0';

interface Wheel {
  /** Platform tag that pip selects the wheel by. */
  readonly tag: string;
  /** Content hash of the wheel file. */
  readonly sha256: string;
  /** The library inside the wheel. */
  readonly member: string;
  /** The OpenMP library that it needs from the system: names to load it by, and how to install it. */
  readonly openmp?: { readonly names: readonly string[]; readonly install: string };
}

const gnuOpenmp = { names: ['libgomp.so.1'], install: 'the package libgomp1 (Debian, Ubuntu) or libgomp (Fedora)' };
const appleOpenmp = {
  names: ['/opt/homebrew/opt/libomp/lib/libomp.dylib', '/usr/local/opt/libomp/lib/libomp.dylib', '/opt/local/lib/libomp/libomp.dylib', 'libomp.dylib'],
  install: 'libomp (`brew install libomp`)',
};

/** The official wheels by `process.platform-process.arch`. Linux means glibc 2.28 or newer on x64, 2.17 on arm64. */
const wheels: Readonly<Record<string, Wheel>> = {
  'linux-x64': {
    tag: 'manylinux_2_28_x86_64', member: 'lightgbm/lib/lib_lightgbm.so', openmp: gnuOpenmp,
    sha256: 'd23e922acd891e77212e4d0fbcee9ba973c96dee479491341d05ba595357ebb7',
  },
  'linux-arm64': {
    tag: 'manylinux2014_aarch64', member: 'lightgbm/lib/lib_lightgbm.so', openmp: gnuOpenmp,
    sha256: 'd4529acec5c6fefe4768302a529707d0ead90f6a6f42df694b856212e09695b8',
  },
  'darwin-arm64': {
    tag: 'macosx_12_0_arm64', member: 'lightgbm/lib/lib_lightgbm.dylib', openmp: appleOpenmp,
    sha256: '129535462686f274df179133643118c5c5c5667167fe6c3a28d955f0b3c8e868',
  },
  'darwin-x64': {
    tag: 'macosx_10_15_x86_64', member: 'lightgbm/lib/lib_lightgbm.dylib', openmp: appleOpenmp,
    sha256: 'dfc1cfe8e760387be1e7ba7a214688be21fdff96e4ed9749188f83e1877c2477',
  },
};

/** Where a prepared LightGBM library stands, or undefined where none is prepared. Never downloads. */
export function preparedLightgbm(): string | undefined {
  const given = process.env['PENSTOCK_LIGHTGBM'];
  if (given) return existsSync(given) ? given : undefined;
  const wheel = wheels[`${process.platform}-${process.arch}`];
  const path = wheel && libraryPath(wheel);
  return path && existsSync(path) ? path : undefined;
}

/**
 * Absolute path of LightGBM's shared library. Tried in this order: `PENSTOCK_LIGHTGBM`; a prepared one in the cache; the official
 * wheel from the Python package index, by pip, checked against its known hash. Fails with `tool/unavailable`.
 */
export async function obtainLightgbm(report: Report): Promise<string> {
  const given = process.env['PENSTOCK_LIGHTGBM'];
  if (given) {
    if (existsSync(given)) return given;
    throw new PenstockError('tool/unavailable', `PENSTOCK_LIGHTGBM names no file: ${given}`, { key: 'PENSTOCK_LIGHTGBM' });
  }
  const platform = `${process.platform}-${process.arch}`;
  const wheel = wheels[platform];
  if (!wheel) {
    throw new PenstockError('tool/unavailable',
      `no LightGBM wheel is known for ${platform} (known: ${Object.keys(wheels).join(', ')}); set PENSTOCK_LIGHTGBM to the shared library of LightGBM ${lightgbmVersion}`);
  }
  const target = libraryPath(wheel);
  if (!existsSync(target)) {
    await withLock(lockName(target), () => report('waiting for another process that fetches LightGBM'), () => fetchLibrary(wheel, target, report));
  }
  await checkOpenmp(wheel);
  return target;
}

function libraryPath(wheel: Wheel): string {
  return join(toolFolder('lightgbm', lightgbmVersion), basename(wheel.member));
}

async function fetchLibrary(wheel: Wheel, target: string, report: Report): Promise<void> {
  if (existsSync(target)) return;
  const folder = toolFolder('lightgbm', lightgbmVersion);
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(folder, 'part-'));
  report(`fetching LightGBM ${lightgbmVersion} (1.5 to 3.5 MB, by pip)`);
  try {
    await runPython(['-m', 'pip', 'download', `lightgbm==${lightgbmVersion}`, '--no-deps', '--only-binary=:all:', '--platform', wheel.tag,
      '--dest', scratch, '--quiet', '--disable-pip-version-check']);
    const [file] = readdirSync(scratch);
    if (!file) throw new PenstockError('tool/unavailable', 'pip downloaded no LightGBM wheel');
    const found = createHash('sha256').update(readFileSync(join(scratch, file))).digest('hex');
    if (found !== wheel.sha256) {
      throw new PenstockError('tool/unavailable', `the LightGBM wheel ${file} has sha256 ${found}, expected ${wheel.sha256}; it is not used`);
    }
    await runPython(['-m', 'zipfile', '-e', join(scratch, file), join(scratch, 'wheel')]);
    renameSync(join(scratch, 'wheel', wheel.member), target);
    report(`fetched LightGBM: ${target}`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function runPython(args: readonly string[]): Promise<void> {
  try {
    await runProgram('python3', args, { seconds: 180 });
  } catch (cause) {
    throw new PenstockError('tool/unavailable',
      `LightGBM ${lightgbmVersion} could not be fetched: install Python 3 with pip, or set PENSTOCK_LIGHTGBM to its shared library (${(cause as Error).message})`,
      {}, { cause });
  }
}

/** Loads the OpenMP library alone, because the loader's own message about it names no package. */
async function checkOpenmp({ openmp }: Wheel): Promise<void> {
  if (!openmp) return;
  const { default: koffi } = await import('koffi');
  for (const name of openmp.names) {
    try {
      koffi.load(name);
      return;
    } catch { /* the next name */ }
  }
  throw new PenstockError('tool/unavailable', `LightGBM needs ${basename(openmp.names[0] ?? '')}: install ${openmp.install}`);
}
