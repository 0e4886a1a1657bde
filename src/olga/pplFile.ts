import type { LineEnding, TextEncoding, TplGeometry, TplVariable, Warning } from './tplFile.js';

/** A variable of a profile file: along one branch, at its sections' centres or at their edges. */
export interface PplVariable extends TplVariable {
  readonly branch: string;
  /** Metres (the unit of the geometry) along the branch: one per value of a step. Empty where the geometry is unknown. */
  readonly x: Float64Array;
  /** Values per step. */
  readonly size: number;
}

/** A profile file (.ppl): the same variables at every place of their branch, step by step. */
export interface PplFile {
  readonly kind: 'profile';
  readonly version: string;
  readonly meta: Record<string, string[]>;
  readonly encoding: TextEncoding;
  readonly lineEnding: LineEnding;
  readonly geometry: TplGeometry;
  readonly variables: readonly PplVariable[];
  readonly time: { readonly unit: string; readonly seconds: Float64Array };
  /** One per variable: `profiles[v][step * variables[v].size + place]`, in the unit of the file. */
  readonly profiles: readonly Float64Array[];
  readonly steps: number;
  /** True where the last step was cut (killed run, incomplete copy); it is dropped. */
  readonly truncated: boolean;
  readonly warnings: readonly Warning[];
}

export interface ReadPplOptions {
  /** Name for error messages. */
  readonly file?: string;
  /** Variables to keep; the others are passed over. Default: all. */
  readonly select?: (variable: TplVariable) => boolean;
}
