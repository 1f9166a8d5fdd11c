import type { Heard } from '../../probes/look.ts';
import type { Result } from '../../reconciler/types.ts';
import type { ProbeSpec } from '../../spec/probes.ts';
import type { Match } from '../patterns/search.ts';

export type LogSpec = NonNullable<ProbeSpec['log']>;

/** Which of some lines match a pattern of the probe; undefined: none; or why nobody knows. */
export type Search = (pattern: string, lines: readonly string[]) => Promise<Result<Match | undefined, string>>;

/** What one log probe hears of the output. */
export class Listener {
  readonly #spec: LogSpec;
  readonly #search: Search;
  #matched: string | undefined;
  #fresh: Heard['fresh'];
  #skipped = 0;
  /** Why nobody knows what the last lines were. */
  #problem: string | undefined;

  constructor(spec: LogSpec, search: Search) {
    this.#spec = spec;
    this.#search = search;
  }

  /** Lines of this life; `areNew`: they were printed while somebody watched. */
  async hear(lines: readonly string[], areNew: boolean): Promise<void> {
    const { match, not_match: bad } = this.#spec;
    if (match !== undefined && this.#matched === undefined) {
      const found = await this.#found(match, lines);
      if (found) this.#matched ??= lines[found.first];
    }
    if (bad === undefined || !areNew) return;
    const { last, count } = (await this.#found(bad, lines)) ?? { last: -1, count: 0 };
    const line = lines[last];
    if (line !== undefined) this.#fresh = { line, count: (this.#fresh?.count ?? 0) + count };
  }

  /** So many bytes were left out. */
  miss(bytes: number): void {
    this.#skipped += bytes;
  }

  /** What was heard since the last time; `unfinished`: a line that may still go on, which can match already. */
  async take(unfinished: string): Promise<Result<Heard, string>> {
    if (unfinished !== '' && this.#spec.match !== undefined) await this.hear([unfinished], true);
    if (this.#problem !== undefined && this.#matched === undefined) return { ok: false, error: this.#problem };
    const heard = { matched: this.#matched, fresh: this.#fresh, skipped: this.#skipped };
    this.#fresh = undefined;
    this.#skipped = 0;
    return { ok: true, value: heard };
  }

  async #found(pattern: string, lines: readonly string[]): Promise<Match | undefined> {
    if (lines.length === 0) return undefined;
    const found = await this.#search(pattern, lines);
    this.#problem = found.ok ? undefined : found.error;
    return found.ok ? found.value : undefined;
  }
}
