import type { Readable } from 'node:stream';
import type { Bytes } from '../reconciler/types.ts';

/** The beginning of what a command has printed; the rest is read and dropped, so that nobody who prints has to wait. */
export class Output {
  readonly #limit: Bytes;
  readonly #streams: readonly Readable[];
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #arrivals = 0;

  constructor(streams: readonly (Readable | null)[], limit: Bytes) {
    this.#limit = limit;
    this.#streams = streams.filter((stream) => stream !== null);
    for (const stream of this.#streams) stream.on('data', this.#take).on('error', () => undefined);
  }

  /**
   * All that was kept, as text. Resolves once nothing more has arrived: whoever else holds the pipes open, and may print
   * for ever, is not waited for.
   */
  async end(): Promise<string> {
    for (let turn = 0, quiet = 0; turn < MOST_TURNS && quiet < QUIET_TURNS; turn++) {
      const before = this.#arrivals;
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#arrivals === before ? quiet + 1 : 0;
    }
    for (const stream of this.#streams) stream.destroy();
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  readonly #take = (chunk: Buffer): void => {
    this.#arrivals += 1;
    const room = this.#limit - this.#length;
    if (room <= 0) return;
    this.#chunks.push(chunk.length <= room ? chunk : Buffer.from(chunk.subarray(0, room)));
    this.#length += Math.min(chunk.length, room);
  };
}

/** What stood in a pipe when its writer ended is there after one turn of the event loop; two are on the safe side. */
const QUIET_TURNS = 2;
/** A pipe holds some hundred KiB, and a turn reads 64 KiB and more. */
const MOST_TURNS = 20;
