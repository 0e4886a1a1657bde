import { thriftType } from './thriftCompact.js';

/** Bytes that grow at their end: pages, and Thrift structs without a tree of objects in between. */
export interface ByteOutput {
  bytes: Uint8Array;
  at: number;
  /** Id of the field that was written last, which the next one counts from. */
  field: number;
}

export function byteOutput(size: number): ByteOutput {
  return { bytes: new Uint8Array(size), at: 0, field: 0 };
}

/** Makes room for `count` more bytes. */
export function reserve(out: ByteOutput, count: number): void {
  if (out.at + count <= out.bytes.length) return;
  const larger = new Uint8Array(Math.max(out.bytes.length * 2, out.at + count));
  larger.set(out.bytes.subarray(0, out.at));
  out.bytes = larger;
}

export function putBytes(out: ByteOutput, bytes: Uint8Array): void {
  reserve(out, bytes.length);
  out.bytes.set(bytes, out.at);
  out.at += bytes.length;
}

export function putByte(out: ByteOutput, byte: number): void {
  reserve(out, 1);
  out.bytes[out.at++] = byte;
}

export function putVarint(out: ByteOutput, value: number): void {
  reserve(out, 8);
  for (; value >= 128; value = Math.floor(value / 128)) out.bytes[out.at++] = (value % 128) | 128;
  out.bytes[out.at++] = value;
}

function putField(out: ByteOutput, id: number, type: number): void {
  putByte(out, ((id - out.field) << 4) | type);
  out.field = id;
}

export function putI16(out: ByteOutput, id: number, value: number): void {
  putField(out, id, thriftType.i16);
  putVarint(out, value * 2);
}

/** Whole numbers from 0 on. */
export function putI32(out: ByteOutput, id: number, value: number): void {
  putField(out, id, thriftType.i32);
  putVarint(out, value * 2);
}

export function putI64(out: ByteOutput, id: number, value: number): void {
  putField(out, id, thriftType.i64);
  putVarint(out, value * 2);
}

export function putBinary(out: ByteOutput, id: number, value: Uint8Array): void {
  putField(out, id, thriftType.binary);
  putVarint(out, value.length);
  putBytes(out, value);
}

export function putBoolean(out: ByteOutput, id: number, value: boolean): void {
  putField(out, id, value ? thriftType.true : thriftType.false);
}

/** Begins a struct as a field; answers what `endStruct` needs. */
export function beginStruct(out: ByteOutput, id: number): number {
  putField(out, id, thriftType.struct);
  out.field = 0;
  return id;
}

export function endStruct(out: ByteOutput, id: number): void {
  putByte(out, 0);
  out.field = id;
}

/** Begins a list as a field; its elements follow bare, structs each between `beginElement` and `endStruct`. */
export function putList(out: ByteOutput, id: number, elementType: number, size: number): void {
  putField(out, id, thriftType.list);
  if (size < 15) putByte(out, (size << 4) | elementType);
  else {
    putByte(out, 0xf0 | elementType);
    putVarint(out, size);
  }
}

/** Begins a struct within a list; answers what `endStruct` needs. */
export function beginElement(out: ByteOutput): number {
  const outer = out.field;
  out.field = 0;
  return outer;
}

export function written(out: ByteOutput): Uint8Array {
  return out.bytes.slice(0, out.at);
}
