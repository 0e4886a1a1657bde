import { z } from 'zod';
import { PenstockError } from '../errors/index.js';
import { unknownWord } from './suggest.js';

/** Where a value to be validated comes from: for messages that a person can act on. */
export interface Origin {
  readonly file: string;
  /** Path of the value inside the file, such as ['features_pipeline']. */
  readonly path: readonly PropertyKey[];
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

export interface Problem {
  readonly key: string;
  readonly line: number | undefined;
  readonly message: string;
}

/** The value with its defaults, or every problem it has. */
export function check<S extends z.ZodType>(schema: S, value: unknown, origin: Origin): { value: z.output<S> } | { problems: Problem[] } {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { value: parsed.data };
  return { problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, schema, origin)) };
}

/** Like `check`, but throws one `config/invalid` that names all problems at once, and the example when there is one. */
export function validate<S extends z.ZodType>(schema: S, value: unknown, origin: Origin, example?: unknown): z.output<S> {
  const result = check(schema, value, origin);
  if ('value' in result) return result.value;
  throw invalidConfig(result.problems, origin.file, example);
}

export function invalidConfig(problems: readonly Problem[], file: string, example?: unknown): PenstockError {
  const list = problems.map((p) => `  ${p.line ? `line ${p.line}, ` : ''}${p.key}: ${p.message}`).join('\n');
  const count = problems.length === 1 ? 'one wrong key' : `${problems.length} wrong keys`;
  const right = example === undefined ? '' : `\nA right example:\n  ${JSON.stringify(example)}`;
  return new PenstockError('config/invalid', `${count}\n${list}${right}`, { file, line: problems[0]?.line });
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType, origin: Origin): Problem[] {
  const at = (path: readonly PropertyKey[], message: string): Problem => {
    const whole = [...origin.path, ...path];
    return { key: whole.map(String).join('.'), line: origin.lineOf(whole), message };
  };
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAt(schema, issue.path);
    return issue.keys.map((key) => at([...issue.path, key], unknownWord('key', key, allowed)));
  }
  const found = 'input' in issue && issue.input !== undefined ? `; found ${JSON.stringify(issue.input)}` : '';
  return [at(issue.path, `${issue.message}${found}`)];
}

/** The keys an object schema allows at a path: what a misspelt key can have meant. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let inner: unknown = schema;
  for (const step of [...path, undefined]) {
    inner = unwrap(inner);
    if (step === undefined) break;
    if (inner instanceof z.ZodObject) inner = inner.shape[String(step)];
    else if (inner instanceof z.ZodArray) inner = inner.element;
    else if (inner instanceof z.ZodRecord) inner = inner.valueType;
    else return [];
  }
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional || inner instanceof z.ZodNullable || inner instanceof z.ZodPrefault) {
    inner = inner.unwrap();
  }
  return inner;
}
