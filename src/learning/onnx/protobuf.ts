/**
 * A writer for the few protobuf forms that ONNX needs. Field numbers are those of onnx.proto; fields are written in the
 * order of the calls, so the same calls give the same bytes.
 */
export interface Message {
  int(field: number, value: number): Message;
  bytes(field: number, value: Uint8Array): Message;
  text(field: number, value: string): Message;
  message(field: number, value: Message): Message;
  /** A repeated integer field in packed form. Values are 0 or more. */
  packedInts(field: number, values: readonly number[]): Message;
  finish(): Uint8Array;
}

const lengthDelimited = 2;

export function message(): Message {
  const parts: Uint8Array[] = [];
  const self: Message = {
    int(field, value) {
      parts.push(varints([field << 3, value]));
      return self;
    },
    bytes(field, value) {
      parts.push(varints([(field << 3) | lengthDelimited, value.length]), value);
      return self;
    },
    text: (field, value) => self.bytes(field, Buffer.from(value, 'utf8')),
    message: (field, value) => self.bytes(field, value.finish()),
    packedInts: (field, values) => self.bytes(field, varints(values)),
    finish: () => Buffer.concat(parts),
  };
  return self;
}

/** Seven bits a byte, the lowest first. Values up to 2^53. */
function varints(values: readonly number[]): Uint8Array {
  const buffer = new Uint8Array(values.length * 8);
  let at = 0;
  for (const value of values) {
    if (!(Number.isSafeInteger(value) && value >= 0)) throw new RangeError(`${value} is not a whole number that a varint can hold here`);
    let rest = value;
    while (rest > 127) {
      buffer[at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    buffer[at++] = rest;
  }
  return buffer.subarray(0, at);
}
