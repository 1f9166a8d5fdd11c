import type { Millis } from '../reconciler/types.ts';
import type { News } from '../tmux/types.ts';

/** Without any wake-up the world is looked at again after this long: it covers what was told and never heard. */
const RESYNC: Millis = 15_000;

/** What nobody tells of is asked for so often, and whoever asks is not answered by what is older. */
const FRESH: Millis = 5_000;

export type LoopOptions = {
  /** One pass after this news; the answer is when to look again unasked, on the clock of `now`. */
  readonly pass: (news: News) => Promise<Millis | undefined>;
  readonly now: () => Millis;
  /** Whether anything may be another that nobody tells of. It costs much less than a pass, and decides whether one is due. */
  readonly stirs: () => boolean;
  /** Told after each pass, when no other is due at once. */
  readonly onRest: () => void;
  readonly onBug: (error: unknown) => void;
};

/**
 * Runs one pass at a time, as soon as somebody says that something may have changed.
 *
 * A wake-up says no more than how much has to be read again. Any number of them during a pass make one more pass.
 */
export class Loop {
  readonly #options: LoopOptions;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #again: News | undefined;
  /** When all of the world was last read. */
  #thorough: Millis = Number.NEGATIVE_INFINITY;
  /** When the next such look is due: the earliest time that any pass has asked for since. */
  #next: Millis = Number.POSITIVE_INFINITY;
  #stopped = false;
  #waiting: (() => void)[] = [];

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  /** Look at the world soon. */
  readonly wake = (news: News = 'anything'): void => {
    if (this.#stopped) return;
    this.#again = this.#again === 'anything' ? 'anything' : news;
    if (!this.#running) void this.#run();
  };

  /** Look at the world, and resolve when a pass that began after this call is through. */
  look(news: News = 'anything'): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.wake(news);
      if (this.#stopped) resolve();
    });
  }

  /** No further pass begins. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#running = true;
    clearTimeout(this.#timer);
    // Wake-ups of one turn of the event loop belong together: a hundred deaths are one pass.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#again && !this.#stopped) {
      const waiting = this.#waiting;
      const news = this.#due(this.#again, waiting.length > 0 ? FRESH : RESYNC);
      this.#again = undefined;
      this.#waiting = [];
      try {
        const wakeAt = await this.#options.pass(news);
        this.#next = Math.min(this.#next, wakeAt ?? this.#next);
      } catch (error) {
        this.#options.onBug(error);
      }
      for (const resolve of waiting) resolve();
      this.#options.onRest();
    }
    this.#running = false;
    this.#rest();
  }

  #rest(): void {
    if (this.#stopped) return;
    const due = Math.max(0, Math.min(FRESH, this.#next - this.#options.now()));
    this.#timer = setTimeout(() => this.#ring(), due);
  }

  #ring(): void {
    const now = this.#options.now();
    if (now >= this.#next || now - this.#thorough >= RESYNC || this.#options.stirs()) this.wake();
    else this.#rest();
  }

  /** Short looks, however many and whoever asks for them, must not put off the long one. */
  #due(news: News, oldest: Millis): News {
    const now = this.#options.now();
    if (news === 'ended' && now - this.#thorough < oldest && now < this.#next) return 'ended';
    this.#thorough = now;
    this.#next = Number.POSITIVE_INFINITY;
    return 'anything';
  }
}
