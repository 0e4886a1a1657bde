export { offlineCharts, type OfflineChart } from './offlineCharts.js';
export type { OfflineReportInput, ReferenceCurve, ReportedBundle } from './offlineReportInput.js';
