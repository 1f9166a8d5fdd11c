import { nextLook } from './gate.ts';
import type { Situation } from './situation.ts';
import { defaultStop, stopAtOnce } from './stop.ts';
import type { Action, AgentName, AgentSpec, Ledger, Mark, Millis, Session } from './types.ts';
import type { Want } from './wants.ts';

/** What one agent needs: at most one action, or a time at which to look again. */
export type Step = { readonly action?: Action; readonly wakeAt?: Millis };

type Handler<K> = (situation: Extract<Situation, { is: K }>, agent: AgentName, ledger: Ledger) => Step;

const NOTHING: Step = {};

/** One handler for each situation: the compiler sees to it that none is forgotten. */
const HANDLERS: { readonly [K in Situation['is']]: Handler<K> } = {
  unknown: () => NOTHING,
  operating: () => NOTHING,
  held: () => NOTHING,
  completed: () => NOTHING,
  waiting: () => NOTHING,
  live: () => NOTHING,
  backoff: ({ until }) => ({ wakeAt: until }),
  vetoed: ({ until }) => ({ wakeAt: until }),
  called: ({ reason, mark }, agent) => ({ action: { do: 'release', agent, reason, ...markOf({ mark }) } }),
  duplicated: ({ extra }, agent, ledger) => remove(agent, extra, { code: 'duplicate' }, ledger),
  orphan: ({ session }, agent, ledger) => remove(agent, session, { code: 'removed_from_file' }, ledger),
  disabled: ({ session }, agent, ledger) => (session ? remove(agent, session, { code: 'disabled' }, ledger) : NOTHING),
  stopped: ({ session, reason }, agent, ledger) =>
    session?.main.state === 'alive'
      ? { action: { do: 'end', agent, reason, session, stop: stopOf(agent, ledger), next: undefined } }
      : NOTHING,
  failing: ({ spec, reason }, agent) => ({ action: { do: 'hold', agent, reason, fingerprint: spec.fingerprint } }),
  startable: ({ spec, session, reason }, agent, ledger) => {
    const generation = Math.max(ledger.agents.get(agent)?.generation ?? 0, session?.generation ?? 0) + 1;
    return session
      ? { action: { do: 'respawn', agent, reason, spec, generation, session } }
      : { action: { do: 'spawn', agent, reason, spec, generation } };
  },
  outdated: ({ spec, session, reason }, agent, ledger) => ({
    action: { do: 'end', agent, reason, session, stop: stopOf(agent, ledger), next: spec },
  }),
  wanted: ({ spec, session, want }, agent, ledger) => ({ action: answerTo(want, { spec, session, agent, ledger }) }),
  deferred: ({ session, want, waits, said }, agent) => {
    const { what, reason } = want;
    const wakeAt = nextLook(waits, session);
    if (said) return wakeAt === undefined ? NOTHING : { wakeAt };
    return {
      action: { do: 'defer', agent, reason, what, run: session.run },
      ...(wakeAt === undefined ? {} : { wakeAt }),
    };
  },
  drifted: ({ spec, session, reason }, agent) => ({ action: { do: 'update', agent, reason, spec, session } }),
};

type About = {
  readonly spec: AgentSpec;
  readonly session: Session;
  readonly agent: AgentName;
  readonly ledger: Ledger;
};

/** What a probe or a policy wants, as an action. */
function answerTo({ to, reason, what, advice }: Want, { spec, session, agent, ledger }: About): Action {
  const mark = markOf(advice);
  switch (to.do) {
    case 'restart':
      return { do: 'end', agent, reason, session, stop: stopOf(agent, ledger), next: spec, ...mark };
    case 'stop':
      return { do: 'hold', agent, reason, fingerprint: spec.fingerprint, stops: true, ...mark };
    case 'hold':
      return { do: 'hold', agent, reason, fingerprint: spec.fingerprint, ...mark };
    case 'nudge':
      return { do: 'nudge', agent, reason, session, keys: to.keys };
    case 'send':
      return { do: 'send', agent, reason, session, text: to.text, policy: what, ...mark };
    case 'type':
      return { do: 'type', agent, reason, session, letter: to.letter };
  }
}

function markOf(advice: { readonly mark?: Mark | undefined } | undefined): { readonly mark?: Mark } {
  return advice?.mark ? { mark: advice.mark } : {};
}

/** The answer to one agent's situation. */
export function decide<K extends Situation['is']>(
  agent: AgentName,
  situation: Extract<Situation, { is: K }>,
  ledger: Ledger,
): Step {
  const handler = HANDLERS[situation.is as K] as Handler<K>;
  return handler(situation, agent, ledger);
}

function remove(
  agent: AgentName,
  session: Extract<Action, { do: 'remove' }>['session'],
  reason: Action['reason'],
  ledger: Ledger,
): Step {
  return { action: { do: 'remove', agent, reason, session, stop: stopOf(agent, ledger) } };
}

/**
 * A session is stopped as it was promised when it was started, whatever the file says by now; at once if a person says
 * so.
 */
function stopOf(agent: AgentName, ledger: Ledger) {
  const history = ledger.agents.get(agent);
  return history?.hurry ? stopAtOnce : (history?.applied?.stop ?? defaultStop);
}
