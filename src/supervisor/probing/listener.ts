import type { Heard } from '../../probes/look.ts';
import type { ProbeSpec } from '../../spec/probes.ts';

export type LogSpec = NonNullable<ProbeSpec['log']>;

/** What one log probe hears of the output. */
export class Listener {
  readonly #match: RegExp | undefined;
  readonly #bad: RegExp | undefined;
  #matched: string | undefined;
  #fresh: Heard['fresh'];
  #skipped = 0;

  constructor({ match, not_match: bad }: LogSpec) {
    this.#match = match === undefined ? undefined : new RegExp(match);
    this.#bad = bad === undefined ? undefined : new RegExp(bad);
  }

  /** One line of this life; `isNew`: it was printed while somebody watched. */
  hear(line: string, isNew: boolean): void {
    if (this.#matched === undefined && this.#match?.test(line)) this.#matched = line;
    if (isNew && this.#bad?.test(line)) this.#fresh = { line, count: (this.#fresh?.count ?? 0) + 1 };
  }

  /** So many bytes were left out. */
  miss(bytes: number): void {
    this.#skipped += bytes;
  }

  /** What was heard since the last time; `unfinished`: a line that may still go on, which can match already. */
  take(unfinished: string): Heard {
    if (unfinished !== '' && this.#match !== undefined) this.hear(unfinished, true);
    const heard = { matched: this.#matched, fresh: this.#fresh, skipped: this.#skipped };
    this.#fresh = undefined;
    this.#skipped = 0;
    return heard;
  }
}
