import type * as olga from '../../src/olga/index.js';

export interface ListedMutation {
  readonly name: string;
}
export const listedMutations: readonly ListedMutation[];
export function checkListed(readers: typeof olga, mutation: ListedMutation, text: string, plain: olga.TplFile): Uint8Array;
