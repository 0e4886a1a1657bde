// `node bench/run.mjs NAME...` or `--all`: runs benches and writes results.json and the table in README.md.
//   --repetitions N         interleaved repetitions (5)
//   --cases N               cases of the large campaign of `memory` (2000)
//   --gigabytes N           size of the file of `large-file` (4)
//   --memory-repetitions N  repetitions of `memory` (1)
//   --check                 two repetitions, nothing is written: does everything run?
import { parseArgs } from 'node:util';
import { load, tell } from './measure.mjs';
import { peerPython, prepareProduct } from './prepare.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean' }, check: { type: 'boolean' }, repetitions: { type: 'string' }, cases: { type: 'string', default: '2000' },
    'memory-repetitions': { type: 'string', default: '1' }, gigabytes: { type: 'string', default: '4' },
  },
});
await prepareProduct();
const { benches } = await import('./benches.mjs');
const names = values.all ? Object.keys(benches) : positionals;
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (names.length === 0 || unknown.length > 0) {
  tell(`${unknown.length > 0 ? `unknown: ${unknown.join(', ')}; ` : ''}name benches, or --all: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
const { publish, shown, machineFacts } = await import('./results.mjs');
const { removeScratch } = await import('./scratch.mjs');
const python = await peerPython();
const options = {
  python, repetitions: Number(values.repetitions ?? (values.check ? 2 : 5)), cases: Number(values.cases), memoryRepetitions: Number(values['memory-repetitions']), gigabytes: Number(values.gigabytes),
};
const { machine, versions } = await machineFacts(python);
tell(`${machine.processor}, ${machine.cores} cores, ${machine.memory_gb} GB; ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}`);
try {
  for (const name of names) {
    const loadBefore = load();
    tell(`\n${name}: load ${loadBefore} before`);
    const rows = await benches[name](options);
    for (const row of rows) console.log(shown(row));
    if (!values.check) {
      const repetitions = name === 'memory' ? options.memoryRepetitions : name === 'large-file' ? 1 : options.repetitions;
      publish(name, { date: new Date().toISOString(), repetitions, load: { before: loadBefore, after: load() }, ...(await machineFacts(python)), rows });
    }
  }
} finally {
  removeScratch();
}
