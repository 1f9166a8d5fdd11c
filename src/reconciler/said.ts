import { LETTER } from './letter.ts';
import type { Action, AgentName, Event, Mark } from './types.ts';

type Typing = Extract<Action, { do: 'nudge' | 'send' | 'type' }>;

/** The events that are all there is to an action; undefined: something has to be done for it. */
export function saidBy(action: Action): readonly Event[] | undefined {
  const { agent, reason } = action;
  switch (action.do) {
    case 'hold': {
      const { fingerprint, stops } = action;
      return [{ type: 'held', agent, reason, fingerprint, ...(stops ? { stops } : {}) }, ...marked(agent, action.mark)];
    }
    case 'release':
      return [{ type: 'released', agent, reason }, ...marked(agent, action.mark)];
    case 'defer':
      return [{ type: 'deferred', agent, reason, run: action.run, what: action.what }];
    default:
      return undefined;
  }
}

/** What is to be written down once keys were pressed. */
export function typingEvents(action: Typing): readonly Event[] {
  const { agent, reason, session } = action;
  if (action.do === 'type') {
    const { what } = action.letter;
    const characters = 'text' in what ? [...what.text].length : what.keys.length;
    return [{ type: 'sent', agent, run: session.run, reason, policy: LETTER, characters, once: true }];
  }
  if (action.do === 'send') {
    const { policy, text, mark } = action;
    const sent: Event = { type: 'sent', agent, run: session.run, reason, policy, characters: [...text].length };
    return [mark ? { ...sent, once: true } : sent, ...marked(agent, mark)];
  }
  return [{ type: 'nudged', agent, run: session.run, reason, keys: action.keys }];
}

/** That the time of a schedule was dealt with. */
export function marked(agent: AgentName, mark: Mark | undefined): readonly Event[] {
  return mark ? [{ type: 'scheduled', agent, ...mark, outcome: 'done' }] : [];
}
