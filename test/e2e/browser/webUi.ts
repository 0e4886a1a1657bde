import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

/** The Temporal Web UI as a person sees it: forms, tabs and texts of its pages, in a real browser. */
export interface WebUi {
  readonly page: Page;
  /** Fills the Start Workflow form; the input comes from a file, as with its upload button. */
  fillStartForm(run: { workflowId: string; type: string; inputFile: string }): Promise<void>;
  /** Presses the form's button and follows the notice to the new run. */
  submitStartForm(): Promise<void>;
  openRun(workflowId: string): Promise<void>;
  /** The status that the page shows, such as `Running`. */
  status(): Promise<string>;
  untilClosed(seconds?: number): Promise<string>;
  open(tab: 'timeline' | 'queries' | 'user-metadata'): Promise<void>;
  openList(): Promise<void>;
  /** The text under Current Details, fetched anew by the key R. */
  currentDetails(): Promise<string>;
  query(name: string): Promise<unknown>;
  /** Sends an update from the menu of the run; `named` takes a picture of its form before. */
  update(name: string, named?: string): Promise<void>;
  /** Writes a picture into the folder for pictures, when what moves has come to rest. */
  picture(name: string): Promise<void>;
  scrollDown(): Promise<void>;
  close(): Promise<void>;
}

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const patience = 15_000;

/** Pictures go to a temporary folder, or to the one that `PENSTOCK_PICTURES` names. */
export const picturesFolder = process.env['PENSTOCK_PICTURES'] ?? mkdtempSync(join(tmpdir(), 'penstock-pictures-'));

export async function openWebUi(executablePath: string, url: string): Promise<WebUi> {
  mkdirSync(picturesFolder, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: flags });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, timezoneId: 'UTC', reducedMotion: 'reduce' });
  // The pages of a run that is going pulse and spin; without a graphics card that takes more processor than the run.
  await page.addInitScript({ content: `document.addEventListener('DOMContentLoaded', () => {
    const still = document.createElement('style');
    still.textContent = '*, ::before, ::after { animation: none !important; transition: none !important; }';
    document.head.append(still);
  })` });
  page.setDefaultTimeout(patience);
  const picture = async (name: string): Promise<void> => {
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(picturesFolder, `${name}.png`) });
  };
  const status = async (): Promise<string> => (await page.getByTestId('workflow-status').innerText()).trim();

  return {
    page,
    async fillStartForm({ workflowId, type, inputFile }) {
      await page.goto(`${url}/namespaces/default/workflows/start-workflow`);
      await page.getByTestId('workflowId').fill(workflowId);
      await page.getByTestId('taskQueue').fill('penstock');
      await page.getByTestId('workflowType').fill(type);
      await page.locator('input[type=file]').setInputFiles(inputFile);
      await page.getByText('Task Queue is Active').waitFor();
    },
    async submitStartForm() {
      await page.getByRole('button', { name: 'Start Workflow' }).last().click();
      await page.getByText('Workflow started successfully').click();
      await page.getByTestId('workflow-status').waitFor();
      // The notice goes by itself after some seconds, sooner or later than this.
      await page.getByRole('button', { name: 'Close', exact: true }).last().click({ timeout: 1000 }).catch(() => undefined);
    },
    async openRun(workflowId) {
      await page.goto(`${url}/namespaces/default/workflows/${workflowId}`);
      await page.getByTestId('workflow-status').waitFor();
    },
    status,
    async untilClosed(seconds = 60) {
      const deadline = Date.now() + seconds * 1000;
      while (await status() === 'Running' && Date.now() < deadline) {
        await page.waitForTimeout(1000);
        await page.keyboard.press('r');
      }
      return status();
    },
    async open(tab) {
      await page.getByTestId(`${tab}-tab`).click();
      if (tab === 'user-metadata') await page.frameLocator('iframe').locator('body').waitFor();
    },
    async openList() {
      await page.goto(`${url}/namespaces/default/workflows`);
      await page.getByText('Workflow ID').waitFor();
      await page.getByText('Saved Views').locator('..').getByRole('button').click();
    },
    async currentDetails() {
      await page.keyboard.press('r');
      await page.waitForTimeout(500);
      return page.frameLocator('iframe').locator('body').innerText().catch(() => '');
    },
    async query(name) {
      await page.getByTestId('query-select-button').click();
      await page.getByRole('option', { name }).click();
      await page.getByRole('button', { name: 'Run Query' }).click();
      const answer = page.locator('.cm-content[contenteditable=false]').last();
      await answer.getByText('"stage"').waitFor();
      return JSON.parse(await answer.innerText()) as unknown;
    },
    async update(name, named) {
      await page.getByRole('button', { name: 'More Actions' }).locator('visible=true').click();
      await page.getByTestId('update-button').locator('visible=true').click();
      const form = page.getByTestId('update-confirmation-modal').locator('visible=true');
      await form.getByTestId('update-select-button').click();
      // The name is followed by the description, which may name others.
      await page.getByRole('option', { name: new RegExp(`^\\s*${name}\\b`) }).locator('visible=true').click();
      if (named) await picture(named);
      await form.getByTestId('confirm-modal-button').click();
      await form.waitFor({ state: 'hidden' });
    },
    picture,
    async scrollDown() {
      await page.mouse.move(760, 450);
      await page.mouse.wheel(0, 1000);
    },
    close: () => browser.close(),
  };
}
