export { offlineWorkbook, type OfflineWorkbookInput } from './offlineWorkbook.js';
