export { contourChart, type ContourChartData } from './contourChart.js';
export { edfChart, type EdfChartData } from './edfChart.js';
export { optimizationHistoryChart } from './historyChart.js';
export { intermediateValuesChart, type IntermediateChartData } from './intermediateChart.js';
export { parallelCoordinatesChart } from './parallelChart.js';
export { sliceChart } from './sliceChart.js';
export type { ChartParameter, ChartTrial, SpaceChartData, StudyChartData } from './studyData.js';
export { timelineChart, type TimelineChartData, type TrialTime } from './timelineChart.js';
