export { offlineWorkbook, type WorkbookPicture } from './offlineWorkbook.js';
