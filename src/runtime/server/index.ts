export { attachServer, type AttachedServer, type AttachOptions } from './attachServer.js';
export { defaultRetentionDays, missingSearchAttributes, registerNamespace } from './registerNamespace.js';
