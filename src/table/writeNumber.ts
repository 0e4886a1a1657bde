/*
 * Numbers as text, straight into bytes: the shortest decimal that reads back as the same number, in the form that
 * JavaScript itself writes (`1.5`, `0.0001`, `1e-7`, `1e+21`), but with `-0` for negative zero.
 *
 * Most values are decimals of at most 15 digits. Such a decimal m / 10^k is found by one multiplication and proven by
 * one division, which rounds once because both operands are exact (Clinger, "How to read floating point numbers
 * accurately", PLDI 1990); two decimals of at most 15 digits never share a double, so it is the shortest. What needs 16
 * or 17 digits is found with an exact product of two doubles (Dekker, "A floating-point technique for extending the
 * available precision", Numer. Math. 18, 1971). What is left over is left to JavaScript.
 */

/** No number takes more bytes than this. */
export const numberBytes = 25;

const zero = 48;
const minus = 45;
const point = 46;
const mostExactPower = 22;
const splitter = 2 ** 27 + 1;

/** 10^k, exact for these k. */
const powers = Float64Array.from({ length: mostExactPower + 1 }, (_, k) => Number(`1e${k}`));
const powersHigh = powers.map(highPart);
const powersLow = powers.map((power, k) => power - powersHigh[k]!);

/** The two digits of 0 to 99. */
const pairs = Uint8Array.from({ length: 200 }, (_, at) => zero + (at % 2 === 0 ? Math.floor(at / 20) : Math.floor(at / 2) % 10));
const digits = new Uint8Array(17);
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** Writes a float64 at `at` and gives the place after it. NaN is written as nothing, infinities as `Infinity`. */
export function writeFloat64(bytes: Uint8Array, at: number, value: number): number {
  if (value === (value | 0) && (value !== 0 || 1 / value > 0)) return writeInt32(bytes, at, value);
  if (value !== value) return at;
  let next = at;
  if (value <= 0) bytes[next++] = minus;
  const size = Math.abs(value);
  double[0] = size;
  const low = words[0]!;
  const high = words[1]!;
  const exponent = decimalExponent(high);
  let places = 14 - exponent;
  if (places < -mostExactPower || places > 30) return writeText(bytes, next, String(size));
  if (places > mostExactPower) places = mostExactPower;
  let mantissa = scaled(size, places);
  if (mantissa >= 1e15) mantissa = scaled(size, --places);
  if (unscaled(mantissa, places) === size) {
    const short = mantissa / 1e6;
    return short === Math.floor(short) ? writeShortDecimal(bytes, next, short | 0, places - 6) : writeMantissa(bytes, next, mantissa, places);
  }
  places += 2;
  const powerOfTwo = low === 0 && (high & 0xfffff) === 0;
  if (places < 1 || places > mostExactPower || powerOfTwo) return writeText(bytes, next, String(size));
  return writeLongDecimal(bytes, next, size, high >>> 20, places);
}

/**
 * Writes a float32 with as few digits as surely read back as the same float32, whether or not the reader goes by way of
 * a float64; otherwise as `writeFloat64`.
 */
export function writeFloat32(bytes: Uint8Array, at: number, value: number): number {
  if (value === (value | 0) && (value !== 0 || 1 / value > 0) && value <= 0x1000000 && value >= -0x1000000) return writeInt32(bytes, at, value);
  if (value !== value) return at;
  let next = at;
  if (value <= 0) bytes[next++] = minus;
  const size = Math.abs(value);
  double[0] = size;
  let places = 5 - decimalExponent(words[1]!);
  if (places >= -mostExactPower && places <= mostExactPower - 3) {
    let mantissa = scaled(size, places);
    if (mantissa >= 1e6) mantissa = scaled(size, --places);
    for (let more = 0; more <= 3; more++) {
      if (more > 0) mantissa = scaled(size, ++places);
      if (readsAsFloat32(unscaled(mantissa, places), size)) return writeShortDecimal(bytes, next, mantissa | 0, places);
    }
  }
  return writeText(bytes, next, shortFloat32(size));
}

