import type { SendOutcome } from '../../control/protocol.ts';
import type { AgentName, Letter, Millis, RunId } from '../../reconciler/types.ts';

/** How it came out: a sentence. */
export type Ended = { readonly outcome: SendOutcome; readonly text: string };

/** Who waits for a letter, and what is known of it beside what it says. */
type Waiting = {
  readonly agent: AgentName;
  readonly letter: Letter;
  /** The only life that it is meant for. */
  readonly run: RunId | undefined;
  readonly ended: (ended: Ended) => void;
  readonly wake: () => void;
  begun: boolean;
  /** It may stand in the box for input already. */
  pasted: boolean;
};

export type Posting = {
  readonly agent: AgentName;
  readonly letter: Letter;
  readonly run?: RunId;
  /** Called once, unless the letter is withdrawn. */
  readonly ended: (ended: Ended) => void;
  /** Called when the letter is to be thought of again. */
  readonly wake?: () => void;
};

/** So many letters may wait for one agent: whoever sends more does not wait for answers. */
export const MOST_LETTERS = 100;

/** What kept a letter from being typed is looked at again after this long. */
const REST: Millis = 2_000;

/** The letters that wait, and who waits for them. */
export class Postbox {
  readonly #letters: Map<AgentName, readonly Letter[]>;
  readonly #waiting = new Map<Letter['id'], Waiting>();
  #count = 0;

  /** `letters`: what the reconciler sees; kept up to date from here alone. */
  constructor(letters: Map<AgentName, readonly Letter[]>) {
    this.#letters = letters;
  }

  nextId(): Letter['id'] {
    this.#count += 1;
    return `letter-${this.#count}`;
  }

  /** Take a letter in; false: too many wait already. What is to be typed now goes before what waits for its turn. */
  put({ agent, letter, run, ended, wake = () => undefined }: Posting): boolean {
    const here = [...this.#waiting.values()].filter((each) => each.agent === agent);
    if (here.length >= MOST_LETTERS) return false;
    this.#waiting.set(letter.id, { agent, letter, run, ended, wake, begun: false, pasted: false });
    this.#add(agent, letter);
    return true;
  }

  /** It is being typed from now on; whether it was pasted before. undefined: nobody wants it any more. */
  begin({ id }: Letter): { readonly pasted: boolean } | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting) waiting.begun = true;
    return waiting;
  }

  /** It is done with: tell who waits for it. */
  end({ id }: Letter, ended: Ended): void {
    const waiting = this.#remove(id);
    waiting?.ended(ended);
  }

  /** Try it again a while later. */
  rest({ id }: Letter, pasted: boolean): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    const { agent, letter } = waiting;
    this.#take(agent, id);
    waiting.begun = false;
    waiting.pasted ||= pasted;
    setTimeout(() => {
      if (this.#waiting.get(id) !== waiting) return;
      this.#add(agent, letter);
      waiting.wake();
    }, REST).unref();
  }

  /** Whether it is being typed. */
  isBegun({ id }: Letter): boolean {
    return this.#waiting.get(id)?.begun ?? false;
  }

  /** Nobody waits for it any more; false: it is being typed already, and its end will be told. */
  withdraw({ id }: Letter): boolean {
    if (this.#waiting.get(id)?.begun) return false;
    this.#remove(id);
    return true;
  }

  /** This life is over: what was meant for it alone is not typed into the next one. */
  forget(agent: AgentName, run: RunId): void {
    const meant = [...this.#waiting.values()].filter((each) => each.agent === agent && each.run === run);
    for (const { letter } of meant) this.#remove(letter.id);
  }

  /** Nothing will be typed any more. */
  close(): void {
    const text = 'the supervisor leaves; whether it was typed cannot be told';
    const untouched = 'the supervisor leaves; nothing was typed';
    for (const { letter, begun, pasted } of [...this.#waiting.values()]) {
      this.end(letter, begun || pasted ? { outcome: 'failed', text } : { outcome: 'refused', text: untouched });
    }
  }

  #add(agent: AgentName, letter: Letter): void {
    const queue = this.#letters.get(agent) ?? [];
    const place = letter.when === 'now' ? queue.findIndex(({ when }) => when === 'idle') : -1;
    const at = place < 0 ? queue.length : place;
    this.#letters.set(agent, [...queue.slice(0, at), letter, ...queue.slice(at)]);
  }

  #remove(id: Letter['id']): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting) this.#take(waiting.agent, id);
    return waiting;
  }

  #take(agent: AgentName, id: Letter['id']): void {
    const rest = (this.#letters.get(agent) ?? []).filter((letter) => letter.id !== id);
    if (rest.length > 0) this.#letters.set(agent, rest);
    else this.#letters.delete(agent);
  }
}
