import { appendFileSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, test } from 'vitest';
import type { PipelineResult } from '../../src/pipelines/contracts.js';
import { hasS3Server, startS3Server } from '../s3Server.js';
import { changedBetween, filesIn, results, sha256, versions, type Project } from './support/project.js';
import { command, startHost, type Ended } from './support/processes.js';
import { openHouse } from './support/house.js';
import { openS3Folder } from './support/s3Folder.js';
import { startRun } from './support/server.js';

type Document = PipelineResult & { workflowId: string; runId: string };

/** The whole way in a folder, walked once for all tests: the project, what the command said, and the files it left. */
let walked: Promise<{ own: Project; first: Document; files: Record<string, string> }>;

const house = openHouse(async ({ server, project }) => {
  walked = (async () => {
    const own = project();
    const first = document(await run(own, 'chain', ['leak_detection_pipeline']));
    return { own, first, files: results(own) };
  })();
  walked.catch(() => undefined);
  await startHost(server.address, 'ingest');
});

function run(of: Project, queue: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return command(['run', ...args, '--json'], { cwd: of.folder, env: { ...house.server.environment(queue), ...env } });
}

/** Exactly one JSON document, or this throws. */
function document({ stdout, stderr, code }: Ended): Document {
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as Document;
}

describe.concurrent('the whole way', () => {
  test('is walked once, is known to be done, and then only for what changed', { timeout: 180_000 }, async ({ expect }) => {
    const { own, first } = await walked;
    expect(Object.keys(first).sort()).toEqual(['configHash', 'metrics', 'outcome', 'outputs', 'quarantined', 'runId', 'section', 'workflowId']);
    expect(first).toMatchObject({ section: 'leak_detection_pipeline', outcome: 'completed', quarantined: [] });
    expect(first.workflowId).toMatch(/^leak_detection_pipeline-[0-9a-f]{8}$/);
    expect(first.configHash).toMatch(/^[0-9a-f]{64}$/);
    const wrong = first.outputs.filter(({ uri, sha256: hash }) => sha256(uri) !== hash);
    expect(wrong).toEqual([]);
    const names = first.outputs.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['data/case_0001.parquet', 'data/features_dataset.parquet', 'bundle/model.onnx', 'offline_report.xlsx']));
    expect(filesIn(own.path('data')).filter((path) => /(^|\/)\./.test(path))).toEqual([]);

    const before = versions(own);
    const second = document(await run(own, 'chain', ['leak_detection_pipeline']));
    expect(second.outcome).toBe('up_to_date');
    expect(second.outputs).toEqual(first.outputs);
    expect(changedBetween(before, versions(own))).toEqual([]);

    appendFileSync(own.path('data/raw/fit/case_0002.tpl'), '\n');
    const touched = statSync(own.path('data/raw/fit/case_0001.tpl')).mtimeMs / 1000 + 60;
    utimesSync(own.path('data/raw/fit/case_0001.tpl'), touched, touched);
    const third = document(await run(own, 'chain', ['leak_detection_pipeline']));
    expect(third.outcome).toBe('completed');
    const cases = changedBetween(before, versions(own)).filter((path) => /\/(case|free)_[^/]*\.parquet$/.test(path) && !path.startsWith('report/'));
    expect(cases).toEqual(['series/fit/data/case_0002.parquet', 'windows/data/index/case_0002.parquet', 'windows/data/series/case_0002.parquet']);
    expect(changedBetween(before, versions(own)).filter((path) => path.startsWith('series/report/'))).toEqual([]);
  });

  test.skipIf(!hasS3Server)('gives the same files on S3 as in a folder', { timeout: 180_000 }, async ({ expect }) => {
    const s3 = await startS3Server();
    try {
      const remote = house.project({ changes: {
        storage: { type: 's3', bucket: s3.bucket, prefix: 'plant/a', endpoint: s3.endpoint, region: 'us-east-1', force_path_style: true },
      } });
      const bucket = openS3Folder(s3, 'plant/a/data/');
      for (const path of filesIn(remote.path('data'))) await bucket.write(path, readFileSync(remote.path('data', path)));
      const env = { AWS_ACCESS_KEY_ID: s3.accessKey, AWS_SECRET_ACCESS_KEY: s3.secretKey, AWS_EC2_METADATA_DISABLED: 'true' };
      const onS3 = document(await run(remote, 's3', ['leak_detection_pipeline'], env));
      const { first: inFolder, files } = await walked;
      expect(onS3.configHash).toBe(inFolder.configHash);
      const withoutUri = ({ outputs }: Document): object[] => outputs.map(({ name, sha256: hash, rows }) => ({ name, hash, rows }));
      expect(withoutUri(onS3)).toEqual(withoutUri(inFolder));
      expect(onS3.metrics).toEqual(inFolder.metrics);
      expect(await bucket.results()).toEqual(files);
      expect(filesIn(remote.path('data')).filter((path) => !path.startsWith('raw/'))).toEqual([]);

      const again = document(await run(remote, 's3', ['leak_detection_pipeline'], env));
      expect(again.outcome).toBe('up_to_date');
    } finally {
      await s3.stop();
    }
  });
});

describe.concurrent('an input that cannot be read', () => {
  test('is put aside with file, line and reason, and taken up when it is repaired', { timeout: 120_000 }, async ({ expect }) => {
    const own = house.project({ changes: { 'tpl_genkey_pipeline.short_rows': 'strict' } });
    const raw = (name: string): string => own.path('data/raw/fit', name);
    const whole = readFileSync(raw('case_0001.tpl'), 'utf8');
    const rows = readFileSync(raw('case_0002.tpl'), 'utf8').split('\n');
    const bad = rows.length - 20;
    writeFileSync(raw('case_0001.tpl'), whole.slice(0, 900));
    rows[bad] = `${rows[bad]!.slice(0, 40)} ##garbage##`;
    writeFileSync(raw('case_0002.tpl'), rows.join('\n'));
    writeFileSync(raw('alone.genkey'), readFileSync(raw('case_0001.genkey')));

    const ingest = async (id: string, extra: object = {}): Promise<PipelineResult> => (await startRun(house.server, 'ingest', 'tplGenkey', `quarantine-${id}`, { config: own.config, ...extra })).result();
    const first = await ingest('first');
    expect(first.outcome).toBe('completed_with_quarantine');
    expect(first.quarantined).toEqual([
      { input: 'alone.genkey', code: 'olga/pairing', message: expect.stringContaining('no trend file') as string },
      { input: 'case_0001', code: 'olga/truncated', message: expect.stringContaining('case_0001.tpl') as string, line: expect.any(Number) as number },
      { input: 'case_0002', code: expect.stringMatching(/^olga\/(ragged-row|syntax)$/) as string, message: expect.stringContaining('case_0002.tpl') as string, line: bad + 1 },
    ]);
    expect(first.outputs.map(({ name }) => name)).toEqual(['data/case_0001_twin.parquet', 'data/case_0002_twin.parquet', 'data/case_0003.parquet', 'data/case_0003_twin.parquet']);

    expect((await ingest('again')).outcome).toBe('up_to_date');

    writeFileSync(raw('case_0001.tpl'), whole);
    const before = versions(own, 'data/series/fit');
    const repaired = await ingest('repaired', { only: 'quarantined' });
    expect(repaired.quarantined.map(({ input }) => input)).toEqual(['alone.genkey', 'case_0002']);
    expect(changedBetween(before, versions(own, 'data/series/fit'))).toEqual(['data/case_0001.parquet', 'metadata/tpl_genkey_metadata.json', 'run.json']);
  });
});
