import { completion } from '../../policies/completion.ts';
import { context } from '../../policies/context.ts';
import type { Opinion, Policy, PolicyView } from '../../policies/define.ts';
import { idle } from '../../policies/idle.ts';
import { limit } from '../../policies/limit.ts';
import { maxAge } from '../../policies/max-age.ts';
import { waiting } from '../../policies/waiting.ts';
import { percentText } from '../../reconciler/amount.ts';
import { formatSpan } from '../../reconciler/span.ts';
import type { AgentSpec, Millis } from '../../reconciler/types.ts';

/** Why a policy that the file asks for has nothing to say at present, as a sentence. */
export type Silence = { readonly policy: string; readonly text: string };

type Section = 'context' | 'idle' | 'limit' | 'waiting' | 'completion' | 'max_age';
type Told = (spec: AgentSpec, view: PolicyView, opinion: Opinion) => string;

/** What was decided not to be done to an agent that runs, and why. */
export function silences(spec: AgentSpec, view: PolicyView): readonly Silence[] {
  if (!view.alive) return [];
  const sections = (Object.keys(POLICIES) as Section[]).filter((section) => spec[section] !== undefined);
  return sections.flatMap((section) => {
    const { policy, tell } = POLICIES[section];
    const opinion = policy(spec, view);
    return opinion.advice ? [] : [{ policy: section, text: tell(spec, view, opinion) }];
  });
}

const POLICIES: { readonly [S in Section]: { readonly policy: Policy; readonly tell: Told } } = {
  context: {
    policy: context,
    tell: ({ context: options }, { vitals }) => {
      const { context: full } = vitals?.told.telemetry ?? {};
      const above = options?.above ?? 1;
      if (full === undefined || full >= above) return 'how full its context is now it has not told yet';
      return `its context is ${percentText(full)} full, and that is less than ${percentText(above)}`;
    },
  },
  idle: {
    policy: idle,
    tell: ({ idle: options }, view, opinion) => {
      if (view.vitals?.activity.state !== 'idle') return 'it is not idle';
      if (opinion.lookAt !== undefined) return `it is idle, and that counts in ${left(opinion, view.now)}`;
      return `this was done ${options?.times} of ${options?.times} times, and no person was there since`;
    },
  },
  limit: {
    policy: limit,
    tell: (_, view, opinion) => {
      if (view.vitals?.activity.state !== 'limited') return 'it has not reached a usage limit';
      if (opinion.lookAt !== undefined)
        return `this counts in ${left(opinion, view.now)}, if it has not gone on by itself`;
      return 'it was given a prompt since its limit was reset';
    },
  },
  waiting: {
    policy: waiting,
    tell: (_, view, opinion) => {
      if (view.vitals?.activity.state !== 'waiting') return 'it waits for nobody';
      return `it waits for a person, and that counts in ${left(opinion, view.now)}`;
    },
  },
  completion: { policy: completion, tell: () => 'nothing has said yet that its work is done' },
  max_age: { policy: maxAge, tell: (_, { now }, opinion) => `it is not old enough for another ${left(opinion, now)}` },
};

function left({ lookAt }: Opinion, now: Millis): string {
  return formatSpan(Math.ceil(((lookAt ?? now) - now) / 1_000) * 1_000);
}
