import { readFileSync } from 'node:fs';
import type { Millis } from '../../reconciler/types.ts';
import { readVictims } from './kmsg.ts';

/** What the kernel tells of kills for want of memory; a test puts its own in their place. */
export type OomReaders = {
  /** How many there were so far; undefined: nobody tells. */
  readonly kills: () => number | undefined;
  /** Who it was, oldest first; undefined: nobody tells. */
  readonly victims: () => readonly number[] | undefined;
};

/** How many processes were killed for want of memory since the last look; `victims` undefined: nobody tells who. */
export type OomKills = { readonly count: number; readonly victims: readonly number[] | undefined };

/** Kills that may still turn out to have hit an agent, and when they were learned of. */
export type Unexplained = OomKills & { readonly at: Millis };

/** Tells whether the kernel has killed for want of memory. */
export class OomWatch {
  readonly #readers: OomReaders;
  #seen: number | undefined;
  /** Kills whose victim was not found yet. */
  unexplained: readonly Unexplained[] = [];

  constructor(readers: OomReaders = { kills: readKills, victims: readVictims }) {
    this.#readers = readers;
  }

  /** Kills since the last call; none at the first one. */
  news(): OomKills {
    const kills = this.#readers.kills();
    const count = kills === undefined || this.#seen === undefined ? 0 : kills - this.#seen;
    this.#seen = kills;
    if (count <= 0) return { count: 0, victims: undefined };
    const victims = this.#readers.victims();
    // A log that knows fewer than there were does not know all of them.
    return { count, victims: victims && victims.length >= count ? victims.slice(-count) : undefined };
  }
}

/**
 * All kills that this process may know of. In a container that has a cgroup namespace the root is the container's own
 * group; elsewhere the root counts nothing, and the machine as a whole does.
 */
function readKills(): number | undefined {
  return counter('/sys/fs/cgroup/memory.events') ?? counter('/proc/vmstat');
}

function counter(path: string): number | undefined {
  try {
    const kills = /^oom_kill (\d+)$/m.exec(readFileSync(path, 'latin1'))?.[1];
    return kills === undefined ? undefined : Number(kills);
  } catch {
    return undefined;
  }
}
