import { PenstockError } from '../../errors/index.js';

/** One check of the gate. `skipped`: switched off, or nothing was given to check against; `message` says which. */
export interface ValidationCheck {
  readonly name: CheckName;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly message: string;
}

export const checkNames = ['artifacts', 'agreement', 'schema', 'roles', 'inference_method_1', 'inference_method_2', 'thresholds'] as const;
export type CheckName = (typeof checkNames)[number];

/** `validation_report.json`. */
export interface ValidationReport {
  readonly passed: boolean;
  readonly bundle: { readonly sha256: string; readonly source: string; readonly task: string; readonly threshold: number | null } | null;
  readonly checks: readonly ValidationCheck[];
  /** Of a detector on the dataset's rows; null where they were not measured. */
  readonly metrics: DatasetMetrics | null;
}

export interface DatasetMetrics {
  readonly rows: number;
  readonly positives: number;
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly false_positives: number;
}

/** Runs one check: what it returns is the message of its passing, what it throws the reason why it fails. */
export async function runCheck(name: CheckName, wanted: boolean, body: () => Promise<string | Skipped> | string | Skipped): Promise<ValidationCheck> {
  if (!wanted) return { name, status: 'skipped', message: 'switched off' };
  try {
    const outcome = await body();
    return typeof outcome === 'string' ? { name, status: 'passed', message: outcome } : { name, status: 'skipped', message: outcome.skipped };
  } catch (error) {
    // A storage that does not answer says nothing about the model.
    if (!(error instanceof PenstockError) || error.retryable) throw error;
    return { name, status: 'failed', message: error.place.file === undefined ? error.message : `${error.place.file}: ${error.message}` };
  }
}

export interface Skipped {
  readonly skipped: string;
}

export function fault(message: string): PenstockError {
  return new PenstockError('learning/validation', message);
}
