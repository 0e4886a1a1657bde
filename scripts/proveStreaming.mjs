// Reads a generated trend file of any size as a stream: node scripts/proveStreaming.mjs [--megabytes 300] [--columns 40]
// Prints speed and memory for all columns and for two of them; with --ingest, those of the whole ingest of such a file, written to the
// temporary folder, to Parquet. Needs the build in dist/ (or --dist FOLDER).
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { megabytes: { type: 'string', default: '300' }, columns: { type: 'string', default: '40' }, dist: { type: 'string', default: 'dist' }, ingest: { type: 'boolean', default: false } } });
const root = fileURLToPath(new URL('../', import.meta.url));
const load = (path) => import(new URL(`file://${options.dist.startsWith('/') ? '' : root}${options.dist}/src/${path}`).href);
const { streamTpl } = await load('olga/index.js');
const columns = Number(options.columns);
const size = Number(options.megabytes) * 1e6;

const names = Array.from({ length: columns }, (_, at) => at === 0 ? "GTLEAK 'LEAK:' 'LEAK' '(KG/S)' 'Leakage total mass flow rate'" : at < 4 ? `CONTR 'CONTROLLER:' 'C-${at}' '(-)' 'Controller output'` : `PT 'POSITION:' 'P-${at}' '(PA)' 'Pressure'`);
const head = Buffer.from(["'OLGA 2099.1.0.1'", 'TIME PLOT', 'NETWORK', '0', 'CATALOG ', String(columns), ...names, "TIME SERIES  ' (S)  '", ''].join('\n'));
const lines = Array.from({ length: 1000 }, (_, row) => Array.from({ length: columns + 1 }, (__, at) =>
  (at === 0 ? row * 0.1 : Math.sin(row * at) * 10 ** ((at % 12) - 6)).toExponential(6).replace(/e([+-])(\d)$/, 'e$100$2').replace(/e([+-])(\d\d)$/, 'e$10$2')).join(' '));
const block = Buffer.from(`${lines.join('\n')}\n`);

async function* source() {
  yield head;
  for (let sent = head.length; sent < size; sent += block.length) yield block;
}

async function measure(what, select) {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  let rows = 0;
  let peak = 0;
  let sum = 0;
  for await (const chunk of streamTpl(source(), { select })) {
    if (chunk.kind !== 'rows') continue;
    rows += chunk.rows;
    sum += chunk.columns[0][0];
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  const bytes = head.length + Math.ceil((size - head.length) / block.length) * block.length;
  if (rows !== ((bytes - head.length) / block.length) * 1000) throw new Error(`${rows} rows read`);
  console.log(JSON.stringify({ what, megabytes: Math.round(bytes / 1e6), rows, sum, seconds: Number(seconds.toFixed(2)), wall_MB_per_s: Math.round(bytes / 1e6 / seconds), cpu_MB_per_s: Math.round(bytes / (user + system)), peak_rss_MB: Math.round(peak / 1e6) }));
  return peak;
}

/** Rows of rising time; the leak flows in every hundredth block. */
async function writeFile(path) {
  const file = openSync(path, 'w');
  writeSync(file, head);
  const bodies = ['0.000000e+000', '5.000000e+000'].map((flow) => lines.map((line) => ` ${flow}${line.slice(27)}\n`));
  let rows = 0;
  for (let sent = head.length, n = 0; sent < size; n++) {
    const text = bodies[n % 100 === 50 ? 1 : 0].map((body) => (rows++ * 0.1).toExponential(6).replace(/e([+-])(\d)$/, 'e$100$2').replace(/e([+-])(\d\d)$/, 'e$10$2') + body).join('');
    writeSync(file, text);
    sent += text.length;
  }
  closeSync(file);
  return rows;
}

/** Plans, ingests and publishes as a run does, in one thread; answers the peak of the whole process. */
async function ingest() {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-streaming-'));
  try {
    mkdirSync(join(folder, 'cases'));
    const rows = await writeFile(join(folder, 'cases', 'long.tpl'));
    const configFile = join(folder, 'configs', 'pipelines_config.yml');
    mkdirSync(join(folder, 'configs'));
    const config = JSON.stringify({ storage: { type: 'local' }, tpl_genkey_pipeline: { source_folder: join(folder, 'cases'), output_folder: join(folder, 'series') } });
    writeFileSync(configFile, config);
    const { pipelineOfSection, resolveSection } = await load('pipelines/resolveSection.js');
    const { parseConfig } = await load('config/index.js');
    const { openPool } = await load('runtime/stages/inThread.js');
    const section = 'tpl_genkey_pipeline';
    const resolved = resolveSection(config, configFile, pipelineOfSection(parseConfig(config, configFile), section), { section });
    const pool = openPool(1);
    const call = (name, input) => pool.run({ name, input, attempt: 1, storage: undefined }, new AbortController().signal, () => undefined);
    const cpu = process.cpuUsage();
    const before = process.resourceUsage().maxRSS;
    const { planUri } = await call('planIngest', { resolved });
    await call('ingestBatch', { resolved, planUri, batch: 0 });
    const { metrics } = await call('publishIngest', { resolved, planUri });
    await pool.close();
    const published = JSON.parse(readFileSync(join(folder, 'series', 'metadata', 'tpl_genkey_metadata.json'), 'utf8'));
    if (published.cases[0]?.rows !== rows) throw new Error(`${published.cases[0]?.rows} of ${rows} rows were published`);
    const { user, system } = process.cpuUsage(cpu);
    const peak = process.resourceUsage().maxRSS * 1024;
    console.log(JSON.stringify({ what: `ingest of ${columns} columns`, megabytes: Math.round(size / 1e6), rows, leaks: metrics.leaks, cpu_seconds: Math.round((user + system) / 1e6), rss_before_MB: Math.round(before / 1000), peak_rss_MB: Math.round(peak / 1e6) }));
    return peak;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const peaks = options.ingest ? [await ingest()] : [await measure(`all of ${columns} columns`, () => true), await measure(`2 of ${columns} columns`, (variable) => variable.index < 2)];
process.exitCode = Math.max(...peaks) > 400e6 ? 1 : 0;
