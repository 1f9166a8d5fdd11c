import { steadyOf } from '../reconciler/offsets.ts';
import type { Millis, Offset, Session, SessionId } from '../reconciler/types.ts';

/** Times that tmux tells of one session, on one clock. */
type Times = {
  readonly typed: Millis | undefined;
  readonly output: Millis | undefined;
  readonly died: Millis | undefined;
};

/** A session as it was read last, and on the colony's clock. */
type Known = { readonly read: Session; readonly brought: Session; readonly wall: Times; readonly steady: Times };

/**
 * Brings the times that tmux tells, which are those of the wall clock, to the clock of the colony.
 *
 * The two differ as soon as the clock was set or the machine has slept. A time is brought over when it is first seen,
 * and stays so: a clock that is set does not make an old output older.
 *
 * Tried with tmux 3.3a. `window_activity` changes when a pane of the window prints (an echo of what is typed is output),
 * and by nothing else: not by attaching, a redrawn status line, new options, a resize, `pipe-pane`, `capture-pane`, the
 * program's end, or `respawn-pane`, so that a new program begins with the time of the last one. `session_activity` changes
 * when a client attaches and with each key that is pressed in one; `send-keys` does not count.
 */
export class SteadyTimes {
  readonly #known = new Map<SessionId, Known>();

  /** The session with its times on the colony's clock. */
  of(session: Session, offsets: readonly Offset[]): Session {
    const known = this.#known.get(session.id);
    if (known?.read === session) return known.brought;
    const wall = timesOf(session);
    const bring = (key: keyof Times) => {
      const at = wall[key];
      if (at === undefined) return undefined;
      if (known && known.wall[key] === at) return known.steady[key];
      return steadyOf(offsets, at);
    };
    const steady = { typed: bring('typed'), output: bring('output'), died: bring('died') };
    const same = steady.typed === wall.typed && steady.output === wall.output && steady.died === wall.died;
    const brought = same ? session : withTimes(session, steady);
    this.#known.set(session.id, { read: session, brought, wall, steady });
    return brought;
  }

  /** All sessions; those that `done` holds as they are have their times on the colony's clock already. */
  ofAll(
    sessions: ReadonlyMap<string, readonly Session[]>,
    offsets: readonly Offset[],
    done: ReadonlyMap<string, readonly Session[]> = new Map(),
  ): ReadonlyMap<string, readonly Session[]> {
    return new Map(
      [...sessions].map(([agent, list]) => {
        const known = done.get(agent) ?? [];
        return [agent, list.map((session) => (known.includes(session) ? session : this.of(session, offsets)))];
      }),
    );
  }

  /** Forget sessions that are no more. */
  keepOnly(sessions: ReadonlyMap<string, readonly Session[]>): void {
    const ids = new Set([...sessions.values()].flat().map(({ id }) => id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
  }
}

function timesOf({ typed, output, main }: Session): Times {
  return { typed, output, died: main.state === 'dead' ? main.at : undefined };
}

function withTimes(session: Session, { typed, output, died }: Times): Session {
  const { main } = session;
  return { ...session, typed, output, main: main.state === 'dead' ? { ...main, at: died } : main };
}
