// Functions on which samplers are compared: 2 smooth, 6 smooth, 2 with several minima, and parameters of all kinds.
const float = (low, high, more) => ({ type: 'float', low, high, ...more });

const sharpness = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
const centres = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]];
const heights = [1, 1.2, 3, 3.2];

export const tuningProblems = {
  sphere: { space: { x: float(-5, 5), y: float(-5, 5) }, trials: 100, goal: 0.01, loss: ({ x, y }) => x * x + y * y },
  branin: {
    space: { x: float(-5, 10), y: float(0, 15) },
    trials: 100,
    goal: 0.46,
    loss: ({ x, y }) => (y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6) ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10,
  },
  hartmann6: {
    space: Object.fromEntries([0, 1, 2, 3, 4, 5].map((i) => [`x${i}`, float(0, 1)])),
    trials: 150,
    goal: -3.15,
    loss: (params) => -heights.reduce((sum, height, k) => sum + height * Math.exp(-sharpness[k].reduce((s, a, i) => s + a * (params[`x${i}`] - centres[k][i] / 1e4) ** 2, 0)), 0),
  },
  mixed: {
    space: { c: { type: 'categorical', choices: ['a', 'b', 'c', 'd'] }, n: { type: 'int', low: 1, high: 64, log: true }, l: float(1e-5, 1, { log: true }), s: float(0, 1, { step: 0.1 }) },
    trials: 100,
    goal: 0.006,
    loss: ({ c, n, l, s }) => ({ a: 0.3, b: 0, c: 1, d: 2 })[c] + 0.1 * (Math.log2(n) - 3) ** 2 + 0.1 * (Math.log10(l) + 3) ** 2 + Math.abs(s - 0.7),
  },
};

export function runStudy({ space, trials, loss }, sampler, seed, ask) {
  const table = [];
  for (let number = 0; number < trials; number++) {
    const params = ask(sampler, space, table, { seed, number, direction: 'minimize' });
    table.push({ number, state: 'complete', params, value: loss(params) });
  }
  return Math.min(...table.map(({ value }) => value));
}

const share = float(0, 1), leaves = { type: 'int', low: 2, high: 256 };
/** Spaces of eight parameters, on which the time of a suggestion is measured. */
export const eightParameters = {
  '8 floats': Object.fromEntries([...Array(8).keys()].map((i) => [`x${i}`, share])),
  '8 of LightGBM': {
    num_leaves: leaves, learning_rate: { type: 'float', low: 1e-3, high: 0.3, log: true }, feature_fraction: share, bagging_fraction: share,
    bagging_freq: { type: 'int', low: 1, high: 7 }, lambda_l1: { type: 'float', low: 1e-8, high: 10, log: true }, min_child_samples: { type: 'int', low: 5, high: 100, log: true },
    boosting: { type: 'categorical', choices: ['gbdt', 'dart', 'goss'] },
  },
  '8 whole numbers': Object.fromEntries([...Array(8).keys()].map((i) => [`x${i}`, leaves])),
};
