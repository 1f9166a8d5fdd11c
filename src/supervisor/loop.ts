import type { Millis } from '../reconciler/types.ts';
import type { News } from '../tmux/types.ts';

/** Without any wake-up the world is looked at again after this long: it covers what no hook can tell. */
const RESYNC: Millis = 5_000;

export type LoopOptions = {
  /** One pass after this news; the answer is when to look again unasked, on the clock of `now`. */
  readonly pass: (news: News) => Promise<Millis | undefined>;
  readonly now: () => Millis;
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
    let wakeAt: Millis | undefined;
    // Wake-ups of one turn of the event loop belong together: a hundred deaths are one pass.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#again && !this.#stopped) {
      const news = this.#due(this.#again);
      this.#again = undefined;
      const waiting = this.#waiting;
      this.#waiting = [];
      try {
        wakeAt = await this.#options.pass(news);
        this.#next = Math.min(this.#next, wakeAt ?? this.#next);
      } catch (error) {
        this.#options.onBug(error);
      }
      for (const resolve of waiting) resolve();
      this.#options.onRest();
    }
    this.#running = false;
    if (!this.#stopped) this.#timer = setTimeout(() => this.wake(), this.#pause(wakeAt));
  }

  /** Short looks, however many and whoever asks for them, must not put off the long one. */
  #due(news: News): News {
    const now = this.#options.now();
    if (news === 'ended' && now - this.#thorough < RESYNC && now < this.#next) return 'ended';
    this.#thorough = now;
    this.#next = Number.POSITIVE_INFINITY;
    return 'anything';
  }

  #pause(wakeAt: Millis | undefined): Millis {
    if (wakeAt === undefined) return RESYNC;
    return Math.min(RESYNC, Math.max(0, wakeAt - this.#options.now()));
  }
}
