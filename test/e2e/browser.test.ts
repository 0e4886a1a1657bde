import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Progress } from '../../src/pipelines/contracts.js';
import { freePort } from '../../src/runtime/server/freePort.js';
import { findChromium } from '../../src/runtime/tools/index.js';
import { openWebUi, picturesFolder, type WebUi } from './browser/webUi.js';
import { command, endStarted, startCommand, until, type Started } from './support/processes.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const chromium = findChromium();
if (!chromium) console.warn('SKIPPED: browser tests, because there is no Chromium; install the system\'s chromium or set PENSTOCK_CHROMIUM');

/** Pictures for the documents are taken of a larger campaign, which takes some minutes. */
const forDocuments = process.env['PENSTOCK_PICTURES'] !== undefined;
const campaign = forDocuments ? { fit: '20', report: '8', seconds: '1200' } : { fit: '5', report: '1', seconds: '500' };
const patience = forDocuments ? 300 : 150;

/** `penstock dev` in a project of its own, and a browser at its Web UI. */
describe.skipIf(!chromium)('a person at the Web UI', () => {
  let folder: string;
  let dev: Started;
  let ui: WebUi;

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'leaks-')));
    cpSync(join(root, 'configs'), join(folder, 'configs'), { recursive: true });
    dev = startCommand(['dev', '--ui-port', String(await freePort())], { cwd: folder, env: { PENSTOCK_STATE: join(folder, '.state'), PENSTOCK_CPU_SLOTS: '1' } });
    const simulated = await Promise.all([['fit', campaign.fit, '1'], ['report', campaign.report, '2']].map(([name, cases, seed]) =>
      command(['simulate', '--out', `data/raw/${name}`, '--cases', cases!, '--seed', seed!, '--duration', campaign.seconds], { cwd: folder })));
    expect(simulated.map(({ code }) => code)).toEqual([0, 0]);
    await until(() => /Web UI +http/.test(dev.stderr()) || dev.child.exitCode !== null, 'the Web UI is there', 60);
    ui = await openWebUi(chromium!, /Web UI +(\S+)/.exec(dev.stderr())![1]!);
  }, 90_000);

  afterAll(async () => {
    await ui?.close();
    dev?.child.kill('SIGINT');
    const { code } = await dev.ended;
    await endStarted();
    rmSync(folder, { recursive: true, force: true });
    expect(code).toBe(0);
    console.log(`pictures of the Web UI: ${picturesFolder}`);
  }, 30_000);

  /** A file for the form's upload button. */
  function inputFile(name: string, input: unknown): string {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(input));
    return path;
  }

  /** What the page of a failed run says. */
  async function failureOf(run: Parameters<WebUi['fillStartForm']>[0]): Promise<string> {
    await ui.fillStartForm(run);
    await ui.submitStartForm();
    expect(await ui.untilClosed()).toBe('Failed');
    await ui.picture(run.workflowId);
    return ui.page.getByTestId('input-and-result').innerText();
  }

  it('starts the whole way from the form, sees how far it is, asks it, and reads the result', async () => {
    await ui.fillStartForm({ workflowId: 'leak-detection', type: 'leakDetection', inputFile: join(root, 'examples/leakDetection.json') });
    await ui.scrollDown();
    await ui.picture('start-form');
    await ui.submitStartForm();
    expect(await ui.status()).toBe('Running');

    await ui.open('user-metadata');
    let details = '';
    await until(async () => {
      details = await ui.currentDetails();
      return (forDocuments ? /(features|training_pfm_detection)_pipeline: running, [1-9]\d %/ : /[1-9]\d* %/).test(details) || await ui.status() !== 'Running';
    }, 'Current Details show a percentage', patience);
    await ui.picture('current-details');
    expect(await ui.status()).toBe('Running');
    expect(details).toMatch(/[1-9]\d* %: [a-z_]+_pipeline/);
    expect(details).toMatch(/tpl_genkey_pipeline: (running|done)/);
    expect(details).toMatch(/test_offline_pipeline: (waiting|running)/);

    await ui.open('queries');
    const progress = await ui.query('progress') as Progress;
    await ui.picture('query-progress');
    expect(progress).toMatchObject({ stage: expect.stringMatching(/_pipeline|completed/) as string, total: 6, unit: 'steps', quarantined: 0 });
    expect(progress.done).toBeGreaterThan(0);

    expect(await ui.untilClosed(patience)).toBe('Completed');
    await ui.open('timeline');
    const result = ui.page.getByTestId('input-and-result');
    await result.getByText('"events_found"').waitFor();
    expect(await result.innerText()).toContain('"outcome": "completed"');
    await ui.picture('completed');
    await ui.scrollDown();
    await ui.picture('timeline');

    await ui.open('user-metadata');
    const ended = await ui.currentDetails();
    expect(ended).toMatch(/100 %: completed/);
    expect(ended).toMatch(/events_found +\d/);
    expect(ended).toContain(join(folder, 'data/report/'));
    await ui.picture('completed-details');

    await ui.openRun('leak-detection.features_pipeline');
    await ui.page.getByText('featureBatch • computes features').first().waitFor();
    await ui.page.getByText('publishFeatures • publishes the dataset').waitFor();
    await ui.openList();
    await ui.page.getByRole('link', { name: 'leak-detection.features_pipeline' }).waitFor();
    await ui.picture('list');
  }, 2000 * patience);

  it('starts a study from the form, pauses it, lets it go on and ends it, and sees the best so far', async () => {
    await ui.fillStartForm({ workflowId: 'search', type: 'optimizeLgbm', inputFile: join(root, 'examples/optimizeLgbm.json') });
    await ui.submitStartForm();
    await ui.open('user-metadata');
    let details = '';
    const shows = (what: RegExp): Promise<void> => until(async () => {
      details = await ui.currentDetails();
      return what.test(details);
    }, `Current Details show ${what.source}`, patience);
    await shows(forDocuments ? /1\d complete/ : /about \d+ (s|min) left/);
    expect(details).toMatch(/\d of 50 trials, [\d.]+ a (second|minute|hour)/);
    expect(details).toMatch(/best auc [\d.]+ by trial \d+/);
    expect(details).toMatch(/\d complete/);
    await ui.picture('study');

    await ui.update('pause', 'study-pause');
    await shows(/\(paused\)(?![^]*running)/);
    const held = /\d+ of 50 trials/.exec(details)![0];
    await ui.page.waitForTimeout(1500);
    expect(await ui.currentDetails()).toContain(held);
    await ui.picture('study-paused');
    await ui.update('resume');
    await until(async () => !(await ui.currentDetails()).includes(held), 'further trials are made', patience);

    await ui.update('stop');
    expect(await ui.untilClosed(patience)).toBe('Completed');
    expect(await ui.currentDetails()).toMatch(/ended_by +stopped/);
    await ui.picture('study-ended');
  }, 2000 * patience);

  it('reads which key was misspelt, and which was meant', async () => {
    expect(await failureOf({ workflowId: 'misspelt-input', type: 'leakDetection', inputFile: inputFile('input.json', { sectoin: 'x' }) }))
      .toMatch(/unknown key \\?"sectoin\\?"; did you mean \\?"section\\?"\?/);
    expect(await failureOf({ workflowId: 'misspelt-override', type: 'leakDetection', inputFile: inputFile('override.json', { overrides: { 'features_pipeline.wavlet': 'db4' } }) }))
      .toMatch(/unknown key \\?"wavlet\\?"; did you mean \\?"wavelet\\?"\?/);
  }, 60_000);

  it('reads the workflow types there are, where the type is misspelt', async () => {
    const text = await failureOf({ workflowId: 'misspelt-type', type: 'leakDetecton', inputFile: inputFile('empty.json', {}) });
    for (const type of ['tplGenkey', 'windows', 'features', 'trainingPfmDetection', 'testOffline', 'leakDetection']) expect(text).toContain(type);
  }, 60_000);
});
