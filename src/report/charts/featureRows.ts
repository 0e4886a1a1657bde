import { ink } from './palette.js';
import { text } from './svg.js';
import { fitName, textWidth } from './textWidth.js';

/** Height of a feature's row in pixels. */
export const rowHeight = 24;

/** A row of a chart by features: one feature, or all those that get no row of their own. */
export interface FeatureRow {
  readonly name: string;
  /** Places of the features in the list given. */
  readonly members: readonly number[];
}

/** Rows by weight, the heaviest first (equal ones in the order given); what does not fit becomes the last row. */
export function rankedRows(features: readonly string[], weights: ArrayLike<number>, shown: number): FeatureRow[] {
  const order = features.map((_, i) => i).sort((a, b) => weights[b]! - weights[a]! || a - b);
  // A row "1 other feature" would take the place of that very feature.
  const own = order.length <= shown + 1 ? order : order.slice(0, shown);
  const others = order.slice(own.length);
  return [...own.map((i) => ({ name: features[i]!, members: [i] })), ...(others.length > 0 ? [{ name: `${others.length} other features`, members: others }] : [])];
}

interface NameColumn {
  readonly names: readonly string[];
  /** Where the rows begin. */
  readonly width: number;
}

export function nameColumn(rows: readonly { readonly name: string }[]): NameColumn {
  const names = rows.map(({ name }) => fitName(name, 260, 12));
  return { names, width: Math.max(66, 24 + Math.max(0, ...names.map((name) => textWidth(name, 12))) + 8) };
}

export function rowNames(rows: readonly FeatureRow[], { names, width }: NameColumn, top: number, height = rowHeight): string {
  return rows.map(({ members }, row) =>
    text(width - 8, top + (row + 0.5) * height + 4, names[row]!, { anchor: 'end', fill: members.length > 1 ? ink.muted : ink.text })).join('');
}
