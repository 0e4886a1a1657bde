import { PenstockError } from '../errors/index.js';
import type { AgreedFields } from './agreedFields.js';
import { concatBytes, magic } from './bytes.js';
import { agreedEntries } from './columns.js';
import { arrowSchemaKey, fileField, readOwnFooter, tableMetadata, type ParquetFooter } from './parquetFooter.js';
import { moveRowGroup, writeFooter } from './parquetLayout.js';
import { writeThriftStruct } from './thriftCompact.js';

export interface ParquetStitcher {
  /** The bytes that the row groups of this file add to the whole, to be appended to what earlier calls gave: views on `part`, of which the stitcher keeps nothing. */
  add(part: Uint8Array): Promise<readonly Uint8Array[]>;
  /** The last bytes of the whole. Errors: `table/invalid` where nothing was added. */
  end(): Promise<Uint8Array>;
}

/**
 * Puts Parquet files of the same columns together, one below the other: their pages as they are, and one footer;
 * no value is decoded, and only the part at hand and the footer are in memory. All parts must have the same columns
 * (name, order, type, unit and role); file metadata and column attributes keep the entries on which all parts agree.
 * Page indexes and Bloom filters are left out.
 * Errors: `table/corrupt` for a damaged part, `table/invalid` for one whose columns differ; the stitcher is spent then.
 */
export function parquetStitcher(): ParquetStitcher {
  const rowGroups: Uint8Array[] = [];
  let whole: Whole | undefined;
  let rows = 0;
  let size = magic.length;
  let parts = 0;

  return {
    async add(part) {
      const footer = readOwnFooter(part);
      const pieces: Uint8Array[] = whole ? [] : [magic];
      whole = whole ? await joined(whole, footer, `part ${parts}`) : started(footer);
      parts++;
      const leaves = footer.rowGroups[0]?.chunks.map((_, leaf) => leaf) ?? [];
      let from = 0;
      let to = 0;
      for (const rowGroup of footer.rowGroups.filter((candidate) => candidate.rows > 0)) {
        rowGroups.push(writeThriftStruct(moveRowGroup(rowGroup, leaves, size, rowGroups.length)));
        for (const { start, end } of rowGroup.chunks) {
          // Mostly they stand one behind the other.
          if (start !== to) {
            if (to > from) pieces.push(part.subarray(from, to));
            from = start;
          }
          to = end;
          size += end - start;
        }
        rows += rowGroup.rows;
      }
      if (to > from) pieces.push(part.subarray(from, to));
      return pieces;
    },
    async end() {
      if (!whole) throw new PenstockError('table/invalid', 'no Parquet files to put together');
      return writeFooter({ like: whole.first, fields: whole.first.fields, rows, rowGroups, keyValues: keyValuesOf(whole) });
    },
  };
}

/** All parts at once, for wholes that fit into memory. Errors: as `parquetStitcher`. */
export async function stitchParquet(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const stitcher = parquetStitcher();
  const chunks: Uint8Array[] = [];
  for (const part of parts) chunks.push(...(await stitcher.add(part)));
  return concatBytes([...chunks, await stitcher.end()]);
}

interface Whole {
  readonly first: ParquetFooter;
  /** The first file's columns as Parquet itself describes them. */
  readonly elements: string;
  /** What all have in common of what Arrow keeps about the columns; undefined while all say the same. */
  readonly agreed: AgreedFields | undefined;
  readonly metadata: Record<string, string>;
}

function started(first: ParquetFooter): Whole {
  return { first: withoutRowGroups(first), elements: elementsOf(first), agreed: undefined, metadata: tableMetadata(first) };
}

/** The footer without its row groups, which would otherwise be held to the end. */
function withoutRowGroups(footer: ParquetFooter): ParquetFooter {
  const fileMetaData = new Map(footer.fileMetaData);
  fileMetaData.delete(fileField.rowGroups);
  return { ...footer, rowGroups: [], fileMetaData };
}

async function joined(whole: Whole, next: ParquetFooter, what: string): Promise<Whole> {
  const elements = elementsOf(next);
  const likeFirst = elements === whole.elements && next.keyValues.get(arrowSchemaKey) === whole.first.keyValues.get(arrowSchemaKey);
  let { agreed } = whole;
  if (!likeFirst) {
    // Loaded where it is needed, since parts of one run are alike.
    const { agreedFields } = await import('./agreedFields.js');
    agreed ??= agreedFields(whole.first);
    agreed.add(next, what);
  }
  if (elements !== whole.elements) {
    throw new PenstockError('table/invalid', `${what} does not store its columns as the first does: ${namesOf(next)} instead of ${namesOf(whole.first)}`);
  }
  return { ...whole, agreed, metadata: agreedEntries(whole.metadata, tableMetadata(next)) };
}

function elementsOf(footer: ParquetFooter): string {
  return footer.fields.flatMap((field) => field.elements.map((element) => Buffer.from(writeThriftStruct(element)).toString('latin1'))).join('\n');
}

function namesOf(footer: ParquetFooter): string {
  const names = footer.fields.slice(0, 8).map((field) => field.name);
  return `${names.join(', ')}${footer.fields.length > names.length ? ', ...' : ''}`;
}

function keyValuesOf({ first, agreed, metadata }: Whole): Map<string, string> {
  const schema = agreed ? agreed.schema() : first.keyValues.get(arrowSchemaKey);
  const entries = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map([...(schema === undefined ? [] : [[arrowSchemaKey, schema] as const]), ...entries]);
}
