/** Lets so many at once go to work, and the others in the order in which they came. */
export class Slots {
  #limit: number;
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  set limit(limit: number) {
    this.#limit = limit;
    this.#next();
  }

  /** Do this when it is its turn. */
  async run(work: () => Promise<void>): Promise<void> {
    if (this.#busy >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy += 1;
    try {
      await work();
    } finally {
      this.#busy -= 1;
      this.#next();
    }
  }

  #next(): void {
    while (this.#busy < this.#limit) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#busy += 1;
      next();
    }
  }
}
