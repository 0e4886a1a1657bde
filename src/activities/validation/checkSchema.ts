import { PenstockError } from '../../errors/index.js';
import { residualName, type Bundle } from '../../learning/index.js';
import { preparationFile, type Preparation } from '../training/bundleOf.js';
import { readFeatureNames } from '../datasetSource.js';
import type { StageContext } from '../stage.js';
import { fault } from './report.js';
import type { ValidationSettings } from './validateBundle.js';

/** The features against the schema file and against the bundle's own preparation, and the settings against those asked for. */
export async function checkSchema(context: StageContext, bundle: Bundle, { data, feature_vectorizer: settings }: ValidationSettings): Promise<string> {
  const names = bundle.features.map(({ name }) => name);
  if (data.features_schema_file !== undefined) {
    compareNames(names, await readFeatureNames(context, { schema: { uri: data.features_schema_file, sha256: '' } }));
  }
  const { plan } = preparationOf(bundle);
  const computed = new Set(plan.features.map(({ name }) => name));
  const unknown = names.filter((name) => !computed.has(name));
  if (unknown.length > 0) throw fault(`the bundle's preparation does not compute ${list(unknown)}, which the model takes`);
  const { inference } = bundle;
  const differing = Object.entries(settings).flatMap(([key, wanted]) => {
    const found = inference[key as keyof typeof settings];
    return wanted === undefined || found === wanted ? [] : [`${key} is ${String(found)}; feature_vectorizer asks for ${wanted}`];
  });
  if (differing.length > 0) throw fault(differing.join('; '));
  return `${names.length} features from ${plan.signals.length} signals, windows of ${inference.window_size} rows`;
}

/** No input of the model may come from a truth, clock or id column; of OBSERVER neither features nor residuals may. */
export function checkRoles(bundle: Bundle): string {
  const { signals } = bundle.inference;
  const { plan, observer } = preparationOf(bundle);
  const known = new Set(signals.map(({ name }) => name));
  const unsaid = (names: readonly string[]): readonly string[] => names.filter((name) => !known.has(name));
  const seen = observer ? unsaid([...observer.signals.map(({ name }) => name), ...observer.regressors.map(({ signal }) => signal)]) : [];
  for (const { signal } of observer?.regressors ?? []) known.add(residualName(signal));
  const stray = [...new Set([...seen, ...unsaid(plan.signals.map(({ name }) => name))])];
  if (stray.length > 0) throw fault(`features are computed from ${list(stray)}, whose role inference_config.json does not say`);
  // The roles themselves were checked when the bundle was read.
  return `${signals.length} signals and ${bundle.features.length} features, all measured or operational`;
}

function compareNames(names: readonly string[], wanted: readonly string[]): void {
  const missing = wanted.filter((name) => !names.includes(name));
  const more = names.filter((name) => !wanted.includes(name));
  if (missing.length > 0 || more.length > 0) {
    throw fault([
      `the model has ${names.length} features, the schema ${wanted.length}`,
      ...(missing.length > 0 ? [`the model lacks ${list(missing)}`] : []), ...(more.length > 0 ? [`the schema lacks ${list(more)}`] : []),
    ].join('; '));
  }
  const at = names.findIndex((name, i) => name !== wanted[i]);
  if (at >= 0) throw fault(`feature ${at} of the model is "${names[at]}"; the schema has "${wanted[at]}" there`);
}

function preparationOf(bundle: Bundle): Preparation {
  const bytes = bundle.extra.get(preparationFile);
  if (!bytes) throw new PenstockError('learning/bundle', `the bundle has no ${preparationFile}`, { file: preparationFile });
  return JSON.parse(new TextDecoder().decode(bytes)) as Preparation;
}

function list(names: readonly string[]): string {
  return `${names.slice(0, 5).map((name) => `"${name}"`).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}
