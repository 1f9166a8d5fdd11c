import { describe, expect, test } from 'vitest';
import { nothingTold } from '../../src/reconciler/nothing-told.ts';
import { newsOf } from '../../src/reconciler/telling.ts';
import type { Activity, Attention, Event, Told } from '../../src/reconciler/types.ts';
import { all, type Change, code, died, does, HOUR, history, MINUTE, NOW, noSession, nothing, spoilt } from './base.ts';

const found = (events: readonly Event[]): readonly string[] =>
  events.map((event) => {
    if (event.type === 'conversation') return `${event.agent} is in ${event.id}, ${event.how}`;
    if (event.type === 'attention') return `${event.agent} ${event.state} ${event.for ?? ''}`.trim();
    return event.type === 'attention_over' ? `${event.agent} over` : event.type;
  });

/** The program of `db` says so. */
const tells =
  (told: Partial<Told>, activity: Partial<Activity> = {}): Change =>
  (world) => {
    const busy = does('db', 'busy')(world);
    const vitals = busy.vitals.get('db');
    if (!vitals) throw new Error('db was not measured');
    const changed = { ...vitals, told: { ...nothingTold, ...told }, activity: { ...vitals.activity, ...activity } };
    return { ...busy, vitals: new Map(busy.vitals).set('db', changed) };
  };

const inOne = history('db', { conversation: { id: 'one', since: NOW, how: 'assigned' } });

describe('the conversation that a program says it is in', () => {
  test.each<[string, Change, readonly string[]]>([
    ['is nothing new where nothing is said', nothing, []],
    ['is written down', tells({ conversation: 'one' }), ['db is in one, discovered']],
    ['is written down once', all(inOne, tells({ conversation: 'one' })), []],
    ['is written down if it is another one', all(inOne, tells({ conversation: 'two' })), ['db is in two, discovered']],
    [
      'is not believed if a person has left it, and the life that is still in it is to be replaced',
      all(history('db', { conversations: ['one'], replace: 'db-1' }), tells({ conversation: 'one' })),
      [],
    ],
    [
      'is believed after a person came back to it',
      all(history('db', { conversations: ['one'] }), tells({ conversation: 'one' })),
      ['db is in one, discovered'],
    ],
    ['stays where nothing is said any more', all(inOne, tells({})), []],
    [
      'is not believed if another agent is in it',
      all(history('api', { conversation: { id: 'one', since: NOW, how: 'assigned' } }), tells({ conversation: 'one' })),
      [],
    ],
    [
      'is believed if the agent that was in it does not run',
      all(
        history('api', { conversation: { id: 'one', since: NOW, how: 'assigned' } }),
        died('api', code(1)),
        tells({ conversation: 'one' }),
      ),
      ['db is in one, discovered'],
    ],
    ['is not believed of another life', all(tells({ conversation: 'one' }), history('db', { run: 'db-2' })), []],
    ['is not believed of a program that is gone', all(tells({ conversation: 'one' }), noSession('db')), []],
  ])('%s', (_, change, expected) => expect(found(newsOf(spoilt(change)))).toEqual(expected));
});

const waits: Attention = { state: 'waiting', for: 'permission', since: NOW };
const asks = tells({}, { state: 'waiting', for: 'permission' });
const limited = (until: number | undefined) =>
  tells({}, { state: 'limited', ...(until === undefined ? {} : { until }) });
/** In the life before the present one. */
const before = history('db', { attention: { state: 'limited', until: NOW, since: NOW - 2 * HOUR } });
const wasLimited = history('db', { attention: { state: 'limited', until: NOW, since: NOW } });

describe('that a person ought to look at it', () => {
  test.each<[string, Change, readonly string[]]>([
    ['is said when it begins to wait', asks, ['db waiting permission']],
    ['is said once', all(asks, history('db', { attention: waits })), []],
    [
      'is said again if it waits for something else',
      all(tells({}, { state: 'waiting', for: 'question' }), history('db', { attention: waits })),
      ['db waiting question'],
    ],
    ['is over when it goes on', all(tells({}), history('db', { attention: waits })), ['db over']],
    ['is not over because nobody knows', all(tells({}, { state: 'unknown' }), history('db', { attention: waits })), []],
    ['is said of a limit', limited(undefined), ['db limited']],
    ['is said of a limit when its end is known', all(wasLimited, limited(NOW + 5 * MINUTE)), ['db limited']],
    ['lasts over a restart, of which the program knows nothing', all(before, tells({}, { state: 'idle' })), []],
    ['is over when it was given something to do since', all(before, tells({ prompted: NOW })), ['db over']],
    ['is not said of an end that is told a little otherwise', all(wasLimited, limited(NOW + MINUTE / 2)), []],
  ])('%s', (_, change, expected) => expect(found(newsOf(spoilt(change)))).toEqual(expected));
});
