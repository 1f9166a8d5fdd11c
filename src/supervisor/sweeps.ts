import { hasLiveRun } from '../reconciler/ledger.ts';
import { leftovers } from '../reconciler/leftovers.ts';
import type { AgentName, Observed, RunId, Session } from '../reconciler/types.ts';
import type { News } from '../tmux/types.ts';
import type { Colony } from './colony.ts';
import { afterStop } from './hooks/stop.ts';
import { occupy } from './occupy.ts';
import { tidyInjected } from './starting/inject.ts';
import { typeOwedPrompts } from './starting/owed-prompts.ts';

type Known = Extract<Observed, { known: true }>;
type Wake = (news?: News) => void;

/** The program has ended and something of it holds the terminal open: that has to go before the end can be seen. */
export function exorcise(colony: Colony, { agent, run }: Session, wake: Wake): void {
  if (run !== undefined && !colony.operations.has(agent)) sweep(colony, agent, run, wake);
}

/** Programs that ignored the hang-up of a dying tmux server live on without a terminal, and would be doubled. */
export function sweepOrphans(colony: Colony, wake: Wake): void {
  for (const [agent, history] of colony.journal.ledger.agents) {
    const { generation, run } = history;
    if (run === undefined || !hasLiveRun(history)) continue;
    const lost = { agent, generation, run, reason: { code: 'tmux_server_lost' }, pid: undefined } as const;
    sweep(colony, agent, run, wake, () => afterStop(colony, lost, undefined));
  }
}

/** What ended under an earlier supervisor may have left something, which goes before anything else is done to those agents. */
export function finishStops(colony: Colony, observed: Known, wake: Wake): void {
  colony.settledIn = true;
  for (const { agent, run } of leftovers(observed, colony.journal.ledger)) sweep(colony, agent, run, wake);
  void tidyInjected(colony);
  void typeOwedPrompts(colony);
}

/** The agent rests until nothing of that run is left, and `then` is through. */
function sweep(colony: Colony, agent: AgentName, run: RunId, wake: Wake, then?: () => Promise<void>): void {
  const reason = { code: 'not_running' } as const;
  const release = occupy(colony, agent, { kind: 'stopping', since: colony.clock(), reason });
  void colony.reaper
    .sweep(run, colony.gauge.remembered(run), true)
    .then(then)
    .finally(() => {
      release();
      colony.tmux?.poke();
      wake();
    });
}
