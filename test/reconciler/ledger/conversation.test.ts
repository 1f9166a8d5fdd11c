import { expect, test } from 'vitest';
import { emptyLedger, record } from '../../../src/reconciler/ledger.ts';
import type { Event, History } from '../../../src/reconciler/types.ts';
import { historyOf, NOW, specOf } from '../base.ts';

const one = { id: 'one', since: 1, how: 'assigned' } as const;
const base: Partial<History> = { conversation: one, conversations: ['zero'], typings: { idle: { times: 2, at: 1 } } };

function after(event: Event, before: Partial<History>) {
  const ledger = { ...emptyLedger, agents: new Map([['db', historyOf(specOf('db'), { ...base, ...before })]]) };
  const history = record(ledger, { ...event, seq: 8, at: NOW }).agents.get('db');
  return { id: history?.conversation?.id, earlier: history?.conversations };
}

const told = (id: string): Event => ({ type: 'conversation', agent: 'db', run: 'db-1', id, how: 'discovered' });
const chosen = (id: string): Event => ({ type: 'conversation', agent: 'db', run: undefined, id, how: 'assigned' });
const refused = (id: string): Event => ({ type: 'conversation_refused', agent: 'db', run: undefined, id, why: 'x' });
const cleared: Event = { type: 'conversation_cleared', agent: 'db', reason: { code: 'user_requested' } };

test.each<[string, Event, Partial<History>, ReturnType<typeof after>]>([
  ['the same again', told('one'), {}, { id: 'one', earlier: ['zero'] }],
  ['another one', told('two'), {}, { id: 'two', earlier: ['zero', 'one'] }],
  ['back in an earlier one', told('zero'), {}, { id: 'zero', earlier: ['one'] }],
  ['refused', refused('one'), {}, { id: undefined, earlier: ['zero', 'one'] }],
  ['another one is refused', refused('zero'), {}, { id: 'one', earlier: ['zero'] }],
  ['left', cleared, {}, { id: undefined, earlier: ['zero', 'one'] }],
  [
    'left, and told once more by the life that is to be replaced',
    told('zero'),
    { conversation: undefined, replace: 'db-1' },
    { id: undefined, earlier: ['zero'] },
  ],
  [
    'left, and another one is told by that life',
    told('two'),
    { conversation: undefined, replace: 'db-1' },
    { id: 'two', earlier: ['zero'] },
  ],
  [
    'left, and chosen again for the next life',
    chosen('zero'),
    { conversation: undefined, replace: 'db-1' },
    { id: 'zero', earlier: [] },
  ],
])('%s', (_, event, before, expected) => expect(after(event, before)).toEqual(expected));
