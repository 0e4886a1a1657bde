import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfig } from '../config/index.js';
import { pipelineOf } from '../pipelines/index.js';
import { pipelineOfSection } from '../pipelines/resolveSection.js';
import { applySchedules, listSchedules, workflowOf } from '../runtime/schedules.js';
import { parseManifest, type ScheduleManifest } from '../runtime/scheduleManifest.js';
import { printJson, say } from './output.js';
import { openSession } from './session.js';

/** Brings the server's schedules in line with the manifests of a folder. */
export async function apply(folder: string, { json = false }: { json?: boolean }): Promise<void> {
  const manifests = await readManifests(folder);
  const session = await openSession({ worker: false });
  try {
    const declared = new Map(await Promise.all(manifests.map(async (m) => [m.id, await declaredPipeline(m)] as const)));
    const changes = await applySchedules(session.client, manifests, process.env['PENSTOCK_QUEUE'] ?? 'penstock', (m) => workflowOf(m, declared.get(m.id)));
    if (json) printJson({ changes });
    else for (const { id, change } of changes) say(`${id}: ${change}`);
  } finally {
    await session.close();
  }
}

/** Every schedule with its counts, among them the starts skipped because a run was still going. */
export async function list({ json = false }: { json?: boolean }): Promise<void> {
  const session = await openSession({ worker: false });
  try {
    const states = await listSchedules(session.client);
    if (json) printJson({ schedules: states });
    else if (states.length === 0) say('no schedule of Penstock is on this server');
    else for (const s of states) {
      process.stdout.write(`${s.id}: ${s.section}, ${s.paused ? `paused${s.note ? ` (${s.note})` : ''}` : `next ${s.next ?? 'never'}`}; started ${s.taken}, running ${s.running}, skipped by overlap ${s.skippedOverlap}, missed ${s.missedCatchup}\n`);
    }
  } finally {
    await session.close();
  }
}

export async function readManifests(folder: string): Promise<ScheduleManifest[]> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  return Promise.all(names.map(async (name) => parseManifest(await readFile(join(folder, name), 'utf8'), join(folder, name))));
}

/** A section of a name of its own says in the configuration what it configures; the file may lie on worker hosts only. */
async function declaredPipeline(manifest: ScheduleManifest): Promise<string | undefined> {
  if (pipelineOf(manifest.section)) return undefined;
  const text = await readFile(manifest.config, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : pipelineOfSection(parseConfig(text, manifest.config), manifest.section);
}
