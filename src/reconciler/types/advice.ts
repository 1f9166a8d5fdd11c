import type { Millis } from '../../spec/define.ts';
import type { Reason } from './reason.ts';
import type { RunId } from './words.ts';

/** What a policy wants to be done, the strongest first. */
export type Wish =
  /** End the program for good: until a person, or a schedule, starts it again. */
  | { readonly do: 'stop' }
  | { readonly do: 'restart' }
  /** Start an agent whose work is done, or that a schedule has stopped. */
  | { readonly do: 'start' }
  /** Leave it as it is when it ends: it is not started again by itself. */
  | { readonly do: 'hold' }
  /** Type this text and press Enter. */
  | { readonly do: 'send'; readonly text: string }
  /** Tell a person. */
  | { readonly do: 'notify' }
  /** Say so in status and journal alone. */
  | { readonly do: 'warn' };

/** What one policy says of one agent: a wish, for what reason, and how patient it is. */
export type Advice = {
  /** Which policy; of each there is at most one advice, and what it had to say ends when it says nothing more. */
  readonly policy: string;
  /** The life it is about; undefined: one that does not run. */
  readonly run: RunId | undefined;
  readonly wish: Wish;
  readonly reason: Reason;
  readonly when: 'now' | 'idle';
  /** With `when: idle`, and while a person types: do it anyway after this long. undefined: wait for ever. */
  readonly patience: Millis | undefined;
  /** Of a schedule: what is to be written down once this was done or has become pointless. */
  readonly mark?: Mark;
};

/** Which time of which schedule was dealt with last, on the wall clock: none before it will ever be looked at again. */
export type Mark = { readonly schedule: string; readonly due: Millis };
