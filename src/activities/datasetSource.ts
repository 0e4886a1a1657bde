import { createHash } from 'node:crypto';
import { hashOf } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { checkModelInput } from '../learning/index.js';
import { joinUri, openPublished, type PublishedFile } from '../storage/index.js';
import { decodeParquetFrom, type Table } from '../table/index.js';
import { readUpstream, type BatchedMetadata } from './batches.js';
import { bookkeeping } from './dataset.js';
import { datasetPath, schemaPath, targetOf, type FeaturesShared } from './features.js';
import type { StageContext } from './stage.js';

/** A published dataset of feature rows, and the list of the features to use of it. */
export interface DatasetSource {
  readonly dataset: PublishedFile;
  readonly schema: { readonly uri: string; readonly sha256: string };
  readonly shared: FeaturesShared;
}

/** Keys by which a section names its dataset. */
export interface DatasetKeys {
  readonly input_path: string;
  readonly features_schema_file?: string | undefined;
}

/** What the folder of features holds, or a clear error that says which pipeline to run. */
export async function datasetSource(context: StageContext, { input_path: folder, features_schema_file: schemaFile }: DatasetKeys): Promise<DatasetSource> {
  const upstream = await readUpstream<BatchedMetadata & { readonly shared: FeaturesShared }>(context, targetOf({ output_folder: folder }), 'features_pipeline');
  const schema = await schemaAt(context, schemaFile ?? joinUri(folder, schemaPath));
  return { dataset: upstream.files.find((file) => file.path === datasetPath)!, schema, shared: upstream.shared };
}

/** A list of features by reference. */
export async function schemaAt(context: StageContext, uri: string): Promise<DatasetSource['schema']> {
  return { uri, sha256: createHash('sha256').update(await context.storage.read(uri)).digest('hex') };
}

/** A hash of all that a result depends on. */
export function fingerprintOf({ dataset, schema, shared }: DatasetSource): string {
  return hashOf([dataset.sha256, schema.sha256, shared]);
}

/** The names of the features to use, in the order of the matrix. */
export async function readFeatureNames(context: StageContext, { schema }: Pick<DatasetSource, 'schema'>): Promise<string[]> {
  const features = JSON.parse(new TextDecoder().decode(await context.storage.read(schema.uri))) as unknown;
  if (!Array.isArray(features) || features.length === 0 || !features.every((name) => typeof name === 'string')) {
    throw new PenstockError('learning/invalid-data', 'features_schema_file must be a JSON list of feature names', { file: schema.uri, key: 'features_schema_file' });
  }
  return features;
}

/** The columns needed, and no others: the features of the schema, checked by role, and what training must know of each row. */
export async function readDataset(
  context: StageContext, config: DatasetKeys & { readonly label_column: string }, source: DatasetSource, more: readonly string[] = [],
): Promise<{ dataset: Table; features: string[] }> {
  const features = await readFeatureNames(context, source);
  const wanted = [...new Set([...features, ...bookkeeping(config.label_column), 'case_id', ...more])];
  const dataset = await decodeParquetFrom(await openPublished(context.storage, config.input_path, source.dataset), { columns: wanted });
  // Operational features are there only where the features section asked for them.
  checkModelInput(dataset.columns, features, { operational: true });
  return { dataset, features };
}
