import type { Environment } from './environment.ts';
import type { Read } from './stamps.ts';

/** For which shell and which profiles a file was read. */
export type Asked = { readonly profiles: readonly string[]; readonly environment: Environment };

/**
 * The configuration that was read last. Reading it takes as long as all the rest of an `apply` that changes nothing.
 *
 * It is worth something only while the file system still answers everything as it did then: which files there are, when
 * they were changed, and which folders exist.
 */
export class Remembered {
  readonly #read: Read;
  readonly #asked: Asked;

  constructor(read: Read, asked: Asked) {
    this.#read = read;
    this.#asked = asked;
  }

  /** The same configuration, if the same would be read now. */
  again({ profiles, environment }: Asked): Read | undefined {
    const same = environment === this.#asked.environment && profiles.join(' ') === this.#asked.profiles.join(' ');
    return same && this.#read.unchanged() ? this.#read : undefined;
  }
}
