import type { Warning } from './tplFile.js';

/** One element of a value: `19`, `"PIPE-1"`, `FLOWPATH_1 LEAK@VALVESIG`, `PT bara`. */
export interface GenkeyScalar {
  readonly text: string;
  readonly quoted: boolean;
  /** The number that an unquoted text is; absent otherwise. */
  readonly number?: number;
  /** Further words of the element: a unit of its own, or the second half of a terminal. */
  readonly rest: readonly string[];
}

/** `NAME = value`; a scalar is a list of one. `unit` follows the closing parenthesis and holds for all items. */
export interface GenkeyAssignment {
  readonly name: string;
  readonly items: readonly GenkeyScalar[];
  readonly unit?: string;
}

export interface GenkeyComponent {
  readonly type: string;
  readonly tag: string;
}

export interface GenkeyStatement {
  /** Upper case. */
  readonly keyword: string;
  /** Keys in upper case, in file order. */
  readonly assignments: ReadonlyMap<string, GenkeyAssignment>;
  readonly line: number;
  readonly lastLine: number;
  /** The statement as it stands in the file, continuation lines and all: `text.slice(start, end)`. */
  readonly raw: string;
  readonly start: number;
  readonly end: number;
  /** The NETWORKCOMPONENT block that the statement stands in. */
  readonly component?: GenkeyComponent;
}

/** An input file (.genkey, .key). Nothing in it is evaluated. */
export interface Genkey {
  /** From the banner comment; empty in hand-written files. */
  readonly version: string;
  readonly statements: readonly GenkeyStatement[];
  /** The decoded text; everything between two statements is comment or blank. */
  readonly text: string;
  readonly warnings: readonly Warning[];
}
