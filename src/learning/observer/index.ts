export { residualName, type EnvelopeRange, type ObservedSignal, type ObserverSettings } from './observer.js';
export { checkedLags, lagMatrix, withoutSignal } from './lagMatrix.js';
export { checkHealthy, type LeakTruth } from './checkHealthy.js';
export { openEnvelope, outsideEnvelope } from './envelope.js';
export { observedColumns, residualSeries } from './residualSeries.js';
