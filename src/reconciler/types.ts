/**
 * The vocabulary of the project.
 *
 * Desired is what the file asks for, Observed is what was just read from the world, Ledger is what cannot be read
 * from the world. A pass compares them and answers with a Plan. Every Action has a Reason; whatever happens becomes an
 * Event; the Ledger is the fold of all Events. Data flows in that one direction.
 */
export type { Bytes, Millis } from '../spec/define.ts';
export type { Kind } from '../spec/kinds.ts';
export type * from './types/advice.ts';
export type * from './types/circuit.ts';
export type * from './types/conversation.ts';
export type * from './types/desired.ts';
export type * from './types/event.ts';
export type * from './types/health.ts';
export type * from './types/ledger.ts';
export type * from './types/letter.ts';
export type * from './types/observed.ts';
export type * from './types/offset.ts';
export type * from './types/phase.ts';
export type * from './types/plan.ts';
export type * from './types/reason.ts';
export type * from './types/vitals.ts';
export type * from './types/words.ts';
