import { hostname } from 'node:os';
import type { Millis, Session } from '../../reconciler/types.ts';

/** By then a program has set its title. */
const SOON: Millis = 10_000;

/** Signs of activity before a title: of a program that works, they move. */
const MOVES = /^(?:[\u2800-\u28ff✦⏲✋]|\[ [!.] \])/u;

/**
 * Tells whether the title of a terminal is this program's own.
 *
 * tmux gives a new terminal the name of the machine, and a terminal keeps its title from one life to the next: what
 * stood there at first counts only once it has changed, or if nobody was there to see it change.
 */
export class Titles {
  readonly #first: { readonly title: string; readonly at: Millis };
  #changed = false;
  #at: Millis;

  constructor(session: Session, now: Millis) {
    this.#first = { title: session.title, at: now };
    this.#at = now;
  }

  /** When it was looked at last. */
  get at(): Millis {
    return this.#at;
  }

  /** The title, if it is the program's own. `listed`: when titles were read last; short looks leave them as they are. */
  own(session: Session, listed: Millis, now: Millis): { readonly text: string; readonly at: Millis } | undefined {
    const { title, started } = session;
    this.#at = Math.max(this.#at, listed);
    this.#changed ||= title !== this.#first.title;
    if (title === '' || isMachines(title)) return undefined;
    const begun = started ?? 0;
    const known = this.#changed || this.#first.at - begun > SOON || (now - begun > SOON && !MOVES.test(title));
    return known ? { text: title, at: this.#at } : undefined;
  }
}

function isMachines(title: string): boolean {
  const name = hostname();
  return title === name || title === name.split('.')[0];
}
