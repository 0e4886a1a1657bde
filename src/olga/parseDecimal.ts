const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Where the last call of `parseDecimal` stopped. Shared, so that a call allocates nothing. */
export const parsed = { end: 0, ok: false };

/** `digits * 10^exponent`, exact because both factors are (Clinger 1990): at most 15 digits, exponent within +-22. */
export function scaleExactly(digits: number, exponent: number): number {
  return exponent < 0 ? digits / powersOfTen[-exponent]! : digits * powersOfTen[exponent]!;
}

/**
 * Reads one decimal number at `start`, up to a byte that is blank or below, or `limit`. The value is bit for bit what
 * `Number()` makes of the same text. `parsed.ok` is false where the text is not a plain number, and says nothing about
 * why: the caller looks at the text again. `point` is the byte of the decimal mark.
 */
export function parseDecimal(bytes: Uint8Array, start: number, limit: number, point: number): number {
  let at = start;
  let byte = at < limit ? bytes[at]! : 0;
  const negative = byte === 45;
  if (negative || byte === 43) byte = ++at < limit ? bytes[at]! : 0;

  // Geometry is written as d.dddddddddddddddde±dd: seventeen digits.
  if (at + 24 < limit && bytes[at + 1] === point && (bytes[at + 18]! | 32) === 101 && byte !== 48) {
    const first = fourDigits(bytes, at + 2);
    const second = fourDigits(bytes, at + 6);
    const third = fourDigits(bytes, at + 10);
    const fourth = fourDigits(bytes, at + 14);
    const sign = bytes[at + 19]!;
    let power = digitsAt(bytes, at + 20, 2);
    let end = at + 22;
    if (bytes[end]! > 32) {
      power = digitsAt(bytes, at + 20, 3);
      end++;
    }
    if ((first | second | third | fourth | power | (byte - 48) | (57 - byte)) >= 0 && (sign === 43 || sign === 45) && bytes[end]! <= 32) {
      const head = ((byte - 48) * 1e4 + first) * 1e8 + second * 1e4 + third;
      const value = scaleWide(head, fourth, 4, (sign === 45 ? -power : power) - 16);
      if (value === value) {
        parsed.end = end;
        parsed.ok = true;
        return negative ? -value : value;
      }
    }
  }

  let head = 0; // the first 15 significant digits
  let tail = 0; // the next 15
  let significant = 0;
  let exponent = 0;
  let any = false;
  let fraction = false;
  for (;;) {
    const digit = byte - 48;
    if (digit >= 0 && digit <= 9) {
      any = true;
      if (fraction) exponent--;
      if (significant > 0 || digit > 0) {
        if (significant < 15) head = head * 10 + digit;
        else if (significant < 30) tail = tail * 10 + digit;
        significant++;
      }
    } else if (byte === point && !fraction) fraction = true;
    else break;
    byte = ++at < limit ? bytes[at]! : 0;
  }
  let ok = any;
  if (byte === 69 || byte === 101) {
    byte = ++at < limit ? bytes[at]! : 0;
    const below = byte === 45;
    if (below || byte === 43) byte = ++at < limit ? bytes[at]! : 0;
    let power = 0;
    const from = at;
    while (byte >= 48 && byte <= 57) {
      if (power < 100_000) power = power * 10 + byte - 48;
      byte = ++at < limit ? bytes[at]! : 0;
    }
    ok &&= at > from;
    exponent += below ? -power : power;
  }
  parsed.end = at;
  parsed.ok = ok && byte <= 32;
  if (!parsed.ok) return NaN;

  let value: number;
  if (head === 0) value = 0;
  else if (significant <= 15 && exponent >= -22 && exponent <= 22) value = scaleExactly(head, exponent);
  else {
    value = significant <= 15 ? scaleWide(head, 0, 0, exponent) : significant <= 30 ? scaleWide(head, tail, significant - 15, exponent) : NaN;
    if (value !== value) return slowNumber(bytes, start, at, point);
  }
  return negative ? -value : value;
}

/** The whole number of four digits, or a negative number where a byte is none; all four at once. */
function fourDigits(bytes: Uint8Array, at: number): number {
  const word = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) ^ 0x30303030;
  if ((((word + 0x76767676) | word) & 0x80808080) !== 0) return -1;
  const pairs = (Math.imul(word, 10) + (word >>> 8)) & 0x00ff00ff;
  return (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xffff;
}

/** The whole number of `count` digits, or a negative number where a byte is none. */
function digitsAt(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  let bad = 0;
  for (let at = start; at < start + count; at++) {
    const digit = bytes[at]! - 48;
    bad |= digit | (9 - digit);
    value = value * 10 + digit;
  }
  return bad < 0 ? -1 : value;
}

/**
 * `(head * 10^tailDigits + tail) * 10^exponent` for 16 to 30 digits, in pairs of doubles (Dekker 1971). The pair is good
 * to about 2^-102; where a generous 2^-98 could change the rounding, or the exponent is not from -66 to 22, the answer is NaN.
 */
function scaleWide(head: number, tail: number, tailDigits: number, exponent: number): number {
  if (exponent < -66 || exponent > 22) return NaN;
  const power = powersOfTen[tailDigits]!;
  const product = head * power;
  let high = product + tail;
  let low = tail - (high - product) + productError(head, power, product);
  if (exponent > 0) {
    const scale = powersOfTen[exponent]!;
    const scaled = high * scale;
    low = productError(high, scale, scaled) + low * scale;
    high = scaled;
  }
  // Small numbers take up to three steps, each by an exact power.
  for (let left = -exponent; left > 0; left -= 22) {
    const scale = powersOfTen[Math.min(left, 22)]!;
    const quotient = high / scale;
    const back = quotient * scale;
    low = (high - back - productError(quotient, scale, back) + low) / scale;
    high = quotient;
  }
  const sum = high + low;
  const rest = low - (sum - high);
  const doubt = sum * 2 ** -98;
  const value = sum + (rest + doubt);
  return value === sum + (rest - doubt) ? value : NaN;
}

/** The exact error of `a * b === product`, by Veltkamp's splitting. */
function productError(a: number, b: number, product: number): number {
  const ca = 134217729 * a;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = 134217729 * b;
  const bh = cb - (cb - b);
  const bl = b - bh;
  return ah * bh - product + ah * bl + al * bh + al * bl;
}

function slowNumber(bytes: Uint8Array, start: number, end: number, point: number): number {
  let text = '';
  for (let at = start; at < end; at++) text += bytes[at] === point ? '.' : String.fromCharCode(bytes[at]!);
  return Number(text);
}
