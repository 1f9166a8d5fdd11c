import { type Moment, type Waits, waitsFor } from '../../reconciler/gate.ts';
import { noHistory } from '../../reconciler/ledger.ts';
import type { AgentName, Letter, Session } from '../../reconciler/types.ts';
import { wantsOf } from '../../reconciler/wants.ts';
import { type Colony, inputOf } from '../colony.ts';
import { whyNotRunning } from '../not-running.ts';

/** What keeps a letter from being typed. */
export type Hindrance = {
  /** One word for each kind of it. */
  readonly code: 'gone' | 'unseen' | 'down' | 'strange' | Waits['for'];
  /** A sentence without a full stop. */
  readonly text: string;
  /** What a person can do about it. */
  readonly hint?: string;
};

/** Why this letter cannot be typed at this moment; undefined: it is about to be, or nobody can say yet. */
export function hindranceOf(colony: Colony, agent: AgentName, letter: Letter): Hindrance | undefined {
  const { desired, observed, operations } = colony;
  const spec = desired?.agents.get(agent);
  if (!desired || !spec) return { code: 'gone', text: `${agent} is not in the file any more` };
  if (operations.has(agent)) return undefined;
  if (!observed.known) return { code: 'unseen', text: `tmux cannot be asked: ${observed.why}` };
  const input = inputOf(colony, desired);
  const session = observed.sessions.get(agent)?.[0];
  if (session?.main.state !== 'alive') return notRunning(colony, agent);
  const history = input.ledger.agents.get(agent) ?? noHistory;
  const moment: Moment = { session, kind: spec.kind, history, vitals: input.vitals.get(agent), now: input.now };
  const wants = wantsOf({ spec, session, history, advice: [], letters: [letter] });
  const want = wants.find(({ to }) => to.do === 'type');
  const waits = want && waitsFor(want, moment);
  return waits && inWords(agent, session, waits, moment);
}

function notRunning(colony: Colony, agent: AgentName): Hindrance | undefined {
  const found = whyNotRunning(colony, agent);
  return found && { code: 'down', text: `${agent} does not run (${found.why})`, hint: found.remedy };
}

const FOR = {
  permission: 'a permission',
  question: 'an answer',
  trust: 'a word that its folder can be trusted',
  login: 'a login',
} as const;

function inWords(agent: AgentName, session: Session, waits: Waits, { vitals }: Moment): Hindrance {
  const activity = vitals?.run === session.run ? vitals?.activity : undefined;
  switch (waits.for) {
    case 'dialog': {
      const what = activity?.for === undefined ? '' : ` for ${FOR[activity.for]}`;
      return {
        code: 'dialog',
        text: `${agent} waits for a person${what}, and what is typed would answer that`,
        hint: `answer it there: colony attach ${agent}`,
      };
    }
    case 'limit':
      return { code: 'limit', text: `${agent} has used up its usage limit` };
    case 'person':
      return { code: 'person', text: `somebody is typing in ${agent} at this moment` };
    default:
      if (activity?.state === 'busy' && activity.source !== 'output')
        return { code: 'idle', text: `${agent} is at work` };
      return { code: 'strange', text: `nobody can tell yet whether ${agent} can take it` };
  }
}
