export { confusionChart, type ConfusionData } from './confusionChart.js';
export { prChart, rocChart, trainingCurveChart, type RateCurve, type RateCurveData, type TrainingCurveData } from './curveCharts.js';
export { leakSeriesChart } from './leakSeriesChart.js';
export type { ChartAlarmKind, ChartInterval, LeakSeriesData, SignalPanel } from './leakSeriesData.js';
export { bundledFontFiles, svgToPng, type PngOptions } from './svgToPng.js';
export { thin, type Thinned } from './thin.js';
