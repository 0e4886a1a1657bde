/**
 * The closed table of everything that can go wrong. A failure carries one of these codes as its type, so that a person
 * can look it up and a retry policy can decide on it. `retryable` is false where trying again cannot heal the cause.
 * docs/errors.md is generated from this table.
 */
export const errorTable = {
  'config/not-found': { retryable: false, remedy: 'Check the path of the configuration file; it is resolved on the worker host.' },
  'config/syntax': { retryable: false, remedy: 'Correct the YAML at the line named.' },
  'config/invalid': { retryable: false, remedy: 'Correct every key listed; `penstock config schema SECTION` shows what is allowed.' },
  'config/unknown-section': { retryable: false, remedy: 'Use one of the sections listed, or add the section to the configuration file.' },
  'config/unknown-pipeline': { retryable: false, remedy: 'Use one of the pipelines listed.' },
  'workflow/unknown-type': { retryable: false, remedy: 'Start one of the workflow types listed.' },
  'storage/not-found': { retryable: false, remedy: 'Check the path; run the pipeline that writes it first.' },
  'storage/denied': { retryable: false, remedy: 'Give the worker host credentials that may read and write this location.' },
  'storage/unavailable': { retryable: true, remedy: 'The storage did not answer; the step is tried again by itself.' },
  'storage/changed': { retryable: false, remedy: 'The file is not the one its metadata names; run the pipeline that writes it again.' },
  'storage/busy': { retryable: false, remedy: 'Wait for the other run, or give this section an output folder of its own; then run it again.' },
  'storage/invalid-uri': { retryable: false, remedy: 'Use a local path or s3://bucket/key.' },
  'storage/exists': { retryable: false, remedy: 'Set overwrite to true, or choose another output folder.' },
  'table/corrupt': { retryable: false, remedy: 'The Parquet file is damaged; write it again.' },
  'table/column-missing': { retryable: false, remedy: 'Name one of the columns listed.' },
  'table/invalid': { retryable: false, remedy: 'Columns must be equally long and uniquely named, and tables that are put together must have the same columns.' },
  'table/role': { retryable: false, remedy: 'Only measured (and, on request, operational) columns may be model input.' },
  'olga/not-olga': { retryable: false, remedy: 'Give an OLGA trend file (.tpl), profile file (.ppl) or input file (.genkey, .key).' },
  'olga/truncated': { retryable: false, remedy: 'The header ends early: the run was killed, or the copy is incomplete. Copy or run it again.' },
  'olga/syntax': { retryable: false, remedy: 'Correct the file at the line named, or leave it out.' },
  'olga/ragged-row': { retryable: false, remedy: 'Set the short-row policy to skip or pad, or write the file again.' },
  'olga/unknown-name': { retryable: false, remedy: 'Use one of the names listed.' },
  'olga/pairing': { retryable: false, remedy: 'The .tpl and .genkey are not of the same run; pair the right files.' },
  'olga/duplicate': { retryable: false, remedy: 'Leave one of the two files out, or set duplicates to keep or warn.' },
  'simulation/invalid': { retryable: false, remedy: 'Correct the case description.' },
  'simulation/column-separation': { retryable: false, remedy: 'The pressure fell below the vapour pressure; raise the boundary pressures or soften the event.' },
  'signal/invalid': { retryable: false, remedy: 'Correct the option named.' },
  'signal/quality': { retryable: false, remedy: 'The series fails a check of `quality_checks` set to quarantine; correct the file, or the limit named.' },
  'learning/invalid-parameter': { retryable: false, remedy: 'Correct the LightGBM parameter named.' },
  'learning/invalid-data': { retryable: false, remedy: 'Correct the training data as described.' },
  'learning/library-missing': { retryable: false, remedy: 'Set PENSTOCK_LIGHTGBM to lib_lightgbm.so of LightGBM 4.7.0, or run `npm run prepare-all`.' },
  'learning/verification': { retryable: false, remedy: 'The exported model does not agree with LightGBM; report it with the model file.' },
  'learning/bundle': { retryable: false, remedy: 'The bundle is incomplete or was changed; train again.' },
  'learning/validation': { retryable: false, remedy: 'The model did not pass the gate; the report names each check. Train again, or correct the section of the validation.' },
  'evaluation/invalid': { retryable: false, remedy: 'Correct the evaluation input named.' },
  'tuning/failed-trials': { retryable: false, remedy: 'See why the trials failed, correct the search space or the data, or raise max_failed_trials; a later run goes on.' },
  'tuning/invalid': { retryable: false, remedy: 'Correct the search space, sampler, pruner or trial named.' },
  'fusion/invalid': { retryable: false, remedy: 'Correct the setting of the fusion named.' },
  'case/crashed': { retryable: true, remedy: 'Processing this case ended its process; it is quarantined at the third time.' },
  'stage/crashed': { retryable: true, remedy: 'The process of this step ended; the step is tried again by itself.' },
  'stage/out-of-memory': { retryable: false, remedy: 'Give the worker host more memory, or lower batch sizes.' },
  'stage/timeout': { retryable: false, remedy: 'See that worker hosts serve the queue of this step; give it smaller batches if it takes too long.' },
  'stage/cancelled': { retryable: false, remedy: 'The run was cancelled.' },
  'server/unavailable': { retryable: true, remedy: 'Start the Temporal server, or unset TEMPORAL_ADDRESS to use the embedded one.' },
  'server/not-registered': { retryable: false, remedy: 'Run `deploy/register` against this server.' },
  'tool/unavailable': { retryable: false, remedy: 'Install what is named, or set the path variable named.' },
  'cli/usage': { retryable: false, remedy: 'See `penstock --help`.' },
  'internal': { retryable: true, remedy: 'This is a defect in Penstock; report it with the message.' },
} as const satisfies Record<string, { retryable: boolean; remedy: string }>;

export type ErrorCode = keyof typeof errorTable;

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorTable, text);
}
