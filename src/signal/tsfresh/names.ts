/** Parameters of a calculator: each value as a Python literal, e.g. `0.1`, `5`, `True`, `"mean"`, `(2, 5, 10, 20)`. */
export type Parameters = Readonly<Record<string, string>>;

export interface TsfreshName {
  /** The signal. */
  readonly kind: string;
  readonly calculator: string;
  readonly parameters: Parameters;
}

/** `kind__calculator__param_value__...`, parameters in order of their names: tsfresh's name of a feature. */
export function tsfreshName({ kind, calculator, parameters }: TsfreshName): string {
  const parts = Object.keys(parameters).sort().map((key) => `${key}_${parameters[key]}`);
  return [kind, calculator, ...parts].join('__');
}

/** Takes a name apart again; the same parts make the same name. Undefined where it is no such name. */
export function parseTsfreshName(name: string): TsfreshName | undefined {
  const [kind, calculator, ...rest] = name.split('__');
  if (kind === undefined || calculator === undefined) return undefined;
  const parameters: Record<string, string> = {};
  for (const part of rest) {
    const at = part.lastIndexOf('_');
    if (at < 1) return undefined;
    parameters[part.slice(0, at)] = part.slice(at + 1);
  }
  return { kind, calculator, parameters };
}

/** A number as Python writes a float: `1.0`, `0.15000000000000002`, `1000000000000.0`. */
export function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

export function text(value: string): string {
  return `"${value}"`;
}

/** The value of a number's literal. */
export function numberOf(literal: string): number {
  return Number(literal);
}
