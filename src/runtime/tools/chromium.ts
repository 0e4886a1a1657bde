import { findOnPath, isProgram } from './findOnPath.js';

const elsewhere = [
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Absolute path of a Chromium for browser tests: `PENSTOCK_CHROMIUM`, else one of the system's; undefined where there is none. */
export function findChromium(): string | undefined {
  const given = process.env['PENSTOCK_CHROMIUM'];
  if (given) return isProgram(given) ? given : undefined;
  return findOnPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') ?? elsewhere.find(isProgram);
}
