// Changes every real trend file in each way of a list and reads it, then damages small files at random and reads them:
// node scripts/fuzzOlga.mjs [--count 100000] [--seed 1] [--case N]
// Needs the build in dist/ (or --dist FOLDER). Real files from ../shared/data/olga are used where they are.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkListed, listedMutations } from '../test/olga/listedMutations.mjs';
import { checkFile, checkStream, mutate, randomNumbers } from '../test/olga/mutations.mjs';

const { values: options } = parseArgs({ options: {
  count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' }, case: { type: 'string' }, dist: { type: 'string', default: 'dist' }, keep: { type: 'string' },
} });
const root = fileURLToPath(new URL('../', import.meta.url));
const readers = await import(new URL(`file://${options.dist.startsWith('/') ? '' : root}${options.dist}/src/olga/index.js`).href);
const latin1 = (path) => readFileSync(path).toString('latin1');

const files = [];
const samples = `${root}test/fixtures/olga`;
for (const folder of [samples, `${root}../shared/data/olga/small`, `${root}../shared/data/olga/genkey_only`]) {
  if (!existsSync(folder)) continue;
  for (const name of readdirSync(folder).toSorted()) {
    const kind = { tpl: 'trend', ppl: 'profile', genkey: 'genkey', key: 'genkey' }[name.split('.').at(-1)];
    if (kind !== undefined) files.push({ name, kind, text: latin1(`${folder}/${name}`) });
  }
}
/** Every trend file there is, in each way of the list, whole and as a stream: what became of them. */
async function readListed() {
  const real = `${root}../shared/data/olga`;
  const names = existsSync(real) ? readdirSync(real, { recursive: true, encoding: 'utf8' }).toSorted() : [];
  const paths = names.filter((name) => name.endsWith('.tpl')).map((name) => `${real}/${name}`);
  let wrong = 0;
  for (const path of paths) {
    const bytes = readFileSync(path);
    const plain = readers.readTpl(bytes);
    for (const mutation of listedMutations) {
      try {
        await checkStream(readers, checkListed(readers, mutation, bytes.toString('latin1'), plain), randomNumbers(1), 200_000);
      } catch (error) {
        wrong++;
        console.error(`${path}: ${error.message}`);
      }
    }
  }
  return { files: paths.length, mutations: listedMutations.length, failures: wrong };
}

const texts = files.map(({ text }) => text);
const results = {};
const listed = options.case === undefined ? await readListed() : undefined;
let failures = listed?.failures ?? 0;
let slowest = { seconds: 0, at: -1 };
const first = options.case === undefined ? 0 : Number(options.case);
const end = options.case === undefined ? Number(options.count) : first + 1;
for (let at = first; at < end; at++) {
  const random = randomNumbers(Number(options.seed) * 1_000_003 + at);
  // Trend files are what most depends on.
  const wanted = random() < 0.6 ? files.filter(({ kind }) => kind === 'trend') : files;
  const file = wanted[Math.floor(random() * wanted.length)];
  const bytes = mutate(file.text, texts, random);
  const before = process.cpuUsage();
  let result;
  try {
    result = checkFile(readers, file.kind, bytes, random);
    if (file.kind === 'trend' && at % 4 === 0) await checkStream(readers, bytes, random);
  } catch (error) {
    result = 'FAILED';
    if (++failures <= 20) console.error(`case ${at} (${file.name}): ${error.stack?.split('\n').slice(0, 4).join('\n') ?? error}`);
    if (options.keep) {
      mkdirSync(options.keep, { recursive: true });
      writeFileSync(`${options.keep}/${at}.${file.name}`, bytes);
    }
  }
  const { user, system } = process.cpuUsage(before);
  if ((user + system) / 1e6 > slowest.seconds) slowest = { seconds: (user + system) / 1e6, at, name: file.name };
  const key = `${file.kind} ${result}`;
  results[key] = (results[key] ?? 0) + 1;
}
if (slowest.seconds > 1) failures++;
console.log(JSON.stringify({ seed: Number(options.seed), listed, cases: end - first, files: files.length, failures, slowest, results: Object.fromEntries(Object.entries(results).toSorted(([a], [b]) => (a < b ? -1 : 1))) }, null, 2));
process.exitCode = failures > 0 ? 1 : 0;
