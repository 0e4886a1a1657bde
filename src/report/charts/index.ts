export { confusionChart, type ConfusionData } from './confusionChart.js';
export { prChart, rocChart, trainingCurveChart, type RateCurve, type RateCurveData, type TrainingCurveData } from './curveCharts.js';
export { importanceChart, type ImportanceChartData, type ImportanceMeasure } from './importanceChart.js';
export { calibrationChart, predictedChart, type CalibrationChartData, type CalibrationSeries, type PredictedChartData } from './scatterCharts.js';
export { shapSummaryChart, type ShapSummaryData } from './shapSummaryChart.js';
export { waterfallChart, type WaterfallData } from './waterfallChart.js';
export { heatMap, type HeatMapData } from './heatMap.js';
export { intervalChart, type IntervalChartData, type IntervalPanel, type IntervalValue } from './intervalChart.js';
export { lineChart, type LineChartData, type LinePanel, type LineSeries } from './lineChart.js';
export { leakSeriesChart } from './leakSeriesChart.js';
export type { ChartAlarmKind, ChartInterval, LeakSeriesData, SignalPanel } from './leakSeriesData.js';
export { bundledFontFiles, svgToPng, type PngOptions } from './svgToPng.js';
export { thin, type Thinned } from './thin.js';
export {
  contourChart, edfChart, intermediateValuesChart, optimizationHistoryChart, parallelCoordinatesChart, sliceChart, timelineChart,
  type ChartParameter, type ChartTrial, type ContourChartData, type EdfChartData, type IntermediateChartData, type SpaceChartData, type StudyChartData,
  type TimelineChartData, type TrialTime,
} from './study/index.js';
export { openPngRenderer, type PngRenderer } from './raster/openPngRenderer.js';
