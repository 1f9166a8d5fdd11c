import { ownerFirst } from '../reconciler/pair.ts';
import type { Event, Millis, Observed, PaneId } from '../reconciler/types.ts';
import { announce, type Colony } from './colony.ts';
import { afterStop, hasPostStop } from './hooks/stop.ts';
import { occupy } from './occupy.ts';
import { keepScreen, tailOf } from './screens.ts';

type Known = Extract<Observed, { known: true }>;
type Exited = Extract<Event, { type: 'exited' }>;

/** What is to be done once it was noticed that a program has ended; `wake` is called when its agent may go on. */
export function afterExit(colony: Colony, observed: Known, event: Exited, wake: () => void): void {
  keepLastLines(colony, observed, event);
  followUp(colony, event, wake);
  takeLeftovers(colony, event);
}

/** How long what a program has left behind goes on: its agent's restart comes first. */
const LATER: Millis = 500;

/**
 * End what a program has left behind that ended by itself, as whoever stops it does: tools, servers, shells. Otherwise
 * each crash would leave one more of them.
 */
function takeLeftovers(colony: Colony, { agent, run }: Exited): void {
  if (run === undefined || !endedByItself(colony, agent, run)) return;
  const remembered = colony.gauge.remembered(run);
  setTimeout(() => {
    void colony.reaper.sweep(run, remembered, true).then(({ killed: pids }) => {
      if (pids.length > 0) announce(colony, { type: 'killed_leftovers', agent, pids });
    });
  }, LATER).unref();
}

/** Whoever ends a program takes its tree with it, and that need not be done twice. */
function endedByItself({ journal }: Colony, agent: string, run: string): boolean {
  const last = journal.ledger.agents.get(agent)?.lastExit;
  return last?.run === run && last.unplanned && last.cause === undefined;
}

/** Whoever ends a program from here sees to all that comes with it. */
function isBeingEnded({ operations }: Colony, agent: string, run: string): boolean {
  return operations.get(agent)?.ends === run;
}

/** A program has ended by itself, and its agent has a hook for that: the next start waits until it is through. */
function followUp(colony: Colony, event: Exited, wake: () => void): void {
  const { agent, generation, run, reason, exit } = event;
  if (!hasPostStop(colony, agent) || (run !== undefined && isBeingEnded(colony, agent, run))) return;
  const release = occupy(colony, agent, { kind: 'stopping', since: colony.clock(), reason });
  void afterStop(colony, { agent, generation, run, reason, pid: undefined }, exit).finally(() => {
    release();
    wake();
  });
}

/**
 * Keep what a dead program has left on its screen, before its successor clears it.
 *
 * It is asked for now and comes later: tmux does one thing after the other, so a restart need not wait for it.
 */
function keepLastLines(colony: Colony, observed: Known, { agent, run }: Exited): void {
  const pane = deadPane(observed, agent);
  if (!pane || run === undefined) return;
  void colony.tmux?.capture(pane, { history: 2_000 }).then((screen) => {
    if (!screen.ok) return;
    keepScreen(colony.paths, agent, screen.value);
    const tail = tailOf(screen.value);
    if (tail.length > 0) announce(colony, { type: 'last_lines', agent, run, tail });
  });
}

function deadPane(observed: Known, agent: string): PaneId | undefined {
  const main = ownerFirst(observed.sessions.get(agent) ?? [])[0]?.main;
  return main?.state === 'dead' ? main.pane : undefined;
}
