import { createHash } from 'node:crypto';
import { canonicalJson } from '../config/hash.js';

/** One input of a batched pipeline: its name, what it weighs, and a hash of all that its result depends on. */
export interface Item<Source> {
  readonly id: string;
  readonly bytes: number;
  readonly fingerprint: string;
  readonly source: Source;
}

/** The inputs of a run that may have many: the sources as text, which takes a fraction of the memory of objects. */
export interface ItemList<Source> {
  readonly count: number;
  add(item: Item<Source>): void;
  facts(): Generator<Omit<Item<Source>, 'source'> & { readonly at: number }>;
  /** The JSON text of one item. */
  text(at: number): string;
}

export function itemList<Source>(items: Iterable<Item<Source>> = []): ItemList<Source> {
  const ids: string[] = [];
  const bytes: number[] = [];
  const fingerprints: string[] = [];
  const sources: string[] = [];
  const list: ItemList<Source> = {
    get count() {
      return ids.length;
    },
    add(item) {
      ids.push(item.id);
      bytes.push(item.bytes);
      fingerprints.push(item.fingerprint);
      sources.push(JSON.stringify(item.source));
    },
    *facts() {
      for (const [at, id] of ids.entries()) yield { at, id, bytes: bytes[at]!, fingerprint: fingerprints[at]! };
    },
    text: (at) => `{"id":${JSON.stringify(ids[at])},"bytes":${bytes[at]},"fingerprint":${JSON.stringify(fingerprints[at])},"source":${sources[at]}}`,
  };
  for (const item of items) list.add(item);
  return list;
}

/** `hashOf({ items, refused, shared })` of names and fingerprints, item by item. */
export function hashOfInputs(items: ItemList<unknown>, refused: readonly unknown[], shared: unknown): string {
  const hash = createHash('sha256').update('{"items":[');
  for (const { at, id, fingerprint } of items.facts()) hash.update(`${at === 0 ? '' : ','}${canonicalJson({ id, fingerprint })}`);
  return hash.update(`],"refused":${canonicalJson(refused)},"shared":${canonicalJson(shared)}}`).digest('hex');
}
