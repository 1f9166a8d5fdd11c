import type { Millis } from '../reconciler/types.ts';

/** Without any wake-up the world is looked at again after this long: it covers what no hook can tell. */
const RESYNC: Millis = 5_000;

export type LoopOptions = {
  /** One pass; the answer is when to look again unasked, on the clock of `now`. */
  readonly pass: () => Promise<Millis | undefined>;
  readonly now: () => Millis;
  /** Told after each pass, when no other is due at once. */
  readonly onRest: () => void;
  readonly onBug: (error: unknown) => void;
};

/**
 * Runs one pass at a time, as soon as somebody says that something may have changed.
 *
 * A wake-up carries no data. Any number of them during a pass make one more pass.
 */
export class Loop {
  readonly #options: LoopOptions;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #again = false;
  #stopped = false;
  #waiting: (() => void)[] = [];

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  /** Look at the world soon. */
  readonly wake = (): void => {
    if (this.#stopped) return;
    this.#again = true;
    if (!this.#running) void this.#run();
  };

  /** Look at the world, and resolve when a pass that began after this call is through. */
  look(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.wake();
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
      this.#again = false;
      const waiting = this.#waiting;
      this.#waiting = [];
      try {
        wakeAt = await this.#options.pass();
      } catch (error) {
        this.#options.onBug(error);
      }
      for (const resolve of waiting) resolve();
      this.#options.onRest();
    }
    this.#running = false;
    if (!this.#stopped) this.#timer = setTimeout(this.wake, this.#pause(wakeAt));
  }

  #pause(wakeAt: Millis | undefined): Millis {
    if (wakeAt === undefined) return RESYNC;
    return Math.min(RESYNC, Math.max(0, wakeAt - this.#options.now()));
  }
}
