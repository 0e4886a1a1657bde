import { splitQuoted } from './catalogLine.js';
import { detectKind, type OlgaKind } from './detectKind.js';
import { decodeText, textBytes } from './textBytes.js';

export interface SourceFile {
  /** Relative to the input folder, with `/` or `\`. */
  readonly path: string;
  /** The first bytes, a few kilobytes: they tell the kind of the file and name its input file. */
  readonly head?: Uint8Array;
  /** In place of `head`: what was seen in it. */
  readonly facts?: FileFacts;
}

/** What a file says of itself that pairing needs. */
export interface FileFacts {
  readonly kind: OlgaKind | undefined;
  /** Stem of the INPUT FILE that a trend file names, in lower case. */
  readonly inputFile?: string;
}

/** From the first bytes of a file, so that these need not be kept. */
export function fileFacts(head: Uint8Array): FileFacts {
  const kind = detectKind(head);
  const inputFile = kind === 'trend' ? inputFileOf(head) : undefined;
  // A copy: a part of a text would keep the whole of it.
  return { kind, ...(inputFile !== undefined && { inputFile: Buffer.from(inputFile).toString() }) };
}

export interface CasePair {
  /** The path of the trend file without its suffix, with `_` for what is not fit for a file name; unique. */
  readonly caseId: string;
  readonly tpl: string;
  readonly genkey?: string;
}

export interface Pairing {
  readonly cases: readonly CasePair[];
  /** Input files that belong to no trend file, and files of another kind. */
  readonly unmatched: readonly string[];
}

/**
 * Finds the input file of every trend file: in its folder or the one above, by the name that it gives as INPUT FILE,
 * else by its own name; names are compared without regard to case. The kind of a file is told by its content where
 * `head` is given, else by its suffix. The order of `files` does not matter.
 */
export function pairFiles(files: readonly SourceFile[]): Pairing {
  const entries = files.map(describe).toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const genkeys = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (entry.kind !== 'genkey') continue;
    const stem = entry.stem.toLowerCase();
    genkeys.set(stem, [...(genkeys.get(stem) ?? []), entry]);
  }
  const used = new Set<Entry>();
  const taken = new Set<string>();
  const cases = entries.filter((entry) => entry.kind === 'trend').map((tpl) => {
    const genkey = bestMatch(tpl, genkeys);
    used.add(tpl);
    if (genkey !== undefined) used.add(genkey);
    const pair = { caseId: uniqueId(tpl, taken), tpl: tpl.path };
    return genkey === undefined ? pair : { ...pair, genkey: genkey.path };
  });
  return { cases, unmatched: entries.filter((entry) => !used.has(entry)).map((entry) => entry.path) };
}

interface Entry extends FileFacts {
  readonly path: string;
  readonly folders: readonly string[];
  readonly stem: string;
}

function describe(file: SourceFile): Entry {
  const folders = file.path.split(/[/\\]/).filter((part) => part !== '' && part !== '.' && part !== '..');
  const name = folders.pop() ?? '';
  const facts = file.facts ?? (file.head && file.head.length > 0 ? fileFacts(file.head) : { kind: kindBySuffix(name) });
  return { ...facts, path: file.path, folders, stem: withoutSuffix(name) };
}

function kindBySuffix(name: string): OlgaKind | undefined {
  const suffix = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase();
  if (suffix === 'tpl') return 'trend';
  if (suffix === 'ppl') return 'profile';
  return suffix === 'genkey' || suffix === 'key' ? 'genkey' : undefined;
}

function withoutSuffix(name: string): string {
  return name.replace(/(.)\.[^.]*$/, '$1');
}

function inputFileOf(head: Uint8Array): string | undefined {
  const { text } = decodeText(textBytes(head.subarray(0, 1 << 14)).bytes);
  const value = /^[ \t]*INPUT FILE[ \t]*(?:\r\n|\n|\r)([^\r\n]*)/im.exec(text)?.[1];
  const name = value === undefined ? undefined : splitQuoted(value)[0]?.split(/[/\\]/).at(-1);
  return name === undefined || name === '' ? undefined : withoutSuffix(name).toLowerCase();
}

/** `genkeys` by their stem in lower case. */
function bestMatch(tpl: Entry, genkeys: ReadonlyMap<string, readonly Entry[]>): Entry | undefined {
  const own = tpl.stem.toLowerCase();
  let best: Entry | undefined;
  let bestScore = 0;
  for (const stem of new Set([tpl.inputFile ?? own, own])) {
    for (const genkey of genkeys.get(stem) ?? []) {
      const near = nearness(tpl, genkey);
      const score = near === 0 ? 0 : (stem === tpl.inputFile ? 8 : 0) + (stem === own ? 4 : 0) + near;
      if (score > bestScore) {
        best = genkey;
        bestScore = score;
      }
    }
  }
  return best;
}

/** 2 in the same folder, 1 in the folder above, else 0. */
function nearness(tpl: Entry, genkey: Entry): number {
  const here = tpl.folders.join('/');
  const there = genkey.folders.join('/');
  if (here === there) return 2;
  return tpl.folders.length > 0 && tpl.folders.slice(0, -1).join('/') === there ? 1 : 0;
}

function uniqueId(tpl: Entry, taken: Set<string>): string {
  const base = [...tpl.folders, tpl.stem].join('_').replace(/[^\p{L}\p{N}._-]+/gu, '_');
  let id = base;
  for (let copy = 2; taken.has(id.toLowerCase()); copy++) id = `${base}-${copy}`;
  taken.add(id.toLowerCase());
  return id;
}
