/** What a column is. Only `measured` and, on request, `operational` columns may be model input. */
export type Role = 'measured' | 'operational' | 'truth' | 'clock' | 'id';

export const roles: readonly Role[] = ['measured', 'operational', 'truth', 'clock', 'id'];

/** float64 for series, float32 for feature matrices, int32 for counts and flags, strings for ids. Missing numbers are NaN. */
export type ColumnValues = Float64Array | Float32Array | Int32Array | readonly string[];

export interface Column<V extends ColumnValues = ColumnValues> {
  readonly name: string;
  readonly values: V;
  /** Unit as a short text such as `Pa` or `kg/s`; empty where there is none. */
  readonly unit: string;
  readonly role: Role;
  /** Further facts that stay with the column in the file, such as its location. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Equally long columns with their meaning, and facts about the whole. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly metadata: Readonly<Record<string, string>>;
}
