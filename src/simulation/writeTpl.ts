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
  for (let row = 0; row < times.length; row++) {
    let line = formatScientific(times[row]!, 6);
    for (const column of columns) line += ` ${formatScientific(column.values[row]!, 6)}`;
    lines.push(line);
  }
  lines.push('');
  return lines.join('\n');
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
