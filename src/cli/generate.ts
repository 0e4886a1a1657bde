import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { errorTable } from '../errors/index.js';
import { pipelines, type Pipeline } from '../pipelines/index.js';
import { configSchema, sectionSchema } from '../pipelines/jsonSchema.js';
import { defaultConfig } from '../pipelines/resolveSection.js';
import { featureReference } from './featureReference.js';

/**
 * Everything that follows from the declarations: the JSON Schema of the configuration, a start input per workflow, the
 * configuration and the error reference. The check fails when running this again changes a file.
 */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  files.set('configs/pipelines_config.schema.json', json(configSchema()));
  for (const p of pipelines) files.set(`examples/${p.name}.json`, json({ section: p.section, config: defaultConfig, overrides: {} }));
  files.set('docs/configuration.md', configurationReference());
  files.set('docs/errors.md', errorReference());
  files.set('docs/features.md', featureReference());
  return files;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

async function generate(): Promise<void> {
  for (const folder of ['configs', 'examples', 'docs']) await mkdir(root + folder, { recursive: true });
  for (const [path, text] of generatedFiles()) await writeFile(root + path, text);
}

interface Property {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Property[];
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly items?: Property;
  readonly const?: unknown;
}

function configurationReference(): string {
  return [
    '# Configuration reference', '',
    'Generated from `src/pipelines/`; edit there. One file, one top-level key per section; `storage` says where relative paths lie.',
    'A section of any other name says by its `pipeline:` key what it configures.', '',
    ...section('storage', 'Where relative paths lie: in the project folder, or in a bucket.', (configSchema()['properties'] as Record<string, Property>)['storage']!),
    ...pipelines.flatMap((p: Pipeline) => section(p.section, `${p.summary}. Workflow \`${p.name}\`, queue \`${p.queue}\`.`, sectionSchema(p) as Property)),
  ].join('\n');
}

function section(name: string, text: string, schema: Property): string[] {
  return [`## ${name}`, '', text, '', '| key | type | default | meaning |', '|---|---|---|---|', ...rows(schema, ''), ''];
}

function rows(schema: Property, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const value = property.default !== undefined ? `\`${JSON.stringify(property.default)}\`` : schema.required?.includes(key) ? 'required' : '';
    const row = `| \`${prefix}${key}\` | ${cell(typeOf(property))} | ${cell(property.properties ? '' : value)} | ${cell(property.description ?? '')} |`;
    return [row, ...rows(property, `${prefix}${key}.`)];
  });
}

function typeOf(property: Property): string {
  if (property.const !== undefined) return `\`${JSON.stringify(property.const)}\``;
  if (property.enum) return property.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (property.anyOf) return property.anyOf.map(typeOf).join(' or ');
  if (property.type === 'array') return `list of ${property.items ? typeOf(property.items) : 'values'}`;
  return typeof property.type === 'string' ? property.type : (property.type ?? ['any']).join(' or ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function errorReference(): string {
  return [
    '# Errors', '',
    'Generated from `src/errors/codes.ts`. A failed run carries the code as its failure type; a quarantined input carries it in the metadata.', '',
    '| code | tried again | what to do |', '|---|---|---|',
    ...Object.entries(errorTable).map(([code, { retryable, remedy }]) => `| \`${code}\` | ${retryable ? 'yes' : 'no'} | ${cell(remedy)} |`), '',
  ].join('\n');
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate();
