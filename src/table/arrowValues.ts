import { DataType, Type, Vector, type Data } from 'apache-arrow';
import { PenstockError } from '../errors/index.js';
import { isText } from './arrowSchema.js';
import type { ColumnType } from './columns.js';
import type { ColumnValues } from './table.js';

/** Takes the Arrow vectors of one column, row group by row group, and gives its values. */
export interface ValuesSink {
  add(vector: Vector): void;
  values(): ColumnValues;
}

/**
 * What becomes of each Arrow type, or undefined where no table can hold it. Missing numbers become NaN, missing text
 * becomes empty.
 * - float64; float32 and float16 as float32
 * - integers up to 32 bits and booleans (0, 1) as int32, but as float64 where values are missing
 * - uint32, int64, uint64 and decimals as float64
 * - timestamps, dates, times and durations as float64 seconds (timestamps and dates since 1970-01-01 UTC)
 * - text, with or without dictionary, as strings; dictionaries of numbers as float64
 */
export function typeRead(type: DataType): ColumnType | undefined {
  if (isText(type)) return 'string';
  if (DataType.isDictionary(type)) return typeRead(type.dictionary) && 'float64';
  if (DataType.isFloat(type)) return type.precision === 2 ? 'float64' : 'float32';
  if (DataType.isBool(type) || isSmallInt(type)) return 'int32';
  return DataType.isInt(type) || DataType.isDecimal(type) || secondsOf(type) ? 'float64' : undefined;
}

/** Errors: `table/invalid` for types that no table can hold and for integers that a float64 cannot hold. */
export function valuesSink(name: string, type: DataType, rows: number): ValuesSink {
  if (!typeRead(type)) {
    const message = `column "${name}" is of type ${Type[type.typeId]}; columns of numbers, booleans, times and text can be read`;
    throw new PenstockError('table/invalid', message, { key: name });
  }
  if (DataType.isDictionary(type)) return dictionarySink(name, type.dictionary, rows);
  if (isText(type)) return textSink();
  if (DataType.isBool(type)) return integerSink(rows, (data, row) => bitAt(data.values as Uint8Array, data.offset + row));
  if (isSmallInt(type)) return integerSink(rows, (data, row) => (data.values as Int32Array)[row] as number);
  if (DataType.isFloat(type)) {
    const all = type.precision === 2 ? new Float64Array(rows) : new Float32Array(rows);
    return numberSink(all, type.precision === 0 ? copyByGet : copyFloats);
  }
  return numberSink(new Float64Array(rows), copyAsFloat64(name, type));
}

function copyAsFloat64(name: string, type: DataType): (data: Data, to: Floats, at: number) => void {
  const toSeconds = secondsOf(type);
  if (toSeconds) return (data, to, at) => copyTimes(data, to, at, toSeconds);
  if (DataType.isDecimal(type)) return (data, to, at) => copyDecimals(data, to, at, type.scale);
  return (data, to, at) => copyWideIntegers(data, to, at, name);
}

function isSmallInt(type: DataType): boolean {
  return DataType.isInt(type) && (type.bitWidth < 32 || (type.bitWidth === 32 && type.isSigned));
}

type Floats = Float64Array | Float32Array;

function numberSink(all: Floats, copy: (data: Data, to: Floats, at: number) => void): ValuesSink {
  let at = 0;
  return {
    add(vector) {
      for (const data of vector.data) {
        copy(data, all, at);
        markMissing(data, all, at);
        at += data.length;
      }
    },
    values: () => all,
  };
}

function copyFloats(data: Data, to: Floats, at: number): void {
  to.set((data.values as Floats).subarray(0, data.length), at);
}

/** Slow, for types hardly ever met. */
function copyByGet(data: Data, to: Floats, at: number): void {
  const vector = new Vector([data]);
  for (let row = 0; row < data.length; row++) to[at + row] = (vector.get(row) as number | null) ?? Number.NaN;
}

