import type { ScreenSaid, Sign } from '../../agents/reading.ts';
import { hasScreens, judgeScreen } from '../../agents/screen.ts';
import type { Kind, Millis } from '../../reconciler/types.ts';

/** Two looks that are to agree are so far apart: what is only being drawn has become something else by then. */
export const APART: Millis = 1_000;

/** A message that is not older than this is news of now. */
const FRESH: Millis = 5_000;

/** Programs that know nothing of some of their dialogs, and what they say while these are open. */
const BLIND: ReadonlyMap<Kind, readonly Sign['state'][]> = new Map([
  ['codex', ['idle']],
  ['gemini', ['idle', 'busy']],
]);

/** Whether better sources leave a question that the screen may answer; `signs` are those of the better ones. */
export function leavesQuestion(kind: Kind, [first]: readonly Sign[], now: Millis): boolean {
  if (!hasScreens(kind)) return false;
  if (!first) return true;
  if (first.state === 'limited') return first.until === undefined;
  if (first.source === 'hook') return now - first.at > FRESH;
  return BLIND.get(kind)?.includes(first.state) ?? false;
}

/** The looks at the screen of one run. */
export class Looks {
  #last: { readonly says: ScreenSaid | undefined; readonly at: Millis } | undefined;
  /** What two looks have agreed on. */
  agreed: ScreenSaid | undefined;

  /** When the last look was taken. */
  get at(): Millis {
    return this.#last?.at ?? 0;
  }

  /** Whether to look now; `output`: when the screen may have changed last, rounded down to the second. */
  isDue(now: Millis, output: Millis | undefined): boolean {
    if (!this.#last) return true;
    if (now - this.#last.at < APART) return false;
    return !this.isSettled || (output ?? now) + 1_000 > this.#last.at;
  }

  /**
   * When to look again although nothing new is told: what was printed in the very second of the last look may have come
   * after it. undefined: not at all. `output`: as for `isDue`.
   */
  lateAt(output: Millis | undefined): Millis | undefined {
    if (!this.#last || output === undefined || output + 1_000 <= this.#last.at) return undefined;
    return this.#last.at + APART;
  }

  /** Whether the last look has said what those before it have said. */
  get isSettled(): boolean {
    return this.#last?.says?.rule === this.agreed?.rule;
  }

  /** What a look has shown; returns whether something else is agreed on now. */
  add(kind: Kind, lines: readonly string[], now: Millis): boolean {
    const before = this.#last?.says;
    const says = saidOn(kind, lines, now);
    const again = says !== undefined && before?.rule === says.rule && before.until === says.until;
    this.#last = { says: again ? { ...says, since: before.since } : says, at: now };
    const agreed = again ? this.#last.says : says === undefined && before === undefined ? undefined : this.agreed;
    const changed = agreed?.rule !== this.agreed?.rule || agreed?.until !== this.agreed?.until;
    this.agreed = agreed;
    return changed;
  }

  /** Nobody asks any more, and what was seen grows old. */
  forget(): void {
    this.#last = undefined;
    this.agreed = undefined;
  }
}

function saidOn(kind: Kind, lines: readonly string[], now: Millis): ScreenSaid | undefined {
  const judgement = judgeScreen(kind, lines);
  if (!judgement || judgement.says === 'nothing') return undefined;
  return { rule: judgement.rule, says: judgement.says, until: judgement.until, since: now, at: now };
}
