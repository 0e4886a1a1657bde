/** What a line that is not plain numbers turned out to hold. Columns that are not wanted are not judged. */
export interface OddLine {
  readonly values: number[];
  /** Values written as NaN, infinity or stars; they are NaN. */
  readonly notNumbers: number;
  /** The first piece of text that is no number in any known spelling; it stands as NaN among the values. */
  readonly unreadable?: string;
}

const notANumber = /^[+-]?(nan(\([a-z0-9]*\))?|inf(inity)?|1[.,]\d*#\w+([e][+-]?\d+)?)$/i;
const stars = /^\*+$/;
// A mantissa, then either an exponent (E or Fortran's D), or a sign and exactly three digits: Fortran drops the E there.
const number = /([+-]?(?:\d+\.?\d*|\.\d+))(?:[eEdD]([+-]?\d+)|([+-]\d{3})(?![\d.]))?/y;

/**
 * Reads a line by the rules for odd tokens: `1.5D+03`, `1.5-102` (missing E), glued fields such as
 * `1.0e+005-2.0e+000`, and every spelling of "not a number". Never splits `1,5` in two. `wanted` has one entry per
 * column, 0 for those that are passed over; without it all are wanted.
 */
export function readOddLine(line: string, comma: boolean, wanted?: Uint8Array): OddLine {
  const values: number[] = [];
  let notNumbers = 0;
  let unreadable: string | undefined;
  for (const token of line.split(/[\s\0\x1a]+/)) {
    if (token === '') continue;
    const judged = wanted?.[values.length] !== 0;
    if (notANumber.test(token) || stars.test(token)) {
      values.push(NaN);
      if (judged) notNumbers++;
      continue;
    }
    const pieces = comma && token.includes('.') ? undefined : splitGlued(comma ? token.replaceAll(',', '.') : token);
    if (pieces === undefined) {
      values.push(NaN);
      if (judged) unreadable ??= token;
    } else values.push(...pieces);
  }
  return unreadable === undefined ? { values, notNumbers } : { values, notNumbers, unreadable };
}

function splitGlued(token: string): number[] | undefined {
  const values: number[] = [];
  number.lastIndex = 0;
  while (number.lastIndex < token.length) {
    const at = number.lastIndex;
    // Two numbers touch only where the second one brings its own sign.
    if (at > 0 && token[at] !== '+' && token[at] !== '-') return undefined;
    const match = number.exec(token);
    if (match === null) return undefined;
    const exponent = match[2] ?? match[3];
    values.push(Number(exponent === undefined ? match[1] : `${match[1]}e${exponent}`));
  }
  return values;
}
