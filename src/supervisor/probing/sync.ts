import { ownerFirst } from '../../reconciler/pair.ts';
import type { AgentSpec, Desired, Event, Observed, Session } from '../../reconciler/types.ts';
import type { News } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { Answers } from '../patterns/answers.ts';
import { Patterns, type Use } from '../patterns/patterns.ts';
import { asker } from './ask.ts';
import { isHeard, Outputs } from './outputs.ts';
import { hasProbes, Prober } from './prober.ts';
import type { Subject } from './subject.ts';

/** Probe the lives that this pass has left in peace, and nobody else; what is published wakes the loop. */
export function syncProbes(
  colony: Colony,
  observed: Extract<Observed, { known: true }>,
  desired: Desired,
  wake: (news?: News) => void,
): void {
  colony.prober ??= proberOf(colony, wake);
  const agents = colony.goal === 'run' ? [...desired.agents.values()] : [];
  const sessionsOf = ({ name }: AgentSpec) => observed.sessions.get(name) ?? [];
  // Most agents have no probes, and every pass comes here.
  const watched = agents.filter((spec) => hasProbes({ spec }) || isHeard({ spec }));
  const calm = agents.flatMap((spec) => (hasProbes({ spec }) ? [] : sessionsOf(spec).flatMap(({ run }) => run ?? [])));
  const subjects = watched.flatMap((spec) => subjectsOf(spec, sessionsOf(spec), colony));
  colony.prober.sync(subjects, desired.concurrency.max_probes, calm);
}

function proberOf(colony: Colony, wake: (news?: News) => void): Prober {
  const { clock, paths } = colony;
  const onMarker = () => wake();
  const patterns = new Patterns((use) => announce(colony, givenUp(use)));
  const outputs = new Outputs({ folder: paths.output, clock, patterns, tmux: () => colony.tmux, onMarker });
  return new Prober({
    ask: asker(colony, outputs, patterns),
    outputs,
    patterns,
    answers: new Answers(patterns, onMarker),
    clock,
    random: Math.random,
    publish: (event) => {
      announce(colony, event);
      // What this leads to may have to wait for a person who types there, and only a long look tells of one.
      wake(event.is === 'unhealthy' ? 'anything' : 'ended');
    },
  });
}

function givenUp({ agent, what, pattern }: Use): Event {
  const reason = { code: 'pattern_given_up', what, pattern } as const;
  return { type: 'alert', agent, policy: 'pattern', level: 'warn', reason, once: true };
}

/** The life of an agent that the ledger knows and that is not being ended. */
function subjectsOf(spec: AgentSpec, sessions: readonly Session[], colony: Colony): readonly Subject[] {
  const [session] = ownerFirst(sessions);
  const history = colony.journal.ledger.agents.get(spec.name);
  if (!session || !history || session.main.state !== 'alive') return [];
  const { run, main, generation } = session;
  if (run === undefined || run !== history.run || history.ending?.run === run) return [];
  const started = history.started ?? session.started ?? colony.clock();
  const paused = colony.operations.has(spec.name);
  return [{ agent: spec.name, run, generation, pane: main.pane, started, spec, health: history.health, paused }];
}
