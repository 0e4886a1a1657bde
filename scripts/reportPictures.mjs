// `node scripts/reportPictures.mjs FOLDER`: pictures of an offline test's report for docs/pictures: the HTML report by day and by night, in the
// system's Chromium, and the sheets of the workbook, by LibreOffice and pdftoppm. FOLDER is an output_report_folder.
// `node scripts/reportPictures.mjs FOLDER proof`: the top of that report and its performance map by day and by night, as proof-*.png.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../dist/src/runtime/tools/index.js';

const pictures = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const folder = resolve(process.argv[2] ?? 'data/report');
const prefix = process.argv[3];

const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
try {
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1100, height: 1000 } });
    page.on('pageerror', (error) => { throw error; });
    await page.goto(`file://${join(folder, 'offline_report.html')}`);
    if (prefix) {
      await page.screenshot({ path: join(pictures, `${prefix}-report-${colorScheme}.png`) });
      await page.locator('#sizes figure').first().screenshot({ path: join(pictures, `${prefix}-map-${colorScheme}.png`) });
      continue;
    }
    if (colorScheme === 'light') await page.screenshot({ path: join(pictures, 'offline-html.png') });
    const canvas = page.locator('#series');
    await canvas.scrollIntoViewIfNeeded();
    await canvas.hover({ position: { x: 300, y: 200 } });
    await page.locator('#series-view').screenshot({ path: join(pictures, `offline-html-series-${colorScheme}.png`) });
  }
} finally {
  await browser.close();
}

if (prefix) process.exit();
const scratch = mkdtempSync(join(tmpdir(), 'penstock-pictures-'));
try {
  execFileSync('soffice', ['--headless', `-env:UserInstallation=file://${scratch}/profile`, '--convert-to', 'pdf', '--outdir', scratch, join(folder, 'offline_report.xlsx')], { stdio: 'ignore' });
  execFileSync('pdftoppm', ['-r', '80', '-png', join(scratch, 'offline_report.pdf'), join(scratch, 'page')]);
  const pages = readdirSync(scratch).filter((name) => name.startsWith('page')).sort();
  const text = (page) => execFileSync('pdftotext', ['-f', String(page), '-l', String(page), join(scratch, 'offline_report.pdf'), '-'], { encoding: 'utf8' });
  const sizes = pages.findIndex((_, n) => text(n + 1).startsWith('Leaks by size'));
  copyFileSync(join(scratch, pages[0]), join(pictures, 'offline-report.png'));
  if (sizes >= 0) copyFileSync(join(scratch, pages[sizes]), join(pictures, 'offline-report-sizes.png'));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
