import { expect, test } from 'vitest';
import { describe } from '../../src/reconciler/describe.ts';
import type { Event } from '../../src/reconciler/types.ts';

const sent = (characters: number): Event => ({
  ...{ type: 'sent', agent: 'api', run: 'api-1', policy: 'letter', characters, reason: { code: 'user_requested' } },
});
const lost = (agents: number): Event => ({ type: 'server_lost', agents, rebooted: false });

test.each<readonly [string, Event]>([
  ['typed 1 character: asked for by a person', sent(1)],
  ['typed 2 characters: asked for by a person', sent(2)],
  ['tmux server is gone', lost(0)],
  ['tmux server is gone, and 3 agents with it', lost(3)],
])('%s', (text, event) => expect(describe(event)).toBe(text));
