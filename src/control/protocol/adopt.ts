/** Make a session that a person has begun an agent. */
export type AdoptRequest = {
  /** Its name, or its id. */
  readonly session: string;
  /** The agent that it becomes; null: the one that is named like the session. */
  readonly as: string | null;
};

/** `needs_stanza`: the file does not have the agent yet, and `stanza` is what belongs below its `agents:`. */
export type AdoptReport = {
  readonly version: 1;
  readonly outcome: 'adopted' | 'needs_stanza';
  readonly agent: string;
  readonly session: string;
  /** How many panes the session has; one of them is the agent's. */
  readonly panes: number;
  readonly stanza: string | null;
  readonly pid: number | null;
};
