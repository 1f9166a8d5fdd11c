import type { AgentName, RunId } from '../../reconciler/types.ts';
import type { Patterns } from './patterns.ts';

/** What is looked for: in which life, and by which pattern. */
export type Sought = { readonly agent: AgentName; readonly run: RunId; readonly pattern: string };

type Judged = Sought & { readonly text: string; line: string | undefined };

/** Looks in the answers of agents for the line that says that their work is done. */
export class Answers {
  readonly #patterns: Patterns;
  readonly #onFound: () => void;
  /** The last answer of each. */
  readonly #judged = new Map<AgentName, Judged>();

  constructor(patterns: Patterns, onFound: () => void) {
    this.#patterns = patterns;
    this.#onFound = onFound;
  }

  /** The line of this answer that matches, as far as it is known; `onFound` is told once it is. */
  lineIn(sought: Sought, text: string): string | undefined {
    const { agent, run, pattern } = sought;
    const known = this.#judged.get(agent);
    if (known?.run === run && known.pattern === pattern && known.text === text) return known.line;
    void this.#judge({ ...sought, text, line: undefined });
    return undefined;
  }

  async #judge(judged: Judged): Promise<void> {
    const { agent, run, pattern, text } = judged;
    this.#judged.set(agent, judged);
    const found = await this.#patterns.search({ agent, run, pattern, flags: 'm', what: 'completion: answer' }, [text]);
    if (found.ok && found.value) {
      judged.line = lineAround(text, found.value.at);
      this.#onFound();
    }
    // Nobody knows: it is asked again, and answered at once where it was given up.
    if (!found.ok && this.#judged.get(agent) === judged) this.#judged.delete(agent);
  }
}

/** The line in which a match begins. */
function lineAround(text: string, index: number): string {
  const end = text.indexOf('\n', index);
  return text.slice(text.lastIndexOf('\n', index - 1) + 1, end === -1 ? undefined : end).trim();
}
