/**
 * A FlatBuffer written from its end to its beginning, as far as Arrow's schema message needs it: offsets count from the
 * end until it is finished. Format: https://flatbuffers.dev/internals
 */
export interface FlatBuffer {
  bytes: Uint8Array;
  view: DataView;
  /** First byte in use. */
  head: number;
  readonly texts: Map<string, number>;
}

export function flatBuffer(): FlatBuffer {
  const bytes = new Uint8Array(16_384);
  return { bytes, view: new DataView(bytes.buffer), head: bytes.length, texts: new Map() };
}

/** Makes room for `size` bytes, so that `size + after` bytes end at a multiple of `align`. */
function prepare(buffer: FlatBuffer, align: number, size: number, after = 0): void {
  const used = buffer.bytes.length - buffer.head;
  const padding = (align - ((used + size + after) % align)) % align;
  while (buffer.head < padding + size + 8) {
    const larger = new Uint8Array(2 * buffer.bytes.length);
    larger.set(buffer.bytes, buffer.bytes.length);
    buffer.head += buffer.bytes.length;
    buffer.bytes = larger;
    buffer.view = new DataView(larger.buffer);
  }
  buffer.head -= padding;
}

function offset(buffer: FlatBuffer): number {
  return buffer.bytes.length - buffer.head;
}

const encoder = new TextEncoder();

export function putText(buffer: FlatBuffer, text: string): number {
  // Short ASCII, as names and units are, is written faster letter by letter.
  const bytes = isAscii(text) ? undefined : encoder.encode(text);
  const length = bytes?.length ?? text.length;
  prepare(buffer, 4, length + 1, 4);
  buffer.head -= length + 1;
  if (bytes) buffer.bytes.set(bytes, buffer.head);
  else for (let at = 0; at < length; at++) buffer.bytes[buffer.head + at] = text.charCodeAt(at);
  buffer.head -= 4;
  buffer.view.setUint32(buffer.head, length, true);
  return offset(buffer);
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

/** A text that comes again, such as the name of a fact, is put once. */
export function sharedText(buffer: FlatBuffer, text: string): number {
  const known = buffer.texts.get(text);
  if (known !== undefined) return known;
  const at = putText(buffer, text);
  buffer.texts.set(text, at);
  return at;
}

/** A vector of offsets. */
export function putOffsets(buffer: FlatBuffer, offsets: readonly number[]): number {
  prepare(buffer, 4, offsets.length * 4 + 4);
  for (let at = offsets.length - 1; at >= 0; at--) putOffset(buffer, offsets[at]!);
  buffer.head -= 4;
  buffer.view.setUint32(buffer.head, offsets.length, true);
  return offset(buffer);
}

/** Relative to the place where it stands. */
function putOffset(buffer: FlatBuffer, to: number): void {
  buffer.head -= 4;
  buffer.view.setUint32(buffer.head, offset(buffer) - to, true);
}

/** A member of a table: its place in the table's definition, its width, and its value. */
export type Member = readonly [slot: number, kind: 'u8' | 'i16' | 'i32' | 'i64' | 'offset', value: number];

const widths = { u8: 1, i16: 2, i32: 4, i64: 8, offset: 4 } as const;

/** Members come in order of their widths, widest first, so that they need no padding between them. */
export function putTable(buffer: FlatBuffer, members: readonly Member[]): number {
  const start = offset(buffer);
  let slots = 0;
  for (const [slot] of members) slots = Math.max(slots, slot + 1);
  const places = new Array<number>(slots).fill(0);
  for (const [slot, kind, value] of members) {
    const width = widths[kind];
    prepare(buffer, width, width);
    if (kind === 'offset') putOffset(buffer, value);
    else {
      buffer.head -= width;
      if (kind === 'u8') buffer.view.setUint8(buffer.head, value);
      else if (kind === 'i16') buffer.view.setInt16(buffer.head, value, true);
      else if (kind === 'i32') buffer.view.setInt32(buffer.head, value, true);
      else buffer.view.setBigInt64(buffer.head, BigInt(value), true);
    }
    places[slot] = offset(buffer);
  }
  // The table begins with the distance to its list of places, which stands before it.
  prepare(buffer, 4, 4);
  buffer.head -= 4;
  const table = offset(buffer);
  const listSize = 4 + 2 * slots;
  prepare(buffer, 2, listSize);
  for (let slot = slots - 1; slot >= 0; slot--) {
    buffer.head -= 2;
    buffer.view.setUint16(buffer.head, places[slot] === 0 ? 0 : table - places[slot]!, true);
  }
  buffer.head -= 4;
  buffer.view.setUint16(buffer.head, listSize, true);
  buffer.view.setUint16(buffer.head + 2, table - start, true);
  buffer.view.setInt32(buffer.bytes.length - table, offset(buffer) - table, true);
  return table;
}

/** A table of two offsets, as `putTable` writes it: schemas have hundreds of them. */
export function putPair(buffer: FlatBuffer, first: number, second: number): number {
  prepare(buffer, 4, 20);
  buffer.head -= 20;
  const { head, view } = buffer;
  const end = buffer.bytes.length;
  // The list of places: its size, that of the table, and where in it the two stand.
  view.setUint16(head, 8, true);
  view.setUint16(head + 2, 12, true);
  view.setUint16(head + 4, 8, true);
  view.setUint16(head + 6, 4, true);
  view.setInt32(head + 8, 8, true);
  view.setUint32(head + 12, end - (head + 12) - second, true);
  view.setUint32(head + 16, end - (head + 16) - first, true);
  return end - (head + 8);
}

/** The finished bytes, a multiple of 8, beginning with the place of the root. */
export function finished(buffer: FlatBuffer, root: number): Uint8Array {
  prepare(buffer, 8, 4);
  putOffset(buffer, root);
  return buffer.bytes.slice(buffer.head);
}
