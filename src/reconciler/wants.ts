import { hasComeUp, livenessReason } from './condition.ts';
import { differences } from './diff.ts';
import { LETTER } from './letter.ts';
import { isOutdated } from './outdated.ts';
import type { Advice, AgentSpec, History, Letter, Millis, Reason, Session } from './types.ts';

/** Something that ought to happen to a program that runs, and how patient it is. */
export type Want = {
  /** What it is put off under: `update`, a role of probes, or the name of a policy. */
  readonly what: string;
  readonly reason: Reason;
  /** `command`: a person has to ask for it. */
  readonly when: 'now' | 'idle' | 'command';
  /** Whether a person who is typing is waited for. */
  readonly polite: boolean;
  /** So long it lets itself be put off; undefined: for ever. */
  readonly patience: Millis | undefined;
  readonly to:
    | { readonly do: 'restart' }
    | { readonly do: 'stop' }
    | { readonly do: 'hold' }
    | { readonly do: 'nudge'; readonly keys: readonly string[] }
    | { readonly do: 'send'; readonly text: string }
    | { readonly do: 'type'; readonly letter: Letter };
  /** It is typed whatever is known of the program. */
  readonly forced?: boolean;
  readonly advice?: Advice;
};

export type Running = {
  readonly spec: AgentSpec;
  readonly session: Session;
  readonly history: History;
  /** What the policies say of this very run, the strongest first. */
  readonly advice: readonly Advice[];
  /** What waits to be typed, the oldest first. */
  readonly letters: readonly Letter[];
};

/** How long a failed probe waits for a person who is typing in the very terminal it would take away. */
const PATIENCE: Millis = 600_000;

/** Everything that ought to happen to a program that runs, the most urgent first. */
export function wantsOf(running: Running): readonly Want[] {
  if (isCalm(running)) return NOTHING;
  const policies = byPolicies(running);
  const stops = policies.filter(({ to }) => to.do === 'stop');
  const others = policies.filter(({ to }) => to.do !== 'stop');
  const { letters } = running;
  return [...byPerson(running), ...stops, ...byFile(running), ...byProbes(running), ...byLetters(letters), ...others];
}

const NOTHING: readonly Want[] = [];

/** Nearly always nothing is wanted, and every agent is asked in every pass. */
function isCalm({ spec, session, history, advice, letters }: Running): boolean {
  const { startup, liveness } = history.health;
  const asFileSays = session.fingerprint === spec.fingerprint && history.replace === undefined;
  const nobodyAsks = advice.length === 0 && letters.length === 0;
  return asFileSays && nobodyAsks && startup?.is !== 'unhealthy' && liveness?.is !== 'unhealthy';
}

/** What a person asks for waits for nobody. */
function byPerson({ session, history }: Running): readonly Want[] {
  if (history.replace === undefined || history.replace !== session.run) return [];
  const reason: Reason = { code: 'user_requested' };
  return [{ what: 'person', reason, when: 'now', polite: false, patience: undefined, to: { do: 'restart' } }];
}

function byFile({ spec, session, history }: Running): readonly Want[] {
  const label = session.fingerprint ?? history.applied?.fingerprint;
  if (!isOutdated(label, spec)) return [];
  const changed = history.applied ? differences(history.applied.settings, spec.settings) : [];
  const reason: Reason = { code: 'config_changed', fields: changed.map(({ field }) => field) };
  const { mode, wait } = spec.update;
  const when = ({ immediate: 'now', when_idle: 'idle', manual: 'command' } as const)[mode];
  return [{ what: 'update', reason, when, polite: mode !== 'immediate', patience: wait, to: { do: 'restart' } }];
}

function byProbes({ spec, history }: Running): readonly Want[] {
  const { startup, liveness } = history.health;
  const soon = { when: 'now', polite: true, patience: PATIENCE } as const;
  if (!hasComeUp(spec, history.health)) {
    if (startup?.is !== 'unhealthy') return [];
    const reason: Reason = { code: 'startup_timeout', probe: startup.probe, text: startup.text };
    return [{ what: 'startup', reason, ...soon, to: { do: 'restart' } }];
  }
  if (spec.probes.liveness.length === 0 || liveness?.is !== 'unhealthy') return [];
  const reason = livenessReason(liveness);
  if (liveness.on_failure === 'restart') return [{ what: 'liveness', reason, ...soon, to: { do: 'restart' } }];
  if (liveness.on_failure !== 'nudge' || liveness.nudged) return [];
  const keys = spec.probes.liveness.find((probe) => probe.on_failure === 'nudge')?.nudge ?? [];
  return [{ what: 'liveness', reason, ...soon, to: { do: 'nudge', keys } }];
}

/** One after another, in the order in which they came. */
function byLetters([letter]: readonly Letter[]): readonly Want[] {
  if (!letter) return [];
  const { when, force } = letter;
  const reason: Reason = { code: 'user_requested' };
  const how = { when, polite: !force, forced: force, patience: undefined };
  return [{ what: LETTER, reason, ...how, to: { do: 'type', letter } }];
}

function byPolicies({ advice, history }: Running): readonly Want[] {
  return advice.flatMap((each): Want[] => {
    const { wish, policy, reason, when, patience } = each;
    if (wish.do === 'notify' || wish.do === 'warn' || wish.do === 'start') return [];
    // It is to be left alone once it ends, and nothing more can be said about that.
    if (wish.do === 'hold' && history.hold) return [];
    // A text is typed once, until the policy has been silent in between.
    if (wish.do === 'send' && Object.hasOwn(history.alerts, policy)) return [];
    return [{ what: policy, reason, when, polite: true, patience, to: wish, advice: each }];
  });
}
