export type { CaseSeries } from './caseSeries.js';
export { offlineHtml, type OfflineHtmlOptions } from './offlineHtml.js';
