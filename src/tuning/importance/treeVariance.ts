import type { Leaf } from './regressionForest.js';

/** Variance of a tree's prediction over the box that its leaves fill. */
export function treeVariance(leaves: readonly Leaf[], box: Leaf): number {
  const volumes = leaves.map((leaf) => share(leaf, box, box.low.map((_, f) => f)));
  return varianceOf(leaves.map(({ value }) => value), volumes);
}

/**
 * Variance of the marginal of a group of features: what the tree predicts on average over all others. Exact, from the leaves' boxes.
 */
export function marginalVariance(leaves: readonly Leaf[], box: Leaf, features: readonly number[]): number {
  const others = Array.from(box.low, (_, f) => f).filter((f) => !features.includes(f));
  const parts = leaves.map((leaf) => leaf.value * share(leaf, box, others));
  return features.length === 1 ? alongOne(leaves, parts, box, features[0]!) : overBoxes(leaves, parts, box, features);
}

/** The share of the box's sides that a leaf covers, multiplied over the features. */
function share({ low, high }: Leaf, box: Leaf, features: ArrayLike<number>): number {
  let product = 1;
  for (let i = 0; i < features.length; i++) {
    const f = features[i]!;
    product *= (high[f]! - low[f]!) / (box.high[f]! - box.low[f]!);
  }
  return product;
}

/** Along one feature the marginal is a staircase: every leaf adds its part between its two bounds. */
function alongOne(leaves: readonly Leaf[], parts: readonly number[], box: Leaf, feature: number): number {
  const edges = [...new Set(leaves.map(({ low }) => low[feature]!))].sort((a, b) => a - b);
  const place = new Map(edges.map((edge, i) => [edge, i]));
  const changes = new Float64Array(edges.length + 1);
  leaves.forEach(({ low, high }, i) => {
    changes[place.get(low[feature]!)!]! += parts[i]!;
    changes[place.get(high[feature]!) ?? edges.length]! -= parts[i]!;
  });
  let value = 0;
  const values = edges.map((_, i) => (value += changes[i]!));
  return varianceOf(values, edges.map((edge, i) => (edges[i + 1] ?? box.high[feature]!) - edge));
}

/** Over several features (the choices of one parameter): leaves of one box are put together, then the squares of pairs of boxes added up. */
function overBoxes(leaves: readonly Leaf[], parts: readonly number[], box: Leaf, features: readonly number[]): number {
  const boxes = new Map<string, { leaf: Leaf; part: number }>();
  leaves.forEach((leaf, i) => {
    const key = features.map((f) => `${leaf.low[f]} ${leaf.high[f]}`).join();
    const known = boxes.get(key);
    if (known) known.part += parts[i]!;
    else boxes.set(key, { leaf, part: parts[i]! });
  });
  const all = [...boxes.values()];
  let mean = 0, squares = 0;
  for (const a of all) {
    mean += a.part * share(a.leaf, box, features);
    for (const b of all) squares += a.part * b.part * overlap(a.leaf, b.leaf, box, features);
  }
  return Math.max(0, squares - mean * mean);
}

function overlap(a: Leaf, b: Leaf, box: Leaf, features: readonly number[]): number {
  let product = 1;
  for (const f of features) product *= Math.max(0, Math.min(a.high[f]!, b.high[f]!) - Math.max(a.low[f]!, b.low[f]!)) / (box.high[f]! - box.low[f]!);
  return product;
}

function varianceOf(values: readonly number[], weights: readonly number[]): number {
  let total = 0, sum = 0;
  values.forEach((value, i) => {
    total += weights[i]!;
    sum += weights[i]! * value;
  });
  const mean = sum / total;
  return values.reduce((squares, value, i) => squares + weights[i]! * (value - mean) ** 2, 0) / total;
}
