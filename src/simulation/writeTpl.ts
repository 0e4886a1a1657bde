/** A trend column: catalog entry and values. */
export interface TplColumn {
  /** OLGA's variable name such as `PT`. */
  readonly variable: string;
  /** Object type as the catalog writes it, without colon: `POSITION`, `LEAK`, `CONTROLLER`, `PUMP`, `CHOKE`. */
  readonly object: string;
  readonly label: string;
  /** As the catalog writes it, without parentheses: `PA`, `KG/S`, `-`. */
  readonly unit: string;
  readonly description: string;
  readonly values: Float64Array;
}

export interface TplFile {
  /** Name of the input file it belongs to. */
  readonly inputFile: string;
  readonly title: string;
  readonly branch: string;
  /** m along the branch at the section boundaries, the first 0. */
  readonly boundaries: Float64Array;
  /** Elevation in m at the section boundaries. */
  readonly elevations: Float64Array;
  /** Seconds. */
  readonly times: Float64Array;
  readonly columns: readonly TplColumn[];
}

/** The text of a trend file as OLGA 2022 lays it out: 7 significant digits, one line per row. */
export function writeTpl(file: TplFile): string {
  const { columns, times } = file;
  const lines = [
    "'OLGA 2022.1.0.0'", 'TIME PLOT',
    'INPUT FILE', quote(file.inputFile),
    'PVT FILE', `${quote('constant-density')} `,
    // fixed: the text of a case depends on its spec alone
    'DATE', quote('24-01-01 00:00:00'),
    'PROJECT', quote('Penstock'),
    'TITLE', quote(file.title),
    'AUTHOR', quote('Penstock simulation'),
    'NETWORK', '1',
    "GEOMETRY' (M)  '",
    'BRANCH', quote(file.branch), `${file.boundaries.length - 1}`,
    ...writeBoundaries(file.boundaries), ...writeBoundaries(file.elevations),
    'CATALOG ', `${columns.length}`,
    ...columns.map((c) => `${c.variable} ${quote(`${c.object}:`)} ${quote(c.label)} ${quote(`(${c.unit})`)} ${quote(c.description)}`),
    "TIME SERIES  ' (S)  '",
  ];
  return `${lines.join('\n')}\n${writeRows(times, columns)}`;
}

/** Rows written at a time: text is put together from pieces of bounded size. */
const rowsPerPiece = 4096;

function writeRows(times: Float64Array, columns: readonly TplColumn[]): string {
  const values = [times, ...columns.map((column) => column.values)];
  const longest = '-d.dddddde-ddd '.length;
  const bytes = new Uint8Array(Math.min(rowsPerPiece, times.length) * values.length * longest);
  const decoder = new TextDecoder('latin1');
  const pieces: string[] = [];
  for (let row = 0; row < times.length;) {
    let at = 0;
    for (const end = Math.min(row + rowsPerPiece, times.length); row < end; row++) {
      for (let i = 0; i < values.length; i++) {
        at = putScientific(bytes, at, values[i]![row]!);
        bytes[at++] = i + 1 < values.length ? 32 : 10;
      }
    }
    pieces.push(decoder.decode(bytes.subarray(0, at)));
  }
  return pieces.join('');
}

const powersOfTen = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/**
 * Puts what `formatScientific(value, 6)` gives at `at`; answers where the next byte goes. One multiplication or division by an exact
 * power of ten is off by at most half a unit in the last place, so only a value that close to the middle of two texts needs the long way.
 */
function putScientific(bytes: Uint8Array, at: number, value: number): number {
  const size = Math.abs(value);
  if (!(size >= 1e-12 && size < 1e16)) return putText(bytes, at, formatScientific(value, 6));
  let exponent = Math.floor(Math.log10(size));
  let shifted = exponent <= 6 ? size * powersOfTen[6 - exponent]! : size / powersOfTen[exponent - 6]!;
  // the logarithm may be one off beside a power of ten
  if (shifted >= 1e7) shifted = ++exponent <= 6 ? size * powersOfTen[6 - exponent]! : size / powersOfTen[exponent - 6]!;
  else if (shifted < 1e6) shifted = --exponent <= 6 ? size * powersOfTen[6 - exponent]! : size / powersOfTen[exponent - 6]!;
  let digits = Math.floor(shifted);
  const rest = shifted - digits;
  if (Math.abs(rest - 0.5) < 1e-8) return putText(bytes, at, formatScientific(value, 6));
  if (rest > 0.5) digits++;
  if (digits === 1e7) {
    digits = 1e6;
    exponent++;
  }
  let next = at;
  if (value < 0) bytes[next++] = 45;
  for (let i = next + 7; i > next + 1; i--) {
    const tens = (digits / 10) | 0;
    bytes[i] = 48 + digits - 10 * tens;
    digits = tens;
  }
  bytes[next] = 48 + digits;
  bytes[next + 1] = 46;
  next += 8;
  bytes[next++] = 101;
  bytes[next++] = exponent < 0 ? 45 : 43;
  const power = Math.abs(exponent);
  bytes[next++] = 48 + ((power / 10) | 0);
  bytes[next++] = 48 + power % 10;
  return next;
}

function putText(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** `d.ddd...e+XX`: at least two digits of exponent, as C writes it. */
export function formatScientific(value: number, decimals: number): string {
  if (value === 0) return decimals === 6 ? '0.000000e+00' : `${(0).toFixed(decimals)}e+00`;
  const text = value.toExponential(decimals);
  // "1.5e+5": a one-digit exponent needs its zero
  const second = text.length - 2;
  const sign = text.charCodeAt(second);
  return sign === 43 || sign === 45 ? `${text.slice(0, second + 1)}0${text.charAt(second + 1)}` : text;
}

function writeBoundaries(values: Float64Array): string[] {
  const lines: string[] = [];
  for (let i = 0; i < values.length; i += 5) {
    let line = '';
    for (let j = i; j < Math.min(i + 5, values.length); j++) line += `${formatScientific(values[j]!, 16)} `;
    lines.push(line);
  }
  return lines;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", ' ')}'`;
}
