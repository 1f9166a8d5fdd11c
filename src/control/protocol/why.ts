import type { AgentStatus } from './agent-status.ts';

/** What is known of one agent, from where, and what follows from it. */
export type WhyReport = {
  readonly version: 1;
  readonly colony: string;
  /** Without a supervisor nothing is measured, and `evidence` is empty. */
  readonly agent: AgentStatus;
  /** What each source says of what the program is doing, the most trustworthy first. */
  readonly evidence: readonly {
    readonly source: string;
    readonly state: AgentStatus['activity']['state'];
    readonly for?: string;
    readonly until?: string;
    readonly age_ms: number;
    readonly text: string;
    /** The activity follows from this one. */
    readonly counts: boolean;
  }[];
  readonly conversation: {
    readonly id: string;
    readonly since: string;
    readonly how: 'assigned' | 'discovered';
  } | null;
  /** Those it was in before, the latest first. */
  readonly earlier_conversations: readonly string[];
  /** What is wanted, by whom, and what keeps it from being done now. */
  readonly decisions: readonly { readonly what: string; readonly text: string; readonly outcome: string }[];
  /** What would become of the conversation if the program ended now, as a sentence. */
  readonly after_restart: string;
  /** The latest entries of the journal about it, oldest first. */
  readonly events: readonly { readonly seq: number; readonly at: string; readonly text: string }[];
};
