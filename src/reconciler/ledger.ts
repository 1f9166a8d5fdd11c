/**
 * What cannot be read from the world, as the fold of the journal.
 *
 * `record` is the fold, and its table says what each type of entry changes; a file for each thing that changes is in the
 * folder below.
 */
export { emptyLedger, noHealth, noHistory } from './ledger/empty.ts';
export { record } from './ledger/record.ts';
export { hasLiveRun } from './ledger/run.ts';
export { lossReason } from './ledger/unseen.ts';
