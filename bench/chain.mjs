// Configuration of the way from .tpl to features, with its defaults.
export const chainSections = ['tpl_genkey_pipeline', 'windows_pipeline', 'features_pipeline'];

export function chain(source, windows = {}) {
  return {
    tpl_genkey_pipeline: { source_folder: source, output_folder: 'series' },
    windows_pipeline: { source_folder: 'series', output_folder: 'windows', ...windows },
    features_pipeline: { source_folder: 'windows', output_folder: 'features' },
  };
}
