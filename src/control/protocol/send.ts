/** Type something into one agent. */
export type SendRequest = {
  readonly agent: string;
  readonly what:
    | { readonly text: string; readonly submit: boolean; readonly literal: boolean }
    | { readonly keys: readonly string[] };
  /** `now`: refused if the program cannot take it; `idle`: it waits for its turn. */
  readonly when: 'now' | 'idle';
  /** Whatever is known of the program. */
  readonly force: boolean;
  /** Give up after this long; nothing is typed later than that. */
  readonly wait_ms: number;
};

/**
 * What has become of it.
 *
 * - `delivered`: the program has taken it.
 * - `typed`: it stands in the terminal, and nothing more was asked for, or nobody can tell.
 * - `refused`: nothing was typed. - `failed`: it was typed, and the program has not taken it.
 * - `timed_out`: nothing was typed in the time that was given.
 */
export type SendOutcome = 'delivered' | 'typed' | 'refused' | 'failed' | 'timed_out';
