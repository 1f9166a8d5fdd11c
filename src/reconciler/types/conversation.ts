import type { Millis } from '../../spec/define.ts';
import type { ActivityState } from './vitals.ts';
import type { ConversationId } from './words.ts';

/**
 * The conversation that an agent is in.
 *
 * - `assigned`: colony has chosen the id before the program was started with it.
 * - `discovered`: the program has chosen it.
 */
export type Conversation = {
  readonly id: ConversationId;
  readonly since: Millis;
  readonly how: 'assigned' | 'discovered';
};

/** What a program does that a person ought to know of, and since when. */
export type Attention = {
  readonly state: Extract<ActivityState, 'waiting' | 'limited'>;
  readonly for?: 'permission' | 'question' | 'trust' | 'login';
  /** When a usage limit is reset. */
  readonly until?: Millis;
  readonly since: Millis;
};
