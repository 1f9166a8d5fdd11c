import type { Entry } from '../../reconciler/types.ts';

/**
 * A line of the answer to `events`: entries as they stand in the journal, oldest first, each once; but for their instants,
 * which there are those of the colony's clock, and here those of the machine's.
 *
 * Whoever asks again with `since`, the last `seq` that was read, misses nothing and sees nothing twice. `agent` (names
 * or globs), `label` and `type` may be repeated; `after` is an instant of the machine's clock in milliseconds. No entry holds the value of a
 * variable.
 */
export type EventLine =
  | Entry
  /** These entries are lost, or older than what is kept. */
  | { readonly type: 'gap'; readonly from: number; readonly to: number }
  /** There is no entry as new as the one asked for: the records were lost, and the numbers started anew. */
  | { readonly type: 'reset'; readonly last: number }
  /** The last line for a reader that did not keep up. */
  | { readonly type: 'dropped'; readonly why: string };
