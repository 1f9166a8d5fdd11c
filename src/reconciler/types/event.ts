import type { Millis } from '../../spec/define.ts';
import type { Attention, Conversation } from './conversation.ts';
import type { Role, Verdict } from './health.ts';
import type { Applied } from './ledger.ts';
import type { Exit, ServerIdentity } from './observed.ts';
import type { Offset } from './offset.ts';
import type { ActionKind } from './plan.ts';
import type { HookName, Reason } from './reason.ts';
import type { Source, Telemetry } from './vitals.ts';
import type { AgentName, ConversationId, RunId } from './words.ts';

/** Something that happened. Feeds ledger, journal, log and status; the journal adds sequence number and time. */
export type Event =
  | ({ readonly type: 'started'; readonly agent: AgentName; readonly reason: Reason } & Life & {
        readonly pid: number | undefined;
        readonly applied: Applied;
      })
  | {
      readonly type: 'adopted';
      readonly agent: AgentName;
      readonly generation: number;
      readonly run: RunId | undefined;
      readonly started: Millis | undefined;
      readonly pid: number | undefined;
    }
  | {
      readonly type: 'updated';
      readonly agent: AgentName;
      readonly fields: readonly string[];
      readonly applied: Applied;
    }
  | { readonly type: 'stopping'; readonly agent: AgentName; readonly run: RunId | undefined; readonly reason: Reason }
  | {
      readonly type: 'exited';
      readonly agent: AgentName;
      readonly exit: Exit;
      /** When it ended; long before the entry's own time if no supervisor was there to see it. */
      readonly ended: Millis;
      readonly generation: number;
      readonly run: RunId | undefined;
      readonly uptime: Millis | undefined;
      readonly oom: boolean;
      /** It had run long enough that the back-off starts anew. */
      readonly healthy: boolean;
      readonly reason: Reason;
      /** What it had told of its conversation. */
      readonly telemetry?: Telemetry;
      /** The one it was in. */
      readonly conversation?: ConversationId;
    }
  | {
      readonly type: 'last_lines';
      readonly agent: AgentName;
      readonly run: RunId;
      /** What the ended program had left at the bottom of its screen. */
      readonly tail: readonly string[];
    }
  | { readonly type: 'removed'; readonly agent: AgentName; readonly run: RunId | undefined; readonly reason: Reason }
  | {
      readonly type: 'held';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly fingerprint: string | undefined;
      /** Do not wait for the stop sequence and the grace time. */
      readonly now?: boolean;
      /** What runs is to be ended. */
      readonly stops?: boolean;
    }
  | { readonly type: 'released'; readonly agent: AgentName; readonly reason: Reason }
  | { readonly type: 'restart_requested'; readonly agent: AgentName; readonly run: RunId; readonly now?: boolean }
  /** What the probes of one role have come to is not what it was. */
  | ({ readonly type: 'health'; readonly agent: AgentName; readonly run: RunId; readonly role: Role } & Pick<
      Verdict,
      'is' | 'probe' | 'text' | 'on_failure'
    >)
  | {
      readonly type: 'nudged';
      readonly agent: AgentName;
      readonly run: RunId | undefined;
      readonly reason: Reason;
      readonly keys: readonly string[];
    }
  /** `what`: a policy, a role of probes, or `update`. */
  | {
      readonly type: 'deferred';
      readonly agent: AgentName;
      readonly run: RunId | undefined;
      readonly what: string;
      readonly reason: Reason;
    }
  /** It need not be done any more. */
  | { readonly type: 'deferral_over'; readonly agent: AgentName; readonly what: string }
  | {
      readonly type: 'alert';
      readonly agent: AgentName;
      readonly policy: string;
      readonly level: 'notify' | 'warn';
      readonly reason: Reason;
      /** It is about an instant, and never over. */
      readonly once?: boolean;
    }
  | { readonly type: 'alert_over'; readonly agent: AgentName; readonly policy: string }
  /** A time of a schedule is dealt with. `missed`: it was too long ago; `skipped`: there was nothing to do. */
  | {
      readonly type: 'scheduled';
      readonly agent: AgentName;
      readonly schedule: string;
      readonly due: Millis;
      readonly outcome: 'set' | 'done' | 'skipped' | 'missed';
    }
  | {
      readonly type: 'sent';
      readonly agent: AgentName;
      readonly run: RunId | undefined;
      readonly reason: Reason;
      readonly policy: string;
      readonly characters: number;
      /** It is about an instant. */
      readonly once?: boolean;
    }
  /** It could not be typed; nothing of it was taken by the program, as far as that can be seen. */
  | {
      readonly type: 'undelivered';
      readonly agent: AgentName;
      readonly run: RunId | undefined;
      readonly reason: Reason;
      readonly policy: string;
      readonly why: string;
      /** It is about an instant. */
      readonly once?: boolean;
    }
  /** From now on the agent is in this conversation. `run`: the life that says so; undefined: one is about to be started. */
  | {
      readonly type: 'conversation';
      readonly agent: AgentName;
      readonly run: RunId | undefined;
      readonly id: ConversationId;
      readonly how: Conversation['how'];
    }
  /** The program would not go on with it: the next life begins a new one. */
  | {
      readonly type: 'conversation_refused';
      readonly agent: AgentName;
      readonly run: RunId | undefined;
      readonly id: ConversationId;
      readonly why: string;
    }
  /** A person wants a new one. */
  | { readonly type: 'conversation_cleared'; readonly agent: AgentName; readonly reason: Reason }
  /** What the program does is something that a person ought to know of, and it is not what was said before. */
  | ({ readonly type: 'attention'; readonly agent: AgentName; readonly run: RunId; readonly source: Source } & Omit<
      Attention,
      'since'
    >)
  | { readonly type: 'attention_over'; readonly agent: AgentName; readonly run: RunId }
  | {
      readonly type: 'hook_failed';
      readonly agent: AgentName;
      readonly hook: HookName;
      readonly why: string;
      /** It kept what it came before from happening. `run`: the life that was to be stopped. */
      readonly veto: boolean;
      readonly run: RunId | undefined;
    }
  | { readonly type: 'failed'; readonly agent: AgentName; readonly action: ActionKind; readonly why: string }
  | { readonly type: 'killed_leftovers'; readonly agent: AgentName; readonly pids: readonly number[] }
  | {
      readonly type: 'crash_looping';
      readonly agent: AgentName;
      readonly restarts: number;
      readonly window: Millis;
    }
  | CircuitEvent
  | { readonly type: 'server_started'; readonly server: ServerIdentity }
  /** `rebooted`: it went with the machine. */
  | { readonly type: 'server_lost'; readonly agents: number; readonly rebooted?: boolean }
  | { readonly type: 'unreachable'; readonly why: string }
  | { readonly type: 'reachable' }
  | { readonly type: 'config_loaded'; readonly generation: number; readonly path: string; readonly agents: number }
  | { readonly type: 'config_rejected'; readonly path: string; readonly problems: number; readonly first: string }
  /** The machine has slept, or its clock was set, `by` so much; below 0: back. */
  | ({ readonly type: 'clock_stepped'; readonly by: Millis } & Offset)
  | { readonly type: 'supervisor_started'; readonly pid: number; readonly version: string }
  | { readonly type: 'supervisor_stopped'; readonly reason: string }
  | { readonly type: 'down' }
  | BookKeeping;

