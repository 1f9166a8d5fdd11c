import { randomUUID } from 'node:crypto';
import type { AgentName } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';

/** Have a prompt typed that could not be given on the command line, once the program can take it. */
export function promptLater({ letters, clock }: Colony, agent: AgentName, text: string): void {
  const what = { text, submit: true, literal: false };
  const letter = { id: randomUUID(), what, when: 'idle', force: false, since: clock() } as const;
  letters.set(agent, [...(letters.get(agent) ?? []), letter]);
}
