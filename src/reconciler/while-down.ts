import { type Answer, answerToExit } from './answer.ts';
import { type CalledSituation, calledBy } from './called.ts';
import { type Pause, pauseOf } from './circuit.ts';
import { dependenciesMissing } from './depends.ts';
import { fingerprintOf, isOutdated } from './outdated.ts';
import { startReason } from './start-reason.ts';
import { type Look, stuckAmong } from './stuck.ts';
import type { AgentName, AgentSpec, History, Reason, ReconcileInput, Session } from './types.ts';
import { startVeto } from './veto.ts';

/** What can be the matter with an agent that is meant to run and whose program does not. */
export type DownSituation =
  | { readonly is: 'held'; readonly reason: Reason }
  | { readonly is: 'waiting'; readonly reason: Reason }
  | {
      readonly is: 'startable';
      readonly spec: AgentSpec;
      readonly session: Session | undefined;
      readonly reason: Reason;
    }
  | CalledSituation
  | Answer;

/** An agent whose program does not run; `asked` and `look` are for those that it depends on. */
export type Down = {
  readonly spec: AgentSpec;
  readonly session: Session | undefined;
  readonly history: History | undefined;
  readonly input: ReconcileInput;
  readonly asked: ReadonlySet<AgentName>;
  readonly look: Look;
};

/** What is the matter with an agent whose program does not run. */
export function whileDown(down: Down): DownSituation {
  const { spec, session, history, input } = down;
  const hold = history?.hold;
  // A hold that was earned by other settings does not bind the new ones.
  if (hold && !isOutdated(hold.fingerprint, spec)) return { is: 'held', reason: hold.reason };
  const obstacle = input.observed.known ? input.observed.obstacles.get(spec.name) : undefined;
  if (obstacle) return { is: 'held', reason: obstacle };
  const { answer, pause } = answersTo(down);
  if (answer) return answered(answer, down, pause);
  const blocked = startVeto(spec, history, input.now) ?? waitingOf(down) ?? (pause && paused(pause));
  return blocked ?? { is: 'startable', spec, session, reason: startReason(spec, history) };
}

function answered(answer: Answer, { spec, input }: Down, pause: Pause | undefined): DownSituation {
  if (answer.is === 'backoff' && pause && pause.until > answer.until) return paused(pause);
  const called = answer.is === 'completed' ? calledBy(spec.name, input) : undefined;
  return called ?? answer;
}

function paused({ until, reason }: Pause): DownSituation {
  return { is: 'backoff', until, reason };
}

/** What the agent's own policy and what the circuit breaker say to an end that was not answered yet. */
function answersTo({ spec, session, history, input }: Down): {
  answer?: Answer | undefined;
  pause?: Pause | undefined;
} {
  const exit = history?.unanswered ? history.lastExit : undefined;
  if (!history || !exit || isOutdated(fingerprintOf(exit, session), spec)) return {};
  return { answer: answerToExit(spec, history, exit, input.now), pause: pauseOf(spec, exit, input) };
}

/** Others have to be there first, or memory. */
function waitingOf({ spec, history, input, asked, look }: Down): DownSituation | undefined {
  const missing = dependenciesMissing(spec, input);
  if (missing.length > 0) {
    const stuck = stuckAmong(missing, input, look, asked);
    return { is: 'waiting', reason: { code: 'dependency_not_ready', agents: missing, stuck } };
  }
  const scarce = memoryShort(startReason(spec, history), input);
  return scarce ? { is: 'waiting', reason: scarce } : undefined;
}

/** Nothing is started by itself while memory is short; what a person asks for is. */
function memoryShort(reason: Reason, { machine, desired }: ReconcileInput): Reason | undefined {
  const { memory_reserve: reserve } = desired.concurrency;
  const { memoryAvailable: available } = machine;
  if (available === undefined || available >= reserve || reason.code === 'user_requested') return undefined;
  return { code: 'memory_reserve', available, reserve };
}
