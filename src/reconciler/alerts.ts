import { adviceFor } from './advised.ts';
import { conditionOf } from './condition.ts';
import { noHistory } from './ledger.ts';
import { ownerFirst } from './pair.ts';
import { marked } from './said.ts';
import type { Advice, AgentName, AgentSpec, Event, History, Letter, Reason, ReconcileInput, Session } from './types.ts';
import { wantsOf } from './wants.ts';

type Input = Omit<ReconcileInput, 'now'>;

/** What a person is told about an agent, each once, and that it is over; what was put off and need not be done any more. */
export function tidings(input: Input): readonly Event[] {
  return [...input.desired.agents.values()].flatMap((spec) => {
    // What is being typed, or written down, ends nothing that was told before.
    if (input.operations.get(spec.name)?.kind === 'changing') return [];
    const history = input.ledger.agents.get(spec.name) ?? noHistory;
    const session = aliveSession(spec.name, input);
    const quiet = Object.keys(history.alerts).length === 0 && Object.keys(history.deferred).length === 0;
    const advice = session ? adviceFor(spec.name, session.run, input) : [];
    if (quiet && advice.length === 0 && spec.probes.liveness.length === 0) return [];
    const told = session ? toTell(spec, history, advice) : [];
    const letters = input.letters.get(spec.name) ?? [];
    const about = { spec, session, history, advice, letters };
    return [...alertsOf(spec.name, history, told, advice), ...deferralsOver(about)];
  });
}

function aliveSession(agent: AgentName, { observed, operations }: Input): Session | undefined {
  const [session] = observed.known ? ownerFirst(observed.sessions.get(agent) ?? []) : [];
  return session?.main.state === 'alive' && !operations.has(agent) ? session : undefined;
}

type Telling = Pick<Advice, 'policy' | 'reason' | 'mark'> & { readonly level: 'notify' | 'warn' };

function toTell(spec: AgentSpec, history: History, advice: readonly Advice[]): readonly Telling[] {
  const policies = advice.flatMap(({ wish, ...rest }) =>
    wish.do === 'notify' || wish.do === 'warn' ? [{ ...rest, level: wish.do }] : [],
  );
  const unwell = livenessAlert(spec, history);
  return unwell ? [...policies, { policy: 'liveness', reason: unwell, level: 'notify' }] : policies;
}

function livenessAlert(spec: AgentSpec, { health }: History): Reason | undefined {
  const condition = conditionOf(spec, health);
  const tells = health.liveness?.is === 'unhealthy' && health.liveness.on_failure === 'notify';
  return condition.is === 'degraded' && tells ? condition.reason : undefined;
}

function alertsOf(
  agent: AgentName,
  { alerts }: History,
  told: readonly Telling[],
  advice: readonly Advice[],
): readonly Event[] {
  const going = new Set([...told, ...advice].map(({ policy }) => policy));
  const fresh = told.filter(({ policy }) => !Object.hasOwn(alerts, policy));
  const said = fresh.flatMap(({ policy, level, reason, mark }): readonly Event[] => [
    { type: 'alert', agent, policy, level, reason, ...(mark ? { once: true } : {}) },
    ...marked(agent, mark),
  ]);
  const over = Object.keys(alerts).filter((policy) => !going.has(policy));
  return [...said, ...over.map((policy): Event => ({ type: 'alert_over', agent, policy }))];
}

type About = {
  readonly spec: AgentSpec;
  readonly session: Session | undefined;
  readonly history: History;
  readonly advice: readonly Advice[];
  readonly letters: readonly Letter[];
};

function deferralsOver({ spec, session, history, ...asked }: About): readonly Event[] {
  const deferred = Object.keys(history.deferred);
  if (!session || deferred.length === 0) return [];
  const wanted = new Set(wantsOf({ spec, session, history, ...asked }).map(({ what }) => what));
  return deferred
    .filter((what) => !wanted.has(what))
    .map((what): Event => ({ type: 'deferral_over', agent: spec.name, what }));
}
