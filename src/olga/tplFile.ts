import type { Numbers } from './packedColumn.js';

/** Something odd that was read anyway. `code` is short and stable, `line` counts from 1. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly line?: number;
}

/** Where a variable is taken. `keys` holds the `KEY:` `value` pairs in file order, keys without their colon. */
export interface TplLocation {
  /** SECTION variables belong to a section's centre, BOUNDARY variables to a section's edge. */
  readonly flag?: 'SECTION' | 'BOUNDARY';
  readonly keys: readonly (readonly [string, string])[];
  readonly global: boolean;
}

/** One line of the catalog. */
export interface TplVariable {
  /** Position in the catalog, from 0; the file's column is one further, after time. */
  readonly index: number;
  readonly name: string;
  /** Stable machine name: `PT|POSITION=LINE@42M`, `GT|BOUNDARY|BRANCH=B|PIPE=P|NR=1`; a repeated one ends in `#2`. */
  readonly key: string;
  /** As in the file, without the outer parentheses; `-` means dimensionless. */
  readonly unit: string;
  readonly description: string;
  readonly location: TplLocation;
}

/** A flow path's section boundaries: `x` is the length along the path, `y` the elevation, both in `TplGeometry.unit`. */
export interface TplBranch {
  /** BRANCH, ANNULUS, SOLIDBUNDLE or whatever word the file uses. */
  readonly kind: string;
  readonly name: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface TplGeometry {
  readonly unit: string;
  readonly branches: readonly TplBranch[];
}

export type LineEnding = 'lf' | 'crlf' | 'cr' | 'mixed';
export type TextEncoding = 'ascii' | 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Everything before the numbers. */
export interface TplHeader {
  readonly version: string;
  readonly meta: Record<string, string[]>;
  readonly geometry: TplGeometry;
  readonly variables: readonly TplVariable[];
  /** Unit of the time column as in the file, e.g. `S`. */
  readonly timeUnit: string;
}

/** A trend file (.tpl). Values are bit-exact to what `Number()` makes of the text; nothing is rounded or resampled. */
export interface TplFile {
  readonly kind: 'trend';
  readonly version: string;
  readonly meta: Record<string, string[]>;
  readonly encoding: TextEncoding;
  readonly lineEnding: LineEnding;
  readonly geometry: TplGeometry;
  /** The selected variables, in file order. */
  readonly variables: readonly TplVariable[];
  readonly time: { readonly unit: string; readonly seconds: Float64Array };
  /** One column per entry of `variables`, in the unit of the file. */
  readonly columns: readonly Float64Array[];
  readonly rows: number;
  /** The runs of rows in which time does not run backwards: more than one where a restart was appended. In row order. */
  readonly segments: readonly TplSegment[];
  /** Lines of numbers, and what became of them. */
  readonly lines: TplLines;
  /** True where the last row was cut (killed run, incomplete copy); it is dropped. */
  readonly truncated: boolean;
  /** Rows left out, with the line and the reason; at most 1,000 are listed, all are counted in the warnings. */
  readonly skipped: readonly { readonly line: number; readonly reason: string }[];
  readonly warnings: readonly Warning[];
}

/** A trend file of which only what tells of time and leaks is held, and that in less room. */
export interface TplSketch extends Omit<TplFile, 'time' | 'columns'> {
  readonly time: { readonly unit: string; readonly seconds: Numbers };
  readonly columns: readonly Numbers[];
}

/** Rows `from` to `to` (exclusive) of one start or restart. */
export interface TplSegment {
  readonly from: number;
  readonly to: number;
}

/**
 * An account of the lines behind the header that are not blank: `total` is `rows * perRow + skipped + cut`, where `rows`
 * counts them before overlaps are taken out.
 */
export interface TplLines {
  readonly total: number;
  /** Lines of one row; above 1 where rows are wrapped. */
  readonly perRow: number;
  /** Lines of rows that were left out with a reason. */
  readonly skipped: number;
  /** Lines of a last row that is cut. */
  readonly cut: number;
  /** Rows that a restart wrote again, left out under `keep-last`. */
  readonly overlapped: number;
}

/** What to do with a row of the wrong length that is not the last one. */
export type ShortRows = 'strict' | 'skip' | 'pad';

/** Memory for columns: what is read into it is good until the next reading with the same memory. */
export interface ColumnMemory {
  values: Float64Array;
}

export interface ReadTplOptions {
  /** Name for error messages. */
  readonly file?: string;
  /**
   * `skip` (default) leaves the row out and lists it, `pad` fills missing values with NaN, `strict` fails with
   * `olga/ragged-row`. Columns are never shifted. A short last row is a cut file and always dropped.
   */
  readonly shortRows?: ShortRows;
  /**
   * What to do where time runs backwards, as after a restart: `keep` (default) keeps all rows, `keep-last` leaves out
   * those rows before it whose time is that of the restart or later. `segments` tells the parts in both cases.
   */
  readonly overlaps?: 'keep' | 'keep-last';
  /**
   * Columns to read; the others are passed over: their texts are told apart, but neither converted nor judged.
   * Default: all.
   */
  readonly select?: (variable: TplVariable) => boolean;
  /** Where the columns shall lie; by default each has memory of its own. Without effect on `streamTpl`. */
  readonly memory?: ColumnMemory;
}
