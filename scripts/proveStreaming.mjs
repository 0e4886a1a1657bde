// Reads a generated trend file of any size as a stream: node scripts/proveStreaming.mjs [--megabytes 300] [--columns 40]
// Prints speed and memory for all columns and for two of them. Needs the build in dist/ (or --dist FOLDER).
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { megabytes: { type: 'string', default: '300' }, columns: { type: 'string', default: '40' }, dist: { type: 'string', default: 'dist' } } });
const root = fileURLToPath(new URL('../', import.meta.url));
const { streamTpl } = await import(new URL(`file://${options.dist.startsWith('/') ? '' : root}${options.dist}/src/olga/index.js`).href);
const columns = Number(options.columns);
const size = Number(options.megabytes) * 1e6;

const names = Array.from({ length: columns }, (_, at) => `PT 'POSITION:' 'P-${at}' '(PA)' 'Pressure'`);
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

const all = await measure(`all of ${columns} columns`, () => true);
const two = await measure(`2 of ${columns} columns`, (variable) => variable.index < 2);
process.exitCode = Math.max(all, two) > 400e6 ? 1 : 0;
