import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Heard, Look } from '../../probes/look.ts';
import type { Bytes, Millis, Result, Role, RunId } from '../../reconciler/types.ts';
import type { Patterns } from '../patterns/patterns.ts';
import { Follower, type FollowerOptions, fileOf } from './follower.ts';
import { Listener, type LogSpec } from './listener.ts';
import { Spill } from './spill.ts';
import type { Subject } from './subject.ts';

/** Between two checks the output is read this often, so that no file grows large. */
const TICK: Millis = 1_000;

/** What is read at once of all outputs together, and of each at least: some milliseconds of work. */
const MOST_AT_ONCE: Bytes = 1024 * 1024;
const LEAST_OF_EACH: Bytes = 32 * 1024;

export type OutputsOptions = Pick<FollowerOptions, 'folder' | 'tmux'> & {
  readonly clock: () => Millis;
  readonly patterns: Patterns;
  /** Called when an agent has printed the sign that its work is done. */
  readonly onMarker?: () => void;
};

type Followed = {
  readonly follower: Follower;
  readonly listeners: ReadonlyMap<string, Listener>;
  readonly logs: Logs;
  marker: string | undefined;
};

/** What is listened for in the output of an agent: its log probes, by their place, and the sign that its work is done. */
type Logs = ReadonlyMap<string, LogSpec>;

/** The output of all agents that somebody listens to; of others nothing is kept. */
export class Outputs {
  readonly #options: OutputsOptions;
  readonly #followed = new Map<RunId, Followed>();
  #timer: NodeJS.Timeout | undefined;
  #tidied = false;

  constructor(options: OutputsOptions) {
    this.#options = options;
  }

  /** Follow these lives, and forget all others. */
  sync(subjects: readonly Subject[]): void {
    const wanted = subjects.filter(isHeard);
    const runs = new Set(wanted.map(({ run }) => run));
    // What is let go of comes first: the next life may already live in the same pane.
    for (const [run, { follower }] of this.#followed) {
      if (runs.has(run)) continue;
      this.#followed.delete(run);
      void follower.remove();
    }
    for (const subject of wanted) this.#follow(subject);
    this.#tidy();
    if (this.#followed.size > 0) this.#timer ??= setInterval(this.#readAll, TICK);
    else this.#rest();
  }

  /** What the probe that looks has heard since the last time. */
  async heard(look: Look): Promise<Result<Heard, string>> {
    const followed = this.#followed.get(look.run);
    if (!followed) return { ok: false, error: 'the output is not read yet' };
    await followed.follower.read(this.#share());
    return followed.follower.take(placeOf(look.role, look.index));
  }

  /** The line by which a life has said that its work is done; undefined: it has not, as far as was read. */
  markerOf(run: RunId): string | undefined {
    return this.#followed.get(run)?.marker;
  }

  /** Read no more; the next supervisor goes on. */
  close(): void {
    this.#rest();
    for (const { follower } of this.#followed.values()) follower.close();
    this.#followed.clear();
  }

  #follow(subject: Subject): void {
    const { run, pane, generation, started } = subject;
    const logs = logsOf(subject);
    const before = this.#followed.get(run);
    if (before && isSame(before.logs, logs)) return;
    // Other probes: the file is read once more for them, as by a new supervisor.
    before?.follower.close();
    const listeners = new Map(
      [...logs].map(([place, log]) => [place, heardBefore(before, place, log) ?? this.#listener(subject, place, log)]),
    );
    const age = this.#options.clock() - started;
    const follower = new Follower({ ...this.#options, run, pane, first: generation === 1, age, listeners });
    const followed = { follower, listeners, logs, marker: undefined };
    this.#followed.set(run, followed);
    void this.#read(followed);
  }

  /** Files of lives that ended while no supervisor was there. */
  #tidy(): void {
    if (this.#tidied) return;
    this.#tidied = true;
    const known = new Set([...this.#followed.keys()].map(fileOf));
    for (const file of filesIn(this.#options.folder)) {
      if (!known.has(file)) new Spill(join(this.#options.folder, file)).remove();
    }
  }

  readonly #readAll = (): void => {
    for (const followed of this.#followed.values()) void this.#read(followed);
  };

  async #read(followed: Followed): Promise<void> {
    const { follower, listeners } = followed;
    await follower.read(this.#share());
    if (followed.marker !== undefined || !listeners.has(MARKER)) return;
    const heard = await follower.take(MARKER);
    followed.marker = heard.ok ? heard.value.matched : undefined;
    if (followed.marker !== undefined) this.#options.onMarker?.();
  }

  #listener({ agent, run }: Subject, place: string, log: LogSpec): Listener {
    const what = place === MARKER ? 'completion: output' : `${place.split('/')[0]}: log`;
    return new Listener(log, (pattern, lines) =>
      this.#options.patterns.search({ agent, run, what, pattern, flags: '' }, lines),
    );
  }

  #share(): Bytes {
    return Math.max(LEAST_OF_EACH, MOST_AT_ONCE / Math.max(1, this.#followed.size));
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

const ROLES = ['startup', 'readiness', 'liveness'] as const satisfies readonly Role[];

/** The place of what tells that the work is done. */
const MARKER = 'completion';

/** Names a probe of an agent. */
const placeOf = (role: Role, index: number): string => `${role}/${index}`;

/** Whether anybody listens to what it prints. */
export function isHeard({ spec: { probes, completion } }: Pick<Subject, 'spec'>): boolean {
  if (completion?.output !== undefined) return true;
  return ROLES.some((role) => probes[role].some(({ log }) => log !== undefined));
}

function logsOf({ spec }: Subject): Logs {
  const entries = ROLES.flatMap((role) =>
    spec.probes[role].flatMap(({ log }, index): readonly [string, LogSpec][] =>
      log ? [[placeOf(role, index), log]] : [],
    ),
  );
  const marker = spec.completion?.output;
  return new Map(marker === undefined ? entries : [...entries, [MARKER, { match: marker, not_match: undefined }]]);
}

const isSame = (a: Logs, b: Logs): boolean => JSON.stringify([...a]) === JSON.stringify([...b]);

/** A probe that is still the same keeps what it has heard. */
function heardBefore(before: Followed | undefined, place: string, log: LogSpec): Listener | undefined {
  const same = JSON.stringify(before?.logs.get(place)) === JSON.stringify(log);
  return same ? before?.listeners.get(place) : undefined;
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
