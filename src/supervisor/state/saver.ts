import type { Event } from '../../reconciler/types.ts';
import { refusal, writeAtomic } from './files.ts';

/** How often it is tried again what the disk refused. */
const RETRY = 1_000;

type Unsaved = { readonly text: string; readonly why: string };
type Told = (event: Extract<Event, { type: 'not_saved' | 'saved' }>) => void;

/**
 * Writes small files as a whole, and keeps the latest text of each that the disk does not take, to write it later.
 *
 * Each file is written by one caller only, so that a later text always replaces an earlier one.
 */
export class Saver {
  readonly #unsaved = new Map<string, Unsaved>();
  #timer: NodeJS.Timeout | undefined;
  #tell: Told | undefined;

  /** Say when a file cannot be saved, and when it was; what happened before is said at once. */
  tell(told: Told): void {
    this.#tell = told;
    for (const [file, { why }] of this.#unsaved) told({ type: 'not_saved', file, why });
  }

  /** Replace the file, now or as soon as that is possible. */
  save(path: string, text: string): void {
    const before = this.#unsaved.get(path);
    try {
      writeAtomic(path, text);
      this.#unsaved.delete(path);
      if (before) this.#tell?.({ type: 'saved', file: path });
    } catch (error) {
      const why = refusal(error);
      this.#unsaved.set(path, { text, why });
      this.#timer ??= setInterval(() => this.retry(), RETRY).unref();
      if (!before) this.#tell?.({ type: 'not_saved', file: path, why });
    }
  }

  /** What was not saved yet is not wanted any more. */
  forget(path: string): void {
    this.#unsaved.delete(path);
  }

  /** Done by itself every second while something waits. */
  retry(): void {
    for (const [path, { text }] of [...this.#unsaved]) this.save(path, text);
    if (this.#unsaved.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** What a person should know, as sentences. */
  get warnings(): readonly string[] {
    return [...this.#unsaved].map(([path, { why }]) => `${path} could not be saved, and will be later: ${why}`);
  }

  /** Try for the last time. */
  close(): void {
    this.retry();
    clearInterval(this.#timer);
  }
}
