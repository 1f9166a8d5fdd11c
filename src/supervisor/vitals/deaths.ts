import { constants } from 'node:os';
import { hasLiveRun } from '../../reconciler/ledger.ts';
import { ownerFirst } from '../../reconciler/pair.ts';
import type { AgentName, Event, Ledger, MainPane, Millis, Observed, RunId, Session } from '../../reconciler/types.ts';
import type { OomKills, Unexplained } from './oom.ts';

type Known = Extract<Observed, { known: true }>;
type Dead = Extract<MainPane, { state: 'dead' }>;

/** A program that was killed, and not by colony; nothing is written down of it yet. */
export type Suspect = {
  readonly agent: AgentName;
  readonly run: RunId;
  /** Of its main process, where that was seen. */
  readonly pid: number | undefined;
  readonly exit: Dead['exit'];
};

/** What a shell answers whose program was killed by SIGKILL. */
const SHELL_KILLED = 128 + constants.signals.SIGKILL;

/** A kill is told of at once, its end is seen a moment later: for this long they belong together. */
const TOGETHER: Millis = 10_000;

const NOBODY: readonly Suspect[] = [];

/** Programs that may have been killed for want of memory. `before`: what was observed while they ran. */
export function suspectsIn(observed: Known, before: Observed, ledger: Ledger): readonly Suspect[] {
  return [...observed.sessions].flatMap(([agent, sessions]): readonly Suspect[] => {
    // Nearly always there is none, and every pass asks.
    if (sessions.every(({ main }) => main.state !== 'dead')) return NOBODY;
    const [session] = ownerFirst(sessions);
    const history = ledger.agents.get(agent);
    if (session?.run === undefined || session.main.state !== 'dead' || !wasKilled(session.main)) return [];
    const isNews = history?.run === session.run && hasLiveRun(history) && history.ending?.run !== session.run;
    if (!isNews) return [];
    return [{ agent, run: session.run, pid: pidOf(before, session), exit: session.main.exit }];
  });
}

function wasKilled({ exit }: Dead): boolean {
  return exit.signal === constants.signals.SIGKILL || exit.code === SHELL_KILLED;
}

function pidOf(before: Observed, { agent, run }: Session): number | undefined {
  const known = before.known ? (before.sessions.get(agent) ?? []) : [];
  const same = known.find((session) => session.run === run);
  return same?.main.state === 'alive' ? same.main.pid : undefined;
}

/** Kills that are recent enough to be the cause of what is seen now. */
export function recent(kills: readonly Unexplained[], now: Millis): readonly Unexplained[] {
  return kills.filter(({ at, count }) => count > 0 && now - at < TOGETHER);
}

/**
 * Which of the suspects the kernel has killed for want of memory.
 *
 * Where it names its victims nothing is left to guess. Where it only counts them, an end is called so if the kills are
 * enough for all that could be meant: of two programs and one kill nobody can say which it was.
 */
export function killedForMemory(
  suspects: readonly Suspect[],
  kills: readonly Unexplained[],
  ownerOf: (pid: number) => RunId | undefined,
): readonly Suspect[] {
  const named = new Set(kills.flatMap(({ victims }) => victims ?? []));
  const byName = suspects.filter((suspect) => isVictim(suspect, named, ownerOf));
  const others = suspects.filter((suspect) => !byName.includes(suspect));
  const unnamed = kills.reduce((total, { count, victims }) => total + (victims ? 0 : count), 0);
  return others.length <= unnamed ? [...byName, ...others] : byName;
}

/** A shell that ends as its program did was not killed itself. */
function isVictim(
  { pid, run, exit }: Suspect,
  victims: ReadonlySet<number>,
  ownerOf: (pid: number) => RunId | undefined,
): boolean {
  if (pid !== undefined && victims.has(pid)) return true;
  return exit.code === SHELL_KILLED && [...victims].some((victim) => (ownerOf(victim) ?? run) === run);
}

/** What was observed, and that these ended for want of memory. */
export function withCause(observed: Known, killed: readonly Suspect[]): Known {
  if (killed.length === 0) return observed;
  const runs = new Set(killed.map(({ run }) => run));
  const mark = (session: Session): Session =>
    session.run !== undefined && runs.has(session.run) && session.main.state === 'dead'
      ? { ...session, main: { ...session.main, oom: true } }
      : session;
  const sessions = new Map([...observed.sessions].map(([agent, list]) => [agent, list.map(mark)]));
  return { ...observed, sessions };
}

/** What is to be said of victims below programs that run on. */
export function helpersKilled(
  kills: OomKills,
  running: ReadonlyMap<RunId, { readonly agent: AgentName; readonly pid: number }>,
  ownerOf: (pid: number) => RunId | undefined,
): readonly Event[] {
  const agents = new Set(
    (kills.victims ?? []).flatMap((victim) => {
      const owner = running.get(ownerOf(victim) ?? '');
      return owner && owner.pid !== victim ? [owner.agent] : [];
    }),
  );
  return [...agents].map((agent) => ({
    type: 'alert',
    agent,
    policy: 'oom',
    level: 'notify',
    reason: { code: 'oom_killed' },
    once: true,
  }));
}
