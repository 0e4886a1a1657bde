import { calibrationCurve, confusionAt, confusionMatrix, prCurve, rocCurve } from '../../metrics/index.js';
import { calibrationChart, confusionChart, importanceChart, prChart, predictedChart, rocChart, svgToPng, trainingCurveChart } from '../../report/index.js';
import type { FileToPublish } from '../files.js';
import { likeliest } from './scores.js';
import type { Side, TrainedTask } from './trainTask.js';

const titles: Readonly<Record<TrainedTask['target']['name'], string>> = {
  leak: 'Leak detection', size: 'Size of leaks', segment: 'Segment of leaks', position: 'Position of leaks', leak_flow: 'Mass flow of leaks',
};

/** The charts that a task has, each as SVG and PNG. */
export function picturesOf(task: TrainedTask): FileToPublish[] {
  return [...common(task), ...ofKind[task.target.kind](task)].flatMap(([name, svg]) => [
    { path: `${name}.svg`, bytes: new TextEncoder().encode(svg) },
    { path: `${name}.png`, bytes: svgToPng(svg) },
  ]);
}

type Picture = readonly [name: string, svg: string];

function common({ model, target, importance }: TrainedTask): Picture[] {
  // Features that no tree asks for would fill the picture with empty rows.
  const used = importance.filter(({ split }) => split > 0);
  const shown = used.length > 0 ? used : importance.slice(0, 1);
  const { history, bestIteration } = model;
  const [metric] = Object.keys(history);
  const of = (side: string): readonly number[] => history[metric!]?.[side] ?? [];
  return [['training_curve', trainingCurveChart({
    title: `Training curve: ${titles[target.name].toLowerCase()}`, subtitle: `best iteration ${bestIteration}`, metric: metric ?? '', bestIteration, train: of('train'), valid: of('valid'),
  })], ['importance', importanceChart({
    title: `${titles[target.name]}: what the model uses`, subtitle: 'held-out windows for SHAP, training windows for gain', features: shown.map(({ feature }) => feature),
    measures: [
      { name: `mean |SHAP|${target.kind === 'regression' ? ` (${target.unit})` : ' (log odds)'}`, values: shown.map((one) => one.mean_abs_shap) },
      { name: 'gain', values: shown.map((one) => one.gain) },
    ],
  })]];
}

const ofKind: Readonly<Record<TrainedTask['target']['kind'], (task: TrainedTask) => Picture[]>> = {
  detection(task) {
    const title = titles[task.target.name];
    const { trueNegatives, falsePositives, falseNegatives, truePositives } = confusionAt(task.valid.truth, task.valid.predicted, task.threshold!.threshold);
    const sides = (point: (side: Side) => { x: ArrayLike<number>; y: ArrayLike<number> }) => [
      { name: 'validation', ...point(task.valid) }, { name: 'train', ...point(task.train) },
    ];
    return [
      ['confusion_matrix', confusionChart({
        title, subtitle: `validation windows, score at least ${Number(task.threshold!.threshold.toPrecision(4))}`, labels: ['no leak', 'leak'],
        counts: [[trueNegatives, falsePositives], [falseNegatives, truePositives]],
      })],
      ['roc', rocChart({
        title: `${title}: ROC`, subtitle: `validation AUC ${task.valid.main.value.toFixed(4)}`,
        curves: sides(({ truth, predicted }) => {
          const { falsePositiveRate, truePositiveRate } = rocCurve(truth, predicted);
          return { x: falsePositiveRate, y: truePositiveRate };
        }),
      })],
      ['precision_recall', prChart({
        title: `${title}: precision and recall`, subtitle: `validation average precision ${Number(task.valid.scores['average_precision']).toFixed(4)}`,
        prevalence: task.valid.truth.reduce((a, b) => a + b, 0) / task.valid.truth.length,
        curves: sides(({ truth, predicted }) => {
          const { recall, precision } = prCurve(truth, predicted);
          return { x: recall, y: precision };
        }),
      })],
      ['calibration', calibrationChart({
        title: `${title}: calibration`, subtitle: task.calibration ? `after ${task.calibration.kind} calibration, validation windows` : 'as the model gives it, validation windows',
        series: [{ name: 'validation', bins: calibrationCurve(task.valid.truth, task.valid.predicted) }],
      })],
    ];
  },
  multiclass({ target, labels, valid }) {
    const names = labels.classNames!;
    return [['confusion_matrix', confusionChart({
      title: titles[target.name], subtitle: `validation windows${target.unit === '' || target.name === 'segment' ? '' : `, ${target.unit}`}`, labels: names,
      counts: confusionMatrix(valid.truth, likeliest(valid.predicted, names.length), names.length),
    })]];
  },
  regression: ({ target, valid }) => [['predicted', predictedChart({
    title: titles[target.name], subtitle: `validation windows, mean absolute error ${Number(Number(valid.scores['mae']).toPrecision(3))} ${target.unit}`,
    quantity: target.name.replace('_', ' '), unit: target.unit, actual: valid.truth, predicted: valid.predicted,
  })]],
};
