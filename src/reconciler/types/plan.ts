import type { Millis } from '../../spec/define.ts';
import type { StopSpec } from '../../spec/stop.ts';
import type { AgentSpec, Desired } from './desired.ts';
import type { Ledger } from './ledger.ts';
import type { Observed, Session } from './observed.ts';
import type { Reason } from './reason.ts';
import type { AgentName } from './words.ts';

/** One step of a plan. At most one per agent and pass. */
export type Action =
  /** No session: make one and start the program in it. */
  | {
      readonly do: 'spawn';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly spec: AgentSpec;
      readonly generation: number;
    }
  /** The session is there and no process runs in it: start one in the same pane. */
  | {
      readonly do: 'respawn';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly spec: AgentSpec;
      readonly generation: number;
      readonly session: Session;
    }
  /** End the running process tree, so that a later pass starts it anew in the same pane. */
  | {
      readonly do: 'end';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly session: Session;
      readonly stop: StopSpec;
      /** What is to run afterwards: the next pass starts it. undefined: nothing. */
      readonly next: AgentSpec | undefined;
    }
  /** End the process tree if one runs, and close the session. */
  | {
      readonly do: 'remove';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly session: Session;
      readonly stop: StopSpec;
    }
  /** Take over settings that need no new process. */
  | {
      readonly do: 'update';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly spec: AgentSpec;
      readonly session: Session;
    }
  /** Stop trying until something outside changes. */
  | { readonly do: 'hold'; readonly agent: AgentName; readonly reason: Reason; readonly fingerprint: string };

export type ActionKind = Action['do'];

/** The whole answer of one pass: what to do now, and when to look again unasked. */
export type Plan = { readonly actions: readonly Action[]; readonly wakeAt: Millis | undefined };

/** A step that the performer has begun and not finished; the agent rests until it has. */
export type Operation = { readonly kind: 'stopping' | 'starting'; readonly since: Millis; readonly reason: Reason };

/** Everything a pass may know. */
export type ReconcileInput = {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly ledger: Ledger;
  readonly operations: ReadonlyMap<AgentName, Operation>;
  readonly now: Millis;
};
