import type * as olga from '../../src/olga/index.js';

type Readers = typeof olga;
export function randomNumbers(seed: number): () => number;
export function mutate(text: string, others: readonly string[], random: () => number): Uint8Array;
export function checkTrend(tpl: olga.TplFile, bytes: Uint8Array): void;
export function checkFile(readers: Readers, kind: olga.OlgaKind, bytes: Uint8Array, random: () => number): string;
export function checkStream(readers: Readers, bytes: Uint8Array, random: () => number): Promise<void>;
