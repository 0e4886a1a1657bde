import { features } from '../pipelines/features.js';
// Documents are written from the definitions, and by no command.
// oxlint-disable-next-line no-restricted-imports
import { documentedOptions, featureGroupNames, featureTable } from '../signal/index.js';

/** The reference of all features, from their own definitions. */
export function featureReference(): string {
  const { windowSize, stepSize, wavelet, waveletLevel } = documentedOptions;
  const on: Readonly<Record<string, boolean>> = features.schema.parse({ source_folder: 'x', output_folder: 'x' }).groups;
  const table = featureTable();
  return [
    '# Features', '',
    'Generated from `src/signal/features/`; edit there. The switches are `groups` in `features_pipeline`, and `include_raw_vectorization` for `raw`.', '',
    `Numbers in formulas and rows are those of windows of ${windowSize} rows, one row per second, ${stepSize} rows from window to window, ${wavelet} to level ${waveletLevel}. `
    + '`<signal>` stands for any signal, x for its rows in the window, `unit` for its unit; `<P1>`, `<P2>`, `<P3>` for the pressures and `<Q1>`, `<Q2>` for the flows along a line. '
    + 'Rows are those a value depends on, counted back from the last row of the window; a window whose case does not reach back so far has NaN there.', '',
    ...featureGroupNames.flatMap((group) => [
      `## ${group}`, '', on[group] ? 'On by default.' : 'Off by default.', '', '| feature | formula | unit | rows |', '|---|---|---|---|',
      ...table.filter((feature) => feature.group === group).map(({ name, formula, unit, rows }) => `| \`${cell(name)}\` | ${cell(formula).replaceAll('<', '&lt;')} | ${cell(unit)} | ${rows} |`), '',
    ]),
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
