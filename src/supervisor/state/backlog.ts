import type { SeqRange } from '../../reconciler/types.ts';

/** What may wait in memory for a disk that is full: several thousand entries. */
const ROOM = 8 * 1024 * 1024;

/** So much is written at once. */
const BATCH = 64 * 1024;

type Line = { readonly seq: number; readonly text: string };

/**
 * Lines that could not be written yet, oldest first, in bounded memory.
 *
 * When the room is full the oldest are forgotten, because what happens now matters more, and a line in their place says
 * which.
 */
export class Backlog {
  #lines: Line[] = [];
  #bytes = 0;
  #lost: SeqRange | undefined;
  readonly #room: number;
  /** Since the last time it was empty. */
  kept = 0;
  lost = 0;

  constructor(room = ROOM) {
    this.#room = room;
  }

  get waiting(): number {
    return this.#lines.length;
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** The lines as they will be written. */
  get texts(): readonly string[] {
    return [...this.#gap(), ...this.#lines.map(({ text }) => text)];
  }

  add(seq: number, text: string): void {
    this.#lines.push({ seq, text });
    this.#bytes += text.length;
    this.kept += 1;
    if (this.#bytes > this.#room) this.#forget();
  }

  /** Write as much as goes, in order; the answer is why not all, or undefined. */
  drain(append: (lines: string) => string | undefined): string | undefined {
    const [gap] = this.#gap();
    if (gap !== undefined) {
      const why = append(gap);
      if (why !== undefined) return why;
      this.#lost = undefined;
    }
    while (this.#lines.length > 0) {
      const count = this.#batch();
      const why = append(this.#joined(count));
      if (why !== undefined) return count === 1 ? why : (this.#one(append) ?? this.drain(append));
      this.#drop(count);
    }
    return undefined;
  }

  /** All is written: what happens next is another story. */
  settle(): { readonly kept: number; readonly lost: number } {
    const { kept, lost } = this;
    this.kept = 0;
    this.lost = 0;
    return { kept, lost };
  }

  /** A batch did not find space; its first line alone may. */
  #one(append: (lines: string) => string | undefined): string | undefined {
    const why = append(this.#joined(1));
    if (why === undefined) this.#drop(1);
    return why;
  }

  #gap(): readonly string[] {
    return this.#lost ? [`${JSON.stringify({ type: 'gap', ...this.#lost })}\n`] : [];
  }

  /** A quarter at once, so that a full room does not cost a shift with every line. */
  #forget(): void {
    let count = 0;
    for (let bytes = 0; bytes < this.#room / 4; count++) bytes += this.#lines[count]?.text.length ?? this.#room;
    const last = this.#lines[count - 1]?.seq;
    const from = this.#lost?.from ?? this.#lines[0]?.seq;
    if (last === undefined || from === undefined) return;
    this.#lost = { from, to: last };
    this.lost += count;
    this.kept -= count;
    this.#drop(count);
  }

  #batch(): number {
    let count = 0;
    for (let bytes = 0; bytes < BATCH && count < this.#lines.length; count++) {
      bytes += this.#lines[count]?.text.length ?? 0;
    }
    return count;
  }

  #joined(count: number): string {
    return this.#lines
      .slice(0, count)
      .map(({ text }) => text)
      .join('');
  }

  #drop(count: number): void {
    for (const { text } of this.#lines.splice(0, count)) this.#bytes -= text.length;
  }
}