function copyWideIntegers(data: Data, to: Floats, at: number, name: string): void {
  const values = data.values as Uint32Array | BigInt64Array | BigUint64Array;
  for (let row = 0; row < data.length; row++) {
    const value = Number(values[row]);
    if (!Number.isSafeInteger(value) && isPresent(data, row)) {
      const message = `column "${name}" holds ${values[row]}, which a float64 cannot hold; store such numbers as text or leave the column out`;
      throw new PenstockError('table/invalid', message, { key: name });
    }
    to[at + row] = value;
  }
}

function copyTimes(data: Data, to: Floats, at: number, toSeconds: (value: number) => number): void {
  const values = data.values as Int32Array | BigInt64Array;
  for (let row = 0; row < data.length; row++) to[at + row] = toSeconds(Number(values[row]));
}

function secondsOf(type: DataType): ((value: number) => number) | undefined {
  if (DataType.isDate(type)) return type.unit === 0 ? (days) => days * 86_400 : (milliseconds) => milliseconds / 1e3;
  if (DataType.isTimestamp(type) || DataType.isTime(type) || DataType.isDuration(type)) {
    const perSecond = [1, 1e3, 1e6, 1e9][type.unit] as number;
    return (value) => value / perSecond;
  }
  return undefined;
}

/** Decimals are two's complement integers of 4 (or 8) little-endian words. */
function copyDecimals(data: Data, to: Floats, at: number, scale: number): void {
  const words = data.values as Uint32Array;
  const width = data.stride;
  for (let row = 0; row < data.length; row++) {
    let value = 0n;
    for (let word = width - 1; word >= 0; word--) value = (value << 32n) | BigInt(words[row * width + word] as number);
    // The digits as text, since a division would round a second time.
    to[at + row] = Number(`${BigInt.asIntN(width * 32, value)}e${-scale}`);
  }
}

function integerSink(rows: number, valueAt: (data: Data, row: number) => number): ValuesSink {
  let all: Int32Array | Float64Array = new Int32Array(rows);
  let at = 0;
  return {
    add(vector) {
      for (const data of vector.data) {
        if (data.nullCount > 0 && all instanceof Int32Array) all = Float64Array.from(all);
        for (let row = 0; row < data.length; row++) all[at + row] = valueAt(data, row);
        if (all instanceof Float64Array) markMissing(data, all, at);
        at += data.length;
      }
    },
    values: () => all,
  };
}

function textSink(): ValuesSink {
  const all: string[] = [];
  return {
    add(vector) {
      for (let row = 0; row < vector.length; row++) all.push((vector.get(row) as string | null) ?? '');
    },
    values: () => all,
  };
}

/** Each dictionary is decoded once, then looked up by code. */
function dictionarySink(name: string, valueType: DataType, rows: number): ValuesSink {
  const all: string[] = [];
  const numbers = isText(valueType) ? undefined : new Float64Array(rows);
  let at = 0;
  return {
    add(vector) {
      for (const data of vector.data) {
        const dictionary = data.dictionary as Vector;
        const lookup = valuesSink(name, valueType, dictionary.length);
        lookup.add(dictionary);
        const words = lookup.values();
        const codes = data.values as Int32Array;
        for (let row = 0; row < data.length; row++) {
          const present = isPresent(data, row);
          if (numbers) numbers[at + row] = present ? (words[codes[row] as number] as number) : Number.NaN;
          else all.push(present ? (words[codes[row] as number] as string) : '');
        }
        at += data.length;
      }
    },
    values: () => numbers ?? all,
  };
}

function markMissing(data: Data, to: Floats, at: number): void {
  if (data.nullCount === 0) return;
  for (let row = 0; row < data.length; row++) if (!isPresent(data, row)) to[at + row] = Number.NaN;
}

function isPresent(data: Data, row: number): boolean {
  return data.nullCount === 0 || bitAt(data.nullBitmap, data.offset + row) === 1;
}

function bitAt(bits: Uint8Array, index: number): number {
  return ((bits[index >> 3] as number) >> (index & 7)) & 1;
}
