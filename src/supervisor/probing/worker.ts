import type { Finding, Millis } from '../../reconciler/types.ts';
import type { Clock } from '../clock.ts';
import { LONGEST_TIMER } from '../timer.ts';
import type { Slots } from './slots.ts';

/** Whoever writes `period: 0s` means often, and not all the time. */
const SHORTEST_PERIOD: Millis = 100;

/** Two checks come this much sooner or later than asked for, so that many probes do not march in step. */
const JITTER = 0.1;

export type WorkerOptions = {
  readonly period: Millis;
  /** The first check is made after this long. */
  readonly delay: Millis;
  /** It judges how long something was silent, which a time in which nobody looked says nothing about. */
  readonly judgesSilence: boolean;
  readonly slots: Slots;
  readonly clock: Clock;
  readonly random: () => number;
  readonly check: (cancel: AbortSignal) => Promise<Finding>;
  /** Told what each check has found, until `stop`. */
  readonly onFinding: (finding: Finding) => void;
};

/** Makes one check again and again, never two at once. What comes after `stop` is nobody's business any more. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #cancel = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #last: Millis | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#wait(options.delay);
  }

  /** No further check begins, and one that is under way is called off. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#cancel.abort();
  }

  #wait(delay: Millis): void {
    const work = () => void this.#options.slots.run(() => this.#check());
    this.#timer = setTimeout(work, Math.min(LONGEST_TIMER, Math.max(0, delay)));
  }

  async #check(): Promise<void> {
    const { clock, check, onFinding, judgesSilence } = this.#options;
    if (this.#cancel.signal.aborted) return;
    const began = clock();
    const finding = await check(this.#cancel.signal);
    if (this.#cancel.signal.aborted) return;
    const period = Math.max(SHORTEST_PERIOD, this.#options.period);
    // The machine was suspended, or had no time for anybody: the program had none either.
    const missed = this.#last !== undefined && began - this.#last > 2 * period;
    this.#last = began;
    if (!(missed && judgesSilence)) onFinding(finding);
    if (this.#cancel.signal.aborted) return;
    const jitter = 1 + JITTER * (2 * this.#options.random() - 1);
    this.#wait(period * jitter - (clock() - began));
  }
}
