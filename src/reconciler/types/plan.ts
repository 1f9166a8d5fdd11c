import type { Millis } from '../../spec/define.ts';
import type { StopSpec } from '../../spec/stop.ts';
import type { Advice, Mark } from './advice.ts';
import type { AgentSpec, Desired } from './desired.ts';
import type { Ledger } from './ledger.ts';
import type { Letter } from './letter.ts';
import type { Observed, Session } from './observed.ts';
import type { Reason } from './reason.ts';
import type { Machine, Vitals } from './vitals.ts';
import type { AgentName, RunId } from './words.ts';

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
      readonly mark?: Mark;
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
  /** Stop trying until something outside changes; with `stops`, what runs is ended as well. */
  | {
      readonly do: 'hold';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly fingerprint: string;
      readonly stops?: boolean;
      readonly mark?: Mark;
    }
  /** Nobody keeps it from running any more: a later pass starts it. */
  | { readonly do: 'release'; readonly agent: AgentName; readonly reason: Reason; readonly mark?: Mark }
  /** Something has to be done, and waits for a better moment. */
  | {
      readonly do: 'defer';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly run: RunId | undefined;
      readonly what: string;
    }
  /** Press keys that may wake the program up. */
  | {
      readonly do: 'nudge';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly session: Session;
      readonly keys: readonly string[];
    }
  /** Type a text and press Enter. */
  | {
      readonly do: 'send';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly session: Session;
      readonly text: string;
      readonly policy: string;
      readonly mark?: Mark;
    }
  /** Type what a person has asked for. */
  | {
      readonly do: 'type';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly session: Session;
      readonly letter: Letter;
    };

export type ActionKind = Action['do'];

/** The whole answer of one pass: what to do now, and when to look again unasked. */
export type Plan = { readonly actions: readonly Action[]; readonly wakeAt: Millis | undefined };

/** A step that the performer has begun and not finished; the agent rests until it has. */
export type Operation = {
  /** `changing`: what runs goes on running. */
  readonly kind: 'stopping' | 'starting' | 'changing';
  readonly since: Millis;
  readonly reason: Reason;
};

/** Everything a pass may know. */
export type ReconcileInput = {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly ledger: Ledger;
  readonly operations: ReadonlyMap<AgentName, Operation>;
  /** How the agents that run do. One that was not measured yet is not in it. */
  readonly vitals: ReadonlyMap<AgentName, Vitals>;
  /** What the policies say, each agent's strongest first. */
  readonly advice: ReadonlyMap<AgentName, readonly Advice[]>;
  /** What waits to be typed, each agent's oldest first. */
  readonly letters: ReadonlyMap<AgentName, readonly Letter[]>;
  readonly machine: Machine;
  readonly now: Millis;
};
