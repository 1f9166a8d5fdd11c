/** Start, stop or restart agents by hand. */
export type AgentsRequest = {
  /** Names or globs; at least one agent must match each. */
  readonly targets: readonly string[];
  /** `key=value` each; an agent must have all of them. */
  readonly labels: readonly string[];
  /** Follow until the agents are as asked, at most this long; 0 answers at once. */
  readonly wait_ms: number;
  /** Kill what has to end, also where it is being asked to end already. */
  readonly now?: boolean;
  /** The next life begins a new conversation; of a stop it means nothing. */
  readonly fresh?: boolean;
};
