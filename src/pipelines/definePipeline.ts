import { z } from 'zod';
import type * as workflows from '../workflows/index.js';

/** Every pipeline is named as its workflow, so that a misspelt name does not compile. */
export type PipelineName = Exclude<keyof typeof workflows, 'default'>;

export type Queue = 'penstock' | 'penstock-cpu' | 'penstock-train';

export interface Pipeline<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: PipelineName;
  /** The section that configures it unless another names it by `pipeline:`. */
  readonly section: string;
  /** Where its work is done. */
  readonly queue: Queue;
  /** One line for people: CLI help, configuration reference, Web UI. */
  readonly summary: string;
  readonly schema: z.ZodObject<Shape>;
  /** A complete, right section as it stands in the example configuration. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Raised whenever the same inputs and settings give other results than before: older results are then out of date. */
  readonly revision: number;
  /** Keys that do not change the result: worker counts, buffer sizes. Paths never do (inputs are hashed by content). */
  readonly notHashed: readonly string[];
}

export function definePipeline<Shape extends z.ZodRawShape>(pipeline: Pipeline<Shape>): Pipeline<Shape> {
  return pipeline;
}

export type ConfigOf<P> = P extends Pipeline<infer Shape> ? z.output<z.ZodObject<Shape>> : never;

/** A registry passes on what it knows of a schema to those made from it: `path(...).describe(...)` is still a path. */
const pathKeys = z.registry<{ readonly isPath: true }>();

/** A path key: `s3://bucket/key`, an absolute path, or a path relative to the project root (or bucket and prefix). */
export function path(description: string): z.ZodString {
  const schema = z.string().min(1).describe(description);
  pathKeys.add(schema, { isPath: true });
  return schema;
}

/** The names of a section's keys that are paths, so that they can be resolved to URIs. */
export function pathKeysOf(pipeline: Pipeline): string[] {
  return Object.keys(pipeline.schema.shape).filter((key) => isPath(pipeline.schema.shape[key]));
}

function isPath(schema: unknown): boolean {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodType && pathKeys.get(inner)?.isPath === true;
}

/** A schema without its defaults and whether it may be left out. */
export function unwrapped(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable || inner instanceof z.ZodPrefault) inner = inner.unwrap();
  return inner;
}

/** A checked section with every path, wherever it stands, in lists and groups of keys too, replaced by what `change` makes of it. */
export function mapPaths(pipeline: Pipeline, config: Readonly<Record<string, unknown>>, change: (path: string) => unknown): Record<string, unknown> {
  return changed(pipeline.schema, config, change) as Record<string, unknown>;
}

function changed(schema: unknown, value: unknown, change: (path: string) => unknown): unknown {
  if (isPath(schema)) return typeof value === 'string' ? change(value) : value;
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) return value.map((item) => changed(inner.element, item, change));
  if (!(inner instanceof z.ZodObject) || typeof value !== 'object' || value === null) return value;
  const shape: Readonly<Record<string, unknown>> = inner.shape;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, changed(shape[key], part, change)]));
}