/** Writes a 32-bit integer. */
export function writeInt32(bytes: Uint8Array, at: number, value: number): number {
  let next = at;
  if (value < 0) bytes[next++] = minus;
  // Unsigned, since -(2^31) has no positive int32.
  const size = (value < 0 ? -value : value) >>> 0;
  return writeDigits(bytes, next, size, digitCount(size));
}

/** The last `count` digits of a whole number below 2^32. All divisions stay in integers. */
function writeDigits(bytes: Uint8Array, at: number, value: number, count: number): number {
  let rest = value >>> 0;
  let place = at + count;
  while (place >= at + 2) {
    const pair = (rest % 100) * 2;
    rest = (rest / 100) >>> 0;
    bytes[--place] = pairs[pair + 1]!;
    bytes[--place] = pairs[pair]!;
  }
  if (place > at) bytes[at] = zero + (rest % 10);
  return at + count;
}

function digitCount(size: number): number {
  if (size < 1e5) return size < 100 ? (size < 10 ? 1 : 2) : size < 1e3 ? 3 : size < 1e4 ? 4 : 5;
  return size < 1e7 ? (size < 1e6 ? 6 : 7) : size < 1e8 ? 8 : size < 1e9 ? 9 : 10;
}

/** floor(log10(size)) or one less, from the upper half of a double's bits. */
function decimalExponent(high: number): number {
  return Math.floor(((high >>> 20) - 1023) * 0.301029995663981195);
}

function scaled(size: number, places: number): number {
  return Math.round(places >= 0 ? size * powers[places]! : size / powers[-places]!);
}

function unscaled(mantissa: number, places: number): number {
  return places >= 0 ? mantissa / powers[places]! : mantissa * powers[-places]!;
}

/**
 * 17 digits, or 16 where they suffice, of a double that no 15 digits give. The product with 10^places is exact as the
 * sum of two doubles, so it can be seen which decimals lie nearer to it than half a step of the double.
 */
function writeLongDecimal(bytes: Uint8Array, at: number, size: number, biasedExponent: number, places: number): number {
  const power = powers[places]!;
  const product = size * power;
  const high = highPart(size);
  const low = size - high;
  const rest = high * powersHigh[places]! - product + high * powersLow[places]! + low * powersHigh[places]! + low * powersLow[places]!;
  if (product < 1e16 || product >= 1e17 - 16) return writeText(bytes, at, String(size));
  // The product is a whole, even number here, and `rest` at most 8. What lies halfway goes to the even digit.
  const nearest = Math.floor(rest + 0.5);
  const whole = nearest - rest === 0.5 && (nearest & 1) !== 0 ? nearest - 1 : nearest;
  let top = Math.floor(product / 1e9);
  let bottom = (product - top * 1e9 + whole) | 0;
  words[0] = 0;
  words[1] = (biasedExponent - 53) << 20;
  const halfStep = double[0]! * power;
  const last = ((bottom % 10) + 10) % 10;
  const below = last + (rest - whole);
  const above = 10 - below;
  if (Math.min(below, above) < halfStep) {
    const down = below < above || (below === above && ((bottom - last) / 10) % 2 === 0);
    bottom += down ? -last : 10 - last;
  }
  if (bottom < 0) {
    bottom += 1e9;
    top--;
  } else if (bottom >= 1e9) {
    bottom -= 1e9;
    top++;
  }
  return writeDecimal(bytes, at, top, bottom, places);
}

/** The upper 26 bits of a double. */
function highPart(value: number): number {
  const shifted = splitter * value;
  return shifted - (shifted - value);
}

