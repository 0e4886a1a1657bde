import { z } from 'zod';
import type { Pipeline } from './definePipeline.js';
import { pipelines } from './index.js';
import { settings } from './settings.js';

/** JSON Schema of one section, for editors and for people. */
export function sectionSchema(pipeline: Pipeline): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(pipeline.schema, { io: 'input', unrepresentable: 'any' });
  return { title: pipeline.section, description: pipeline.summary, ...schema };
}

/** JSON Schema of a configuration file. Sections of other names are allowed if their `pipeline:` key says what they configure. */
export function configSchema(): Record<string, unknown> {
  const { $schema, ...top } = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }) as { $schema?: string; properties: object };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Penstock configuration',
    type: 'object',
    properties: { ...top.properties, ...Object.fromEntries(pipelines.map((p) => [p.section, sectionSchema(p)])) },
    additionalProperties: { type: 'object', required: ['pipeline'] },
  };
}
