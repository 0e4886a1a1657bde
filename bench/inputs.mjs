// The files that benches read: simulated once, kept in the cache folder, the same bytes on every machine.
import { createHash } from 'node:crypto';
import { closeSync, createWriteStream, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { availableParallelism } from 'node:os';
import { createRandom } from '../dist/src/numeric/index.js';
import { designCampaign, simulateCase } from '../dist/src/simulation/index.js';
import { encodeParquet, parquetStitcher } from '../dist/src/table/index.js';
import { benchFolder } from './prepare.mjs';
import { tell } from './measure.mjs';

/** The campaigns of the benches: leak cases, each with a twin, and a fifth without any leak. */
export const campaigns = {
  ingest: { total: 500, durationSeconds: 1200, seed: 11 },
  ingestReal: { total: 500, durationSeconds: 3900, seed: 19 },
  offlineFit: { total: 60, durationSeconds: 600, seed: 18 },
  offline: (total) => ({ total, durationSeconds: 600, seed: 17 }),
  memory: (total) => ({ total, durationSeconds: 200, seed: 13 }),
};

/** Simulates what is missing of a campaign; answers its folder. */
export async function campaignFolder({ total, durationSeconds, seed }) {
  const cases = Math.round(total * 0.4);
  const specs = designCampaign({ cases, leakFree: total - 2 * cases, seed, durationSeconds });
  const hash = createHash('sha256').update(JSON.stringify(specs)).digest('hex').slice(0, 12);
  const folder = await benchFolder('bench-inputs', `cases-${total}-${durationSeconds}s-${hash}`);
  const stamp = join(folder, '..', `${hash}.complete`);
  if (existsSync(stamp)) return folder;
  mkdirSync(folder, { recursive: true });
  tell(`simulating ${total} cases of ${durationSeconds} s`);
  const missing = specs.filter(({ name }) => !existsSync(join(folder, `${name}.tpl`)));
  const workers = availableParallelism();
  await Promise.all(Array.from({ length: workers }, async (_, share) => {
    const worker = new Worker(new URL('simulateShare.mjs', import.meta.url), { workerData: { folder, specs: missing.filter((_, n) => n % workers === share) } });
    const [code] = await once(worker, 'exit');
    if (code !== 0) throw new Error('simulating failed');
  }));
  writeFileSync(stamp, '');
  return folder;
}

/** One case of the size that OLGA files of real lines have: 0.9 MB. */
export async function realSizeFile() {
  return keep('real-size.tpl', () => {
    const [spec] = designCampaign({ cases: 1, seed: 14, durationSeconds: 3900 });
    return [simulateCase(spec).tpl];
  });
}

/** About 300 MB: 64 cases behind one another as one long recording at 10 rows a second. */
export async function largeFile() {
  return keep('large.tpl', function* () {
    const durationSeconds = 2000;
    let offset = 0;
    for (const spec of designCampaign({ cases: 32, seed: 15, durationSeconds, sampling: { interval: 0.1 } })) {
      const text = simulateCase(spec).tpl;
      const body = text.indexOf('\n', text.indexOf('TIME SERIES')) + 1;
      if (offset === 0) yield text.slice(0, body);
      const rows = text.slice(body).trimEnd().split('\n');
      // The first row of a later part would repeat the time of the last one before.
      yield rows.slice(offset === 0 ? 0 : 1).map((row) => {
        const blank = row.indexOf(' ');
        return `${(Number(row.slice(0, blank)) + offset).toExponential(6).replace(/e\+(\d)$/, 'e+0$1')}${row.slice(blank)}\n`;
      }).join('');
      offset += durationSeconds;
    }
  });
}

/** Writes the rows of the large file again and again, one a second, until the file has so many bytes; answers its rows. Not kept. */
export async function writeLongRecording(path, bytes) {
  const text = readFileSync(await largeFile());
  const body = text.indexOf('\n', text.indexOf('TIME SERIES')) + 1;
  const file = openSync(path, 'w');
  let size = writeSync(file, text, 0, body);
  let rows = 0;
  while (size < bytes) {
    const pieces = [];
    for (let at = body; at < text.length && size < bytes;) {
      const end = text.indexOf(10, at) + 1;
      const time = Buffer.from((rows++).toExponential(6).replace(/e\+(\d)$/, 'e+0$1'));
      const rest = text.subarray(text.indexOf(32, at), end);
      pieces.push(time, rest);
      size += time.length + rest.length;
      at = end;
    }
    writeSync(file, Buffer.concat(pieces));
  }
  closeSync(file);
  return rows;
}

/** 20,000 windows of 300 standard normal samples as float64: a file that both sides read before the clock runs. */
export const windowSamples = { windows: 20_000, size: 300 };
export async function windowsFile() {
  return keep('windows.f64', () => {
    const random = createRandom(16);
    return [new Uint8Array(Float64Array.from({ length: windowSamples.windows * windowSamples.size }, () => random.normal()).buffer)];
  });
}

/** So many rows of 60 features with a 0/1 label that some of them tell, float32 in row groups of 25,000, as the features pipeline writes them. */
export async function datasetFile(rows) {
  return keep(`dataset-${rows}.parquet`, async function* () {
    const random = createRandom(17);
    const stitcher = parquetStitcher();
    for (let start = 0; start < rows; start += 25_000) {
      const count = Math.min(25_000, rows - start);
      const features = Array.from({ length: 60 }, () => Float32Array.from({ length: count }, () => random.normal()));
      const label = Int32Array.from({ length: count }, (_, i) => (features[0][i] + features[1][i] * features[2][i] + Math.abs(features[3][i]) + random.normal() > 1 ? 1 : 0));
      const columns = [{ name: 'label', values: label, unit: '', role: 'truth' }, ...features.map((values, i) => ({ name: `f${i}`, values, unit: '', role: 'measured' }))];
      yield* await stitcher.add(encodeParquet({ rows: count, columns, metadata: {} }, { rowGroupRows: 25_000 }));
    }
    yield await stitcher.end();
  });
}

export async function prepareInputs(memoryCases = 2000) {
  await realSizeFile();
  await largeFile();
  await windowsFile();
  await datasetFile(500_000);
  await datasetFile(50_000);
  for (const campaign of [campaigns.ingest, campaigns.ingestReal, campaigns.memory(500), campaigns.memory(memoryCases)]) await campaignFolder(campaign);
}

async function keep(name, pieces) {
  const path = await benchFolder('bench-inputs', name);
  if (existsSync(path)) return path;
  tell(`simulating ${name}`);
  mkdirSync(join(path, '..'), { recursive: true });
  const file = createWriteStream(`${path}.part`);
  for await (const piece of pieces()) if (!file.write(piece)) await once(file, 'drain');
  await new Promise((resolve) => file.end(resolve));
  renameSync(`${path}.part`, path);
  return path;
}
