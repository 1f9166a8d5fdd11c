import { bootId } from '../processes/boot.ts';
import { readProcess } from '../processes/table.ts';
import type { Desired, Observed, Offset, Result, ServerIdentity, Session } from '../reconciler/types.ts';
import type { TmuxFailure } from '../tmux/types.ts';
import type { Colony } from './colony.ts';
import { sessionName } from './launch.ts';
import { obstaclesOf } from './obstacles.ts';

export type Sight = {
  readonly observed: Observed;
  /** Sessions whose program has ended while something it left behind keeps the terminal open. */
  readonly haunted: readonly Session[];
};

/** Read the world once. What tmux does not answer, or answers with an error, is unknown and not empty. */
export async function observe(colony: Colony, desired: Desired): Promise<Sight> {
  const { tmux, environment } = colony;
  const at = colony.clock();
  const unknown = (why: string): Sight => ({ observed: { known: false, at, why }, haunted: [] });
  if (!tmux && colony.tmuxDown?.code !== 'no_server') return unknown(downText(colony));
  const view = tmux ? await tmux.observe() : NOTHING_RUNS;
  if (!view.ok) return unknown(failureText(view.error));
  const { foreign } = view.value;
  colony.reader.listed(at);
  colony.times.keepOnly(view.value.sessions);
  const sessions = colony.times.ofAll(view.value.sessions, offsetsOf(colony));
  const boot = bootId();
  const server = tmux && identityOf(tmux.serverPid, boot);
  if (server && !server.ok) return unknown(server.error);
  const obstacles = obstaclesOf(desired, sessions, foreign, environment, (agent) => sessionName(desired, agent));
  return {
    observed: { known: true, at, boot, server: server?.value, sessions, foreign, obstacles },
    haunted: [...sessions.values()].flat().filter(isHaunted),
  };
}

/**
 * Read only what has ended since the last look, which is all that such a wake-up can be about; the rest stays as it was
 * read then. Undefined: this is not enough, and the whole world has to be read.
 */
export async function glance(colony: Colony, desired: Desired): Promise<Sight | undefined> {
  const { tmux, environment } = colony;
  if (!tmux || !colony.observed.known) return undefined;
  const seen = await tmux.glance();
  // What was read in the meantime, by a start or for a request, is newer than what was known when this one began.
  const last = colony.observed;
  if (!seen.ok || !last.known || colony.tmux !== tmux) return undefined;
  const now = seen.value(last);
  if (!now) return undefined;
  const at = colony.clock();
  const sessions = colony.times.ofAll(now.sessions, offsetsOf(colony), last.sessions);
  const obstacles = obstaclesOf(desired, sessions, now.foreign, environment, (agent) => sessionName(desired, agent));
  return { observed: { ...last, foreign: now.foreign, sessions, at, obstacles }, haunted: [] };
}

/** How the clocks stand to each other at this very moment: tmux tells times by that of the machine. */
function offsetsOf({ journal }: Colony): readonly Offset[] {
  journal.look();
  return journal.ledger.offsets;
}

/** A session that the answer to a command has shown, with its times on the colony's clock. */
export function shownBy(colony: Colony, session: Session): Session {
  return colony.times.of(session, offsetsOf(colony));
}

/**
 * Take over what the answer to a command shows of a session, so that nobody has to look again for it. `before` is how
 * it was when the command was given; if something else was read since, that is as new, and stays.
 */
export function takeOver(colony: Colony, before: Session | undefined, now: Session): void {
  const { observed } = colony;
  if (!observed.known) return;
  const known = observed.sessions.get(now.agent) ?? [];
  const same = known.find(({ id }) => id === now.id);
  if (before ? same !== before : same?.run === now.run) return;
  const sessions = new Map(observed.sessions).set(now.agent, [...known.filter((session) => session !== same), now]);
  colony.observed = { ...observed, sessions };
}

const NOTHING_RUNS = {
  ok: true,
  value: { sessions: new Map<string, Session[]>(), foreign: new Set<string>() },
} as const;

function downText({ tmuxDown }: Colony): string {
  return tmuxDown ? failureText(tmuxDown) : 'the connection is down';
}

function identityOf(pid: number, boot: string | undefined): Result<ServerIdentity, string> {
  const proc = readProcess(pid);
  return proc
    ? { ok: true, value: { pid, start: proc.start, ...(boot === undefined ? {} : { boot }) } }
    : { ok: false, error: 'the tmux server has just ended' };
}

/** tmux calls a pane alive as long as anybody holds its terminal open, also after its own process has ended. */
export function isHaunted(session: Session): boolean {
  if (session.main.state !== 'alive') return false;
  try {
    process.kill(session.main.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** A failure of tmux as a sentence. */
export function failureText(failure: TmuxFailure): string {
  return `tmux ${failure.command}: ${failure.why}`;
}
