/**
 * Thrift's compact protocol, as far as Parquet footers use it, without knowing any schema: what is not understood is
 * carried along unchanged. All integers must be exact in a double (below 2^53).
 * Format: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

export const thriftType = { true: 1, false: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, set: 10, struct: 12 } as const;

export type ThriftValue = boolean | number | Uint8Array | ThriftList | ThriftStruct;

export interface ThriftList {
  readonly elementType: number;
  readonly items: readonly ThriftValue[];
}

/** Fields by id. A boolean's type is `true` whatever its value. */
export type ThriftStruct = Map<number, { readonly type: number; readonly value: ThriftValue }>;

/** The struct that begins at `start`. Throws RangeError on bytes that are not one. */
export function readThriftStruct(bytes: Uint8Array, start = 0): ThriftStruct {
  return readThriftStructAt(bytes, start).struct;
}

/** The same with the place where it ends. */
export function readThriftStructAt(bytes: Uint8Array, start: number): { struct: ThriftStruct; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  return { struct: readStruct(0), end: at };

  function readStruct(depth: number): ThriftStruct {
    if (depth > 32) throw new RangeError('structures nested too deeply');
    const fields: ThriftStruct = new Map();
    let id = 0;
    for (;;) {
      const head = view.getUint8(at++);
      const type = head & 0x0f;
      if (type === 0) return fields;
      id = head >> 4 ? id + (head >> 4) : readZigZag();
      if (type === thriftType.true || type === thriftType.false) {
        fields.set(id, { type: thriftType.true, value: type === thriftType.true });
      } else {
        fields.set(id, { type, value: readValue(type, depth) });
      }
    }
  }

  function readValue(type: number, depth: number): ThriftValue {
    switch (type) {
      case thriftType.true:
      case thriftType.false:
        return view.getUint8(at++) === 1;
      case thriftType.byte:
        return view.getInt8(at++);
      case thriftType.i16:
      case thriftType.i32:
      case thriftType.i64:
        return readZigZag();
      case thriftType.double:
        at += 8;
        return view.getFloat64(at - 8, true);
      case thriftType.binary:
        return readBinary();
      case thriftType.list:
      case thriftType.set:
        return readList(depth);
      case thriftType.struct:
        return readStruct(depth + 1);
      default:
        throw new RangeError(`unknown field type ${type}`);
    }
  }

  function readBinary(): Uint8Array {
    const length = readVarint();
    if (length > bytes.length - at) throw new RangeError(`a text of ${length} bytes runs beyond the end`);
    at += length;
    return bytes.subarray(at - length, at);
  }

  function readList(depth: number): ThriftList {
    const head = view.getUint8(at++);
    const elementType = head & 0x0f;
    const size = head >> 4 === 15 ? readVarint() : head >> 4;
    // Every element takes a byte at least, so that a damaged size cannot ask for all the memory.
    if (size > bytes.length - at) throw new RangeError(`a list of ${size} elements runs beyond the end`);
    const items: ThriftValue[] = [];
    for (let index = 0; index < size; index++) items.push(readValue(elementType, depth));
    return { elementType, items };
  }

  function readVarint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = view.getUint8(at++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
      if (value > Number.MAX_SAFE_INTEGER || scale > 2 ** 56) throw new RangeError('an integer is larger than 2^53');
    }
  }

  function readZigZag(): number {
    const value = readVarint();
    if (!Number.isSafeInteger(value)) throw new RangeError('an integer is larger than 2^53');
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** The bytes of a struct, fields in order of their ids. */
export function writeThriftStruct(struct: ThriftStruct): Uint8Array {
  let bytes = new Uint8Array(1024);
  let at = 0;
  writeStruct(struct);
  return bytes.slice(0, at);

  function reserve(count: number): void {
    if (at + count <= bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes.length * 2, at + count));
    larger.set(bytes);
    bytes = larger;
  }

  function writeByte(value: number): void {
    reserve(1);
    bytes[at++] = value;
  }

  function writeVarint(value: number): void {
    while (value >= 0x80) {
      writeByte((value % 128) | 0x80);
      value = Math.floor(value / 128);
    }
    writeByte(value);
  }

  function writeZigZag(value: number): void {
    writeVarint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  function writeStruct(fields: ThriftStruct): void {
    let previous = 0;
    for (const id of [...fields.keys()].sort((a, b) => a - b)) {
      const { type, value } = fields.get(id) as { type: number; value: ThriftValue };
      const written = type === thriftType.true && value === false ? thriftType.false : type;
      const delta = id - previous;
      if (delta >= 1 && delta <= 15) {
        writeByte((delta << 4) | written);
      } else {
        writeByte(written);
        writeZigZag(id);
      }
      previous = id;
      if (type !== thriftType.true) writeValue(type, value);
    }
    writeByte(0);
  }

  function writeValue(type: number, value: ThriftValue): void {
    if (typeof value === 'boolean') writeByte(value ? 1 : 2);
    else if (value instanceof Uint8Array) writeBinary(value);
    else if (value instanceof Map) writeStruct(value);
    else if (typeof value === 'object') writeList(value);
    else if (type === thriftType.byte) writeByte(value & 0xff);
    else if (type === thriftType.double) writeDouble(value);
    else writeZigZag(value);
  }

  function writeBinary(value: Uint8Array): void {
    writeVarint(value.length);
    reserve(value.length);
    bytes.set(value, at);
    at += value.length;
  }

  function writeDouble(value: number): void {
    reserve(8);
    new DataView(bytes.buffer).setFloat64(at, value, true);
    at += 8;
  }

  function writeList({ elementType, items }: ThriftList): void {
    for (const byte of thriftListHead(elementType, items.length)) writeByte(byte);
    for (const item of items) writeValue(elementType, item);
  }
}

/** The bytes that stand before the elements of a list. */
export function thriftListHead(elementType: number, size: number): number[] {
  if (size < 15) return [(size << 4) | elementType];
  const head = [0xf0 | elementType];
  let rest = size;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) head.push((rest % 128) | 0x80);
  return [...head, rest];
}
