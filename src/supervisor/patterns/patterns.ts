import type { AgentName, Millis, Result, RunId } from '../../reconciler/types.ts';
import { Engine } from './engine.ts';
import type { Match, Question } from './search.ts';

/** A pattern of the user's: of which life of which agent, and what it is for, such as `liveness: log`. */
export type Use = Pick<Question, 'pattern' | 'flags'> & {
  readonly agent: AgentName;
  readonly run: RunId;
  readonly what: string;
};

/**
 * How long a pattern may take for what is matched at once, at most a mebibyte of lines. Good patterns take 1 to 20 ms
 * for that, and one with three `.*` took 400 ms.
 */
const LIMIT: Millis = 2_000;

/** The same for a pattern that was given up somewhere: where it fails for many agents, they must not wait for each other. */
const LIMIT_OF_SUSPECTS: Millis = 200;

const GIVEN_UP = 'its pattern took too long to match, and was given up for this life';

/**
 * Matches the patterns of the user without ever keeping the supervisor from its work. One that takes too long is given
 * up, for the life that it is about: the program prints what it likes, and the next line may be like that as well.
 */
export class Patterns {
  readonly #engine = new Engine();
  readonly #onGivenUp: (use: Use) => void;
  readonly #givenUp = new Map<RunId, Set<string>>();
  readonly #suspects = new Set<string>();

  constructor(onGivenUp: (use: Use) => void = () => undefined) {
    this.#onGivenUp = onGivenUp;
  }

  /** Which of the texts match, undefined: none; or why nobody knows. */
  async search(use: Use, texts: readonly string[]): Promise<Result<Match | undefined, string>> {
    const { run, what, pattern, flags } = use;
    const name = `${what} ${pattern}`;
    if (this.#givenUp.get(run)?.has(name)) return { ok: false, error: GIVEN_UP };
    if (texts.length === 0) return { ok: true, value: undefined };
    const limit = () => (this.#suspects.has(pattern) ? LIMIT_OF_SUSPECTS : LIMIT);
    const found = await this.#engine.ask({ pattern, flags, texts }, limit);
    if (found.ok) return found;
    if (found.error === 'no thread') return { ok: false, error: 'there is no thread to match its pattern' };
    this.#suspects.add(pattern);
    const others = this.#givenUp.get(run) ?? new Set();
    if (!others.has(name)) this.#onGivenUp(use);
    this.#givenUp.set(run, others.add(name));
    return { ok: false, error: GIVEN_UP };
  }

  /** Forget all runs but these. */
  keepOnly(runs: ReadonlySet<RunId>): void {
    for (const run of this.#givenUp.keys()) if (!runs.has(run)) this.#givenUp.delete(run);
  }

  close(): void {
    this.#engine.close();
  }
}
