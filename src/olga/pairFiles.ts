import { splitQuoted } from './catalogLine.js';
import { detectKind, type OlgaKind } from './detectKind.js';
import { decodeText, textBytes } from './textBytes.js';

export interface SourceFile {
  /** Relative to the input folder, with `/` or `\`. */
  readonly path: string;
  /** The first bytes, a few kilobytes: they tell the kind of the file and name its input file. */
  readonly head?: Uint8Array;
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
  const genkeys = entries.filter((entry) => entry.kind === 'genkey');
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

interface Entry {
  readonly path: string;
  readonly kind: OlgaKind | undefined;
  readonly folders: readonly string[];
  readonly stem: string;
  /** Stem of the INPUT FILE that a trend file names, in lower case. */
  readonly inputFile?: string;
}

function describe(file: SourceFile): Entry {
  const folders = file.path.split(/[/\\]/).filter((part) => part !== '' && part !== '.' && part !== '..');
  const name = folders.pop() ?? '';
  const kind = (file.head && detectKind(file.head)) ?? (file.head === undefined || file.head.length === 0 ? kindBySuffix(name) : undefined);
  const inputFile = kind === 'trend' ? inputFileOf(file.head) : undefined;
  const entry = { path: file.path, kind, folders, stem: withoutSuffix(name) };
  return inputFile === undefined ? entry : { ...entry, inputFile };
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

function inputFileOf(head: Uint8Array | undefined): string | undefined {
  if (head === undefined) return undefined;
  const { text } = decodeText(textBytes(head.subarray(0, 1 << 14)).bytes);
  const value = /^[ \t]*INPUT FILE[ \t]*(?:\r\n|\n|\r)([^\r\n]*)/im.exec(text)?.[1];
  const name = value === undefined ? undefined : splitQuoted(value)[0]?.split(/[/\\]/).at(-1);
  return name === undefined || name === '' ? undefined : withoutSuffix(name).toLowerCase();
}

function bestMatch(tpl: Entry, genkeys: readonly Entry[]): Entry | undefined {
  let best: Entry | undefined;
  let bestScore = 0;
  for (const genkey of genkeys) {
    const near = nearness(tpl, genkey);
    const named = genkey.stem.toLowerCase() === tpl.inputFile;
    const sameStem = genkey.stem.toLowerCase() === tpl.stem.toLowerCase();
    if (near === 0 || (!named && !sameStem)) continue;
    const score = (named ? 8 : 0) + (sameStem ? 4 : 0) + near;
    if (score > bestScore) {
      best = genkey;
      bestScore = score;
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
