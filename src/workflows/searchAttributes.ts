import { defineSearchAttributeKey } from '@temporalio/common';

/** The dataset's, run's and model's marks that people filter workflows by. Importable by workflow code: no Node modules. */
export const searchAttributes = {
  /** The configuration section a run belongs to. */
  section: defineSearchAttributeKey('PenstockSection', 'KEYWORD'),
  /** The dataset a run reads or writes. */
  dataset: defineSearchAttributeKey('PenstockDataset', 'KEYWORD'),
  /** How a run ended, in one word. */
  outcome: defineSearchAttributeKey('PenstockOutcome', 'KEYWORD'),
  /** The hash of the configuration keys that affect results. */
  configHash: defineSearchAttributeKey('PenstockConfigHash', 'KEYWORD'),
  /** The model a run trains or tests. */
  model: defineSearchAttributeKey('PenstockModel', 'KEYWORD'),
  /** The time a scheduled run stands for, which is not when it runs. */
  logicalDate: defineSearchAttributeKey('PenstockLogicalDate', 'DATETIME'),
} as const;

/** Name and server-side type of each attribute, as the Temporal CLI and the operator service call them. */
export const searchAttributeTypes: readonly { readonly name: string; readonly type: 'Keyword' | 'Datetime' }[] =
  Object.values(searchAttributes).map((key) => ({ name: key.name, type: key.type === 'DATETIME' ? 'Datetime' : 'Keyword' }));
