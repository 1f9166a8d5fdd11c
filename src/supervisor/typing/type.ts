import { LETTER } from '../../reconciler/letter.ts';
import { marked, typingEvents } from '../../reconciler/said.ts';
import type { Action, Event, Letter } from '../../reconciler/types.ts';
import type { Tmux } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { deliver } from './deliver.ts';
import { Broken, type Desk, deskOf } from './desk.ts';
import { attentive, type Delivery, question, refused } from './looking.ts';

type Of<K extends Action['do']> = Extract<Action, { do: K }>;
type Typing = Of<'nudge'> | Of<'send'> | Of<'type'>;

/** Type what a plan says, write down what came of it, and tell who waits for it; the answer is why it could not be tried. */
export async function type(action: Typing, colony: Colony, tmux: Tmux): Promise<string | undefined> {
  const { agent, session } = action;
  const { main, run } = session;
  if (main.state !== 'alive') return undefined;
  const kind = colony.desired?.agents.get(agent)?.kind ?? 'shell';
  const desk = deskOf({ agent, run, pane: main.pane, kind }, colony, tmux);
  if (action.do === 'type') return letter(action, colony, desk);
  if (action.do === 'send') return policyText(action, colony, desk);
  const pressed = await press(desk, action.keys, false);
  if (pressed.outcome !== 'typed') return pressed.text;
  for (const event of typingEvents(action)) announce(colony, event);
  return undefined;
}

async function letter(action: Of<'type'>, colony: Colony, desk: Desk): Promise<undefined> {
  const { post } = colony;
  const begun = post.begin(action.letter);
  if (!begun) return;
  const { what, force, when } = action.letter;
  const delivery =
    'keys' in what
      ? await press(desk, what.keys, force)
      : await deliver(desk, { ...what, force, pasted: begun.pasted });
  const { outcome, text, passing } = delivery;
  if (when === 'idle' && passing) {
    post.rest(action.letter, passing === 'pasted');
    return;
  }
  if (isDone(delivery)) for (const event of typingEvents(action)) announce(colony, event);
  else announce(colony, { ...undelivered(action, text), once: true });
  post.end(action.letter, { outcome, text: sentence(action.agent, delivery, action.letter) });
}

async function policyText(action: Of<'send'>, colony: Colony, desk: Desk): Promise<undefined> {
  const { agent, text, mark } = action;
  const task = { text, submit: true, literal: false, force: false, pasted: false };
  const delivery = await deliver(desk, task);
  if (isDone(delivery)) {
    for (const event of typingEvents(action)) announce(colony, event);
    return;
  }
  // Until its question is answered the next pass puts it off.
  if (delivery.passing === 'untouched' && desk.doing()?.state === 'waiting') return;
  announce(colony, { ...undelivered(action, delivery.text), ...(mark ? { once: true } : {}) });
  for (const event of marked(agent, mark)) announce(colony, event);
}

/** Press keys, unless they would answer a question. */
async function press(desk: Desk, keys: readonly string[], force: boolean): Promise<Delivery> {
  try {
    const picture = await attentive(desk);
    const asking = force ? undefined : question(desk, picture);
    if (asking) return refused(asking);
    await desk.keys(keys);
    return { outcome: 'typed', text: `got ${keys.join(' ')}` };
  } catch (error) {
    if (error instanceof Broken) return { outcome: 'failed', text: error.message };
    throw error;
  }
}

function isDone({ outcome }: Delivery): boolean {
  return outcome === 'delivered' || outcome === 'typed';
}

function undelivered(action: Of<'send'> | Of<'type'>, why: string): Extract<Event, { type: 'undelivered' }> {
  const { agent, reason, session } = action;
  const policy = action.do === 'send' ? action.policy : LETTER;
  return { type: 'undelivered', agent, run: session.run, reason, policy, why };
}

function sentence(agent: string, { outcome, text }: Delivery, { what }: Letter): string {
  if (outcome === 'delivered' || outcome === 'typed') return `${agent} ${text}`;
  const thing = 'keys' in what ? 'no key was pressed' : 'nothing was typed';
  return outcome === 'refused' ? `${agent}: ${thing}: ${text}` : `${agent} was typed to and has not taken it: ${text}`;
}