/** Writes mantissa / 10^places, for a whole number from 1 to 10^9. */
function writeShortDecimal(bytes: Uint8Array, at: number, mantissa: number, places: number): number {
  let value = mantissa | 0;
  let after = places;
  while (value % 1000 === 0) {
    value = (value / 1000) | 0;
    after -= 3;
  }
  while (value % 10 === 0) {
    value = (value / 10) | 0;
    after--;
  }
  const count = digitCount(value);
  const before = count - after;
  if (before > 0 && after > 0) {
    const power = powers[after]! | 0;
    const whole = (value / power) | 0;
    const next = writeDigits(bytes, at, whole, before);
    bytes[next] = point;
    return writeDigits(bytes, next + 1, value - whole * power, after);
  }
  if (before <= 0 && before > -6) {
    let next = at;
    bytes[next++] = zero;
    bytes[next++] = point;
    for (let place = before; place < 0; place++) bytes[next++] = zero;
    return writeDigits(bytes, next, value, count);
  }
  return writeDecimal(bytes, at, 0, value, after);
}

function writeMantissa(bytes: Uint8Array, at: number, mantissa: number, places: number): number {
  const top = Math.floor(mantissa / 1e9);
  return writeDecimal(bytes, at, top, mantissa - top * 1e9, places);
}

/** Writes (top 10^9 + bottom) / 10^places; top has at most 8 digits, bottom at most 9. */
function writeDecimal(bytes: Uint8Array, at: number, top: number, bottom: number, places: number): number {
  spread(top, bottom);
  let first = 0;
  while (digits[first] === zero) first++;
  let end = 17;
  while (digits[end - 1] === zero) end--;
  const count = end - first;
  const before = 17 - places - first;
  if (before > 21 || before <= -6) return writeScientific(bytes, at, first, end, before - 1);
  let next = at;
  if (before <= 0) {
    bytes[next++] = zero;
    bytes[next++] = point;
    for (let place = before; place < 0; place++) bytes[next++] = zero;
    for (let place = first; place < end; place++) bytes[next++] = digits[place]!;
    return next;
  }
  const whole = Math.min(count, before);
  for (let place = first; place < first + whole; place++) bytes[next++] = digits[place]!;
  for (let place = count; place < before; place++) bytes[next++] = zero;
  if (count > before) {
    bytes[next++] = point;
    for (let place = first + before; place < end; place++) bytes[next++] = digits[place]!;
  }
  return next;
}

function writeScientific(bytes: Uint8Array, at: number, first: number, end: number, exponent: number): number {
  let next = at;
  bytes[next++] = digits[first]!;
  if (end - first > 1) {
    bytes[next++] = point;
    for (let place = first + 1; place < end; place++) bytes[next++] = digits[place]!;
  }
  bytes[next++] = 101;
  if (exponent > 0) bytes[next++] = 43;
  return writeInt32(bytes, next, exponent);
}

/** All 17 digits, with leading zeros. */
function spread(top: number, bottom: number): void {
  let high = top | 0;
  let low = bottom | 0;
  digits[16] = zero + (low % 10);
  low = (low / 10) | 0;
  for (let at = 14; at >= 8; at -= 2) {
    const pair = (low % 100) * 2;
    low = (low / 100) | 0;
    digits[at] = pairs[pair]!;
    digits[at + 1] = pairs[pair + 1]!;
  }
  for (let at = 6; at >= 0; at -= 2) {
    const pair = (high % 100) * 2;
    high = (high / 100) | 0;
    digits[at] = pairs[pair]!;
    digits[at + 1] = pairs[pair + 1]!;
  }
}

/** Not where it lies exactly between two float32: there it would depend on the digits beyond the float64. */
function readsAsFloat32(read: number, size: number): boolean {
  const beyond = 2 * read - size;
  return Math.fround(read) === size && (read === size || Math.fround(beyond) !== beyond);
}

function shortFloat32(size: number): string {
  for (let precision = 1; precision <= 9; precision++) {
    const read = Number(size.toPrecision(precision));
    if (readsAsFloat32(read, size)) return String(read);
  }
  return String(size);
}

function writeText(bytes: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
  return at + text.length;
}
