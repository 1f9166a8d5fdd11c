import { dirname } from 'node:path';
import type { Millis } from '../reconciler/types.ts';
import { FileState } from './file-state.ts';
import type { Read } from './stamps.ts';

/** What a configuration was made of can change without any of its files: a folder that must exist may go. */
const FRESH: Millis = 2_000;

/**
 * A configuration that was read a moment ago.
 *
 * An `apply` that starts the supervisor asks for the very file that the supervisor has read to learn its own name.
 */
export class JustRead {
  readonly #loaded: Read;
  readonly #profiles: string;
  readonly #files: readonly string[];
  readonly #state = new FileState();
  readonly #at = performance.now();

  constructor(loaded: Read, profiles: readonly string[]) {
    this.#loaded = loaded;
    this.#profiles = profiles.join(' ');
    this.#files = [...loaded.files, ...loaded.patterns.map((pattern) => dirname(pattern))];
    this.#state.note(this.#files, loaded.stamps);
  }

  /** The same configuration, if the same would be read now. */
  again(profiles: readonly string[]): Read | undefined {
    const fresh = performance.now() - this.#at < FRESH;
    return fresh && profiles.join(' ') === this.#profiles && !this.#state.changed(this.#files)
      ? this.#loaded
      : undefined;
  }
}
