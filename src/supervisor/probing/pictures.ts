import { wordsOn } from '../../agents/words.ts';
import type { AgentName, Millis, RunId } from '../../reconciler/types.ts';

type Picture = { readonly run: RunId; readonly words: string; readonly since: Millis };

/** Since when the screens of agents say what they say. */
export class Pictures {
  /** The last of each. */
  readonly #pictures = new Map<AgentName, Picture>();

  /** Since when a screen has had the words that it has at this look; looks that come rarely see only that it has changed. */
  unchangedSince(
    { agent, run }: { readonly agent: AgentName; readonly run: RunId },
    lines: readonly string[],
    now: Millis,
  ): Millis {
    const before = this.#pictures.get(agent);
    const words = wordsOn(lines);
    if (before?.run === run && before.words === words) return before.since;
    this.#pictures.set(agent, { run, words, since: now });
    return now;
  }
}