/** What happened to the records themselves. */
type BookKeeping =
  /** Entries from this one on are kept in memory. */
  | { readonly type: 'journal_unwritable'; readonly why: string }
  /** What was kept is written; `lost`: so many of the oldest had to be forgotten, and a gap stands in their place. */
  | { readonly type: 'journal_writable'; readonly kept: number; readonly lost: number }
  | {
      readonly type: 'journal_damaged';
      /** Lines that could not be read, or whose number cannot be right. */
      readonly unreadable: number;
      /** Sequence numbers of which nothing is known any more; the first few ranges. */
      readonly missing: readonly SeqRange[];
      /** Why the ledger could not be taken from its file, as far as it could not. */
      readonly ledger: string | undefined;
      /** Where the damaged journal was put; undefined: it could be read, or there was no space for it. */
      readonly aside: string | undefined;
    }
  | { readonly type: 'not_saved'; readonly file: string; readonly why: string }
  | { readonly type: 'saved'; readonly file: string };

/** Both ends belong to it. */
export type SeqRange = { readonly from: number; readonly to: number };

/** `agents` of the first: who keeps failing; of the last: how many are started again, one after another. */
export type CircuitEvent =
  | { readonly type: 'circuit_opened'; readonly agents: readonly AgentName[] }
  | { readonly type: 'circuit_trial'; readonly agent: AgentName; readonly run: RunId | undefined }
  | { readonly type: 'circuit_closed'; readonly agents: number };

type Life = { readonly generation: number; readonly run: RunId; readonly started: Millis };

/** An event as it stands in the journal. */
export type Entry = { readonly seq: number; readonly at: Millis } & Event;
