// The proof: fit on campaign A, choose on B, report once on C. Runs configs/proof.yml, judges it, and writes the tables of docs/proof.md.
//   node scripts/proof.mjs [--folder FOLDER] [--check]
// Data, bundles and reports lie in FOLDER/data/proof; by default FOLDER is this checkout. A second run does no work. Ends with code 1 where what
// the proof must hold does not. `--check` does all of it again from nothing, in FOLDER/data/proof_again, and compares every file.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root, runConfig } from './runConfig.mjs';

const { values: options } = parseArgs({ options: { folder: { type: 'string', default: root }, check: { type: 'boolean', default: false } } });
const folder = resolve(options.folder);
await runConfig('proof.yml', 'proof', folder);
// Compiled by then.
const { readStudy } = await import('./proof/study.mjs');
const { violations } = await import('./proof/judge.mjs');
const { detectorTable, sizeTable, statements } = await import('./proof/tables.mjs');

const study = readStudy(folder, 'report', 'c');
const thefts = readStudy(folder, 'report_thefts', 'thefts');
const lines = [
  ...sizeTable(study), '', ...detectorTable(study), '', ...statements(study), '',
  'Thefts, opening over half an hour, which none of the detectors has learnt from:', '', ...sizeTable(thefts, [1, 3]),
];
console.log(lines.join('\n'));
writeBlock(join(root, 'docs', 'proof.md'), lines);

const wrong = violations(study);
for (const line of wrong) console.error(`does not hold: ${line}`);
if (wrong.length > 0) process.exitCode = 1;
if (options.check) await checkBytes();

/** Runs all of it a second time, from nothing, and compares every published file. */
async function checkBytes() {
  const again = join(folder, 'data', 'proof_again');
  rmSync(again, { recursive: true, force: true });
  await runConfig('proof.yml', 'proof', again);
  const [first, second] = [hashes(join(folder, 'data', 'proof')), hashes(join(again, 'data', 'proof'))];
  const differing = [...new Set([...first.keys(), ...second.keys()])].filter((path) => first.get(path) !== second.get(path)).sort((a, b) => (a < b ? -1 : 1));
  for (const path of differing) console.error(`differs: ${path}`);
  const all = createHash('sha256').update([...first].map(([path, sha256]) => `${sha256}  ${path}\n`).join('')).digest('hex');
  console.error(differing.length === 0 ? `the same again: ${first.size} files, sha256 of their list ${all}` : `${differing.length} of ${first.size} files differ`);
  if (differing.length > 0) process.exitCode = 1;
  else rmSync(again, { recursive: true, force: true });
}

/** sha256 of every file that is published: all but run.json, which says when and where, and what lies in .work. */
function hashes(top) {
  return new Map(filesBelow(top).map((path) => [relative(top, path), createHash('sha256').update(readFileSync(path)).digest('hex')]).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function filesBelow(at) {
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return entry.name === '.work' ? [] : filesBelow(join(at, entry.name));
    return entry.name === 'run.json' ? [] : [join(at, entry.name)];
  });
}

/** Puts the lines between the markers of the document. */
function writeBlock(path, block) {
  const text = readFileSync(path, 'utf8');
  const [before, after] = ['<!-- proof: written by scripts/proof.mjs -->', '<!-- end of proof -->'];
  const [from, to] = [text.indexOf(before), text.indexOf(after)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for the tables: ${before} and ${after}`);
  writeFileSync(path, `${text.slice(0, from + before.length)}\n${block.join('\n')}\n${text.slice(to)}`);
}
