import type { PlanReport } from './plan.ts';
import type { Problem } from './problem.ts';
import type { SendOutcome } from './send.ts';
import type { StatusReport } from './status.ts';

/** A line of an answer that takes its time. */
export type Message =
  | { readonly type: 'plan'; readonly plan: PlanReport }
  | {
      readonly type: 'event';
      readonly seq: number;
      readonly at: number;
      readonly agent?: string;
      readonly text: string;
    }
  /** Something of it could not be saved yet, or the like. */
  | { readonly type: 'warning'; readonly text: string }
  | {
      readonly type: 'settled';
      readonly outcome: 'done' | 'unwell' | 'timed_out';
      readonly status: StatusReport;
    }
  | {
      readonly type: 'waited';
      /** `impossible`: at least one cannot become so by itself any more. */
      readonly outcome: 'reached' | 'impossible' | 'timed_out';
      /** What is the matter with those that are not so. */
      readonly why: readonly { readonly agent: string; readonly text: string }[];
      /** With the agents that were waited for, and no others. */
      readonly status: StatusReport;
    }
  /**
   * An agent that was to be started and is not, and why. `remedy`: what has to be done so that it is, where a start by
   * hand is not enough. Both are sentences without a full stop.
   */
  | { readonly type: 'kept'; readonly agent: string; readonly why: string; readonly remedy?: string }
  /** It waits for its turn: why, as a sentence. */
  | { readonly type: 'queued'; readonly text: string }
  | { readonly type: 'sent'; readonly outcome: SendOutcome; readonly text: string }
  | { readonly type: 'problem'; readonly problem: Problem };
