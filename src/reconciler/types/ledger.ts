import type { Millis } from '../../spec/define.ts';
import type { Kind } from '../../spec/kinds.ts';
import type { StopSpec } from '../../spec/stop.ts';
import type { Circuit } from './circuit.ts';
import type { Attention, Conversation } from './conversation.ts';
import type { Settings } from './desired.ts';
import type { Health } from './health.ts';
import type { Exit, ServerIdentity } from './observed.ts';
import type { Offset } from './offset.ts';
import type { HookName, Reason } from './reason.ts';
import type { AgentName, ConversationId, RunId } from './words.ts';

/** What cannot be observed: past lives, holds, what was asked for by hand. A pure fold of the journal. */
export type Ledger = {
  /** Sequence number of the last event that was folded in. */
  readonly seq: number;
  /** When that was. */
  readonly at: Millis;
  /** How the machine's clock stood to the colony's, oldest first; before the first of them they agree. Bounded. */
  readonly offsets: readonly Offset[];
  readonly server: ServerIdentity | undefined;
  /** Start of the latest process, for `concurrency.stagger`. */
  readonly lastStart: Millis | undefined;
  readonly circuit: Circuit;
  readonly agents: ReadonlyMap<AgentName, History>;
};

export type History = {
  /** Counts the lives of this agent's process; 0 before the first. */
  readonly generation: number;
  readonly run: RunId | undefined;
  readonly started: Millis | undefined;
  /** What the running (or last) process was started with, and what was changed in place since. */
  readonly applied: Applied | undefined;
  /** A stop that was begun: when this run ends, that is no failure. */
  readonly ending: { readonly run: RunId | undefined; readonly reason: Reason } | undefined;
  /** Unplanned ends, oldest first: what the crash loop counts. Bounded. */
  readonly failures: readonly Millis[];
  /** How many unplanned ends came one after another without a healthy time between: the exponent of the back-off. */
  readonly attempt: number;
  /** It was said that this agent is in a crash loop, and it was neither healthy nor started by a person since. */
  readonly looping: boolean;
  readonly lastExit: LastExit | undefined;
  /** The last exit was unplanned, and the restart policy has not answered it yet by a start. */
  readonly unanswered: boolean;
  readonly hold: Hold | undefined;
  /** Of the present run; nothing yet at its start. */
  readonly health: Health;
  /** What has to be done to this run and waits for a better moment, by what wants it. */
  readonly deferred: Readonly<Record<string, Deferred>>;
  /** Policies that have something to tell a person and were not silent since; by policy. */
  readonly alerts: Readonly<Record<string, Alert>>;
  /** The last time of each schedule that was dealt with, on the wall clock. */
  readonly marks: Readonly<Record<string, Millis>>;
  /** A hook that kept the last start or stop from happening, and was not asked again since. */
  readonly veto: Veto | undefined;
  /** A person wants this run replaced by a new one; done as soon as another run is started. */
  readonly replace: RunId | undefined;
  /** What a person wants ended is ended at once: without the stop sequence, and without grace. Until the next start. */
  readonly hurry: boolean;
  /** The conversation the agent is in, or was in when it ended; undefined: none is known, or the next life begins anew. */
  readonly conversation: Conversation | undefined;
  /** Those it was in before, the latest last. Bounded. */
  readonly conversations: readonly ConversationId[];
  /** Of the present run: what a person ought to know it is doing. */
  readonly attention: Attention | undefined;
  /** How often each policy has typed something, since a person did, and when it did so last. */
  readonly typings: Readonly<Record<string, Typings>>;
  /** All unplanned restarts ever. */
  readonly restarts: number;
  /** When the last event about this agent happened, and why it happened. */
  readonly changed: Millis;
  readonly reason: Reason | undefined;
};

/** The settings in force for a session, kept because the file may no longer say them when the session must be stopped. */
export type Applied = {
  readonly fingerprint: string;
  /** Of the program; an earlier release did not write it down. */
  readonly kind?: Kind;
  readonly settings: Settings;
  readonly stop: StopSpec;
  readonly depends_on: readonly AgentName[];
};

export type LastExit = Exit & {
  readonly run: RunId | undefined;
  readonly generation: number;
  readonly at: Millis;
  readonly uptime: Millis | undefined;
  readonly oom: boolean;
  /** false: colony ended it on purpose, and not because it failed. */
  readonly unplanned: boolean;
  /** Colony ended it because it failed: then how it ended says nothing. */
  readonly cause?: Reason | undefined;
  readonly fingerprint: string | undefined;
  /** The last lines of the screen. */
  readonly tail: readonly string[];
};

/** An agent that is not started again until something outside changes. */
export type Hold = {
  readonly reason: Reason;
  readonly since: Millis;
  readonly fingerprint: string | undefined;
  /** What runs is to be ended, and other settings change nothing about it. */
  readonly stops?: boolean;
};

/** Something that waits for a better moment. */
export type Deferred = { readonly reason: Reason; readonly since: Millis };

/** How often something was typed, and when last. */
export type Typings = { readonly times: number; readonly at: Millis };

/** What a policy tells a person. */
export type Alert = { readonly level: 'notify' | 'warn'; readonly reason: Reason; readonly since: Millis };

/** A hook has said no. `run`: the life that was to be stopped; undefined: a start was vetoed. */
export type Veto = {
  readonly hook: HookName;
  readonly why: string;
  readonly at: Millis;
  /** So many times in a row. */
  readonly times: number;
  readonly run: RunId | undefined;
};
