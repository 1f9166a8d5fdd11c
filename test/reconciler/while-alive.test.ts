import { describe, expect, test } from 'vitest';
import type { UpdateSpec } from '../../src/spec/update.ts';
import {
  advised,
  all,
  type Change,
  does,
  HOUR,
  history,
  MINUTE,
  NOW,
  newCommand,
  newLabel,
  nothing,
  planned,
  probed,
  probeSpec,
  putOff,
  restartAsked,
  SECOND,
  situationIn,
  spec,
  spoilt,
  typed,
  verdict,
} from './base.ts';

const update = (mode: UpdateSpec['mode'], wait?: number): Change =>
  all(newCommand('db'), spec('db', { update: { mode, wait } }));
const sick = verdict('unhealthy');
const restart = { do: 'restart' } as const;
const rows = (table: readonly (readonly [string, Change, readonly string[]])[]) =>
  test.each(table)('%s', (_, change, expected) => expect(planned(spoilt(change))).toEqual(expected));

describe('what probes lead to', () => {
  const nudge = probeSpec({ on_failure: 'nudge' });
  rows([
    ['nothing while all is well', probed('db', 'liveness', verdict('healthy')), []],
    ['nothing before the first result', probed('db', 'liveness', undefined), []],
    ['a failed liveness probe: a restart', probed('db', 'liveness', sick), ['end db: liveness_failed']],
    ['a hang has a name of its own', probed('db', 'liveness', { ...sick, probe: 'activity' }), ['end db: hung']],
    ['a probe that only notifies', probed('db', 'liveness', { ...sick, on_failure: 'notify' }), []],
    ['a probe that leads to nothing', probed('db', 'liveness', { ...sick, on_failure: 'none' }), []],
    ['a nudge first', probed('db', 'liveness', { ...sick, on_failure: 'nudge' }, nudge), ['nudge db: liveness_failed']],
    [
      'one nudge, and then it is waited',
      probed('db', 'liveness', { ...sick, on_failure: 'nudge', nudged: true }, nudge),
      [],
    ],
    ['a readiness probe never restarts', probed('db', 'readiness', sick), []],
    ['a program that has not come up yet', probed('db', 'startup', undefined), []],
    ['a program that did not come up in time', probed('db', 'startup', sick), ['end db: startup_timeout']],
    [
      'a liveness probe that is left from before rests until the program has come up',
      all(probed('db', 'startup', undefined), probed('db', 'liveness', sick)),
      [],
    ],
    [
      'a verdict of probes that are in the file no more',
      history('db', { health: { startup: undefined, readiness: undefined, liveness: sick } }),
      [],
    ],
    [
      'a person who types there is waited for',
      all(probed('db', 'liveness', sick), typed('db', SECOND)),
      ['defer db: liveness_failed'],
    ],
    [
      'a person who has stopped typing is not',
      all(probed('db', 'liveness', sick), typed('db', MINUTE)),
      ['end db: liveness_failed'],
    ],
  ]);
});

describe('what policies lead to', () => {
  const mark = { schedule: 'x', due: 1 };
  rows([
    ['a restart', advised('db', restart), ['end db: max_age']],
    ['a stop is a hold that ends what runs', advised('db', { do: 'stop' }), ['hold db: max_age']],
    ['a hold leaves what runs', advised('db', { do: 'hold' }), ['hold db: max_age']],
    ['a text', advised('db', { do: 'send', text: '/compact' }), ['send db: max_age']],
    ['a warning is no action', advised('db', { do: 'warn' }), []],
    ['nor is a message', advised('db', { do: 'notify' }), []],
    ['advice about an earlier life', advised('db', restart, { run: 'db-0' }), []],
    [
      'the strongest first: a stop',
      all(advised('db', restart), advised('db', { do: 'stop' }, { policy: 'memory' })),
      ['hold db: max_age'],
    ],
    ['a person is above all', all(advised('db', { do: 'stop' }), restartAsked('db')), ['end db: user_requested']],
    ['with a mark', advised('db', restart, { mark }), ['end db: max_age']],
    ['with a mark that was dealt with', all(advised('db', restart, { mark }), history('db', { marks: { x: 1 } })), []],
    [
      'a text that was typed already',
      all(
        advised('db', { do: 'send', text: '/compact' }),
        history('db', { alerts: { max_age: { level: 'warn', reason: { code: 'max_age', after: HOUR }, since: NOW } } }),
      ),
      [],
    ],
    ['not while it is busy', all(advised('db', restart, { when: 'idle' }), does('db', 'busy')), ['defer db: max_age']],
    ['not while nobody knows what it does', advised('db', restart, { when: 'idle' }), ['defer db: max_age']],
    [
      'not while it waits for a person',
      all(advised('db', restart, { when: 'idle' }), does('db', 'waiting')),
      ['defer db: max_age'],
    ],
    ['as soon as it is idle', all(advised('db', restart, { when: 'idle' }), does('db', 'idle')), ['end db: max_age']],
    [
      'a used-up limit is idle too',
      all(advised('db', restart, { when: 'idle' }), does('db', 'limited')),
      ['end db: max_age'],
    ],
    [
      'once it is put off, that is not said again',
      all(advised('db', restart, { when: 'idle' }), does('db', 'busy'), putOff('db', 'max_age', MINUTE)),
      [],
    ],
    [
      'after its patience anyway',
      all(advised('db', restart, { when: 'idle' }), does('db', 'busy'), putOff('db', 'max_age', 10 * MINUTE)),
      ['end db: max_age'],
    ],
    [
      'never without an end to its patience',
      all(
        advised('db', restart, { when: 'idle', patience: undefined }),
        does('db', 'busy'),
        putOff('db', 'max_age', HOUR),
      ),
      [],
    ],
    ['not while a person types', all(advised('db', restart), typed('db', SECOND)), ['defer db: max_age']],
    [
      'a person types for longer than its patience',
      all(advised('db', restart), typed('db', SECOND), putOff('db', 'max_age', 10 * MINUTE)),
      ['end db: max_age'],
    ],
    [
      'what may be done now is done before what waits',
      all(advised('db', restart, { when: 'idle' }), advised('db', { do: 'send', text: 'x' }, { policy: 'memory' })),
      ['send db: max_age'],
    ],
    [
      'other settings are taken over first',
      all(newLabel('db'), advised('db', restart, { when: 'idle' })),
      ['update db: config_changed'],
    ],
  ]);

  test('the mark of a schedule goes with the action', () => {
    const { action } = { action: situationIn(spoilt(advised('db', restart, { mark }))) };
    expect(action).toMatchObject({ is: 'wanted', want: { advice: { mark } } });
  });
});

describe('other settings that need a new process', () => {
  rows([
    ['at once', update('immediate'), ['end db: config_changed']],
    ['at once, also while a person types', all(update('immediate'), typed('db', 0)), ['end db: config_changed']],
    ['when idle: it is busy', all(update('when_idle'), does('db', 'busy')), ['defer db: config_changed']],
    ['when idle: it is', all(update('when_idle'), does('db', 'idle')), ['end db: config_changed']],
    [
      'when idle: it is, and a person types',
      all(update('when_idle'), does('db', 'idle'), typed('db', 0)),
      ['defer db: config_changed'],
    ],
    [
      'when idle, and at the latest after so long',
      all(update('when_idle', HOUR), does('db', 'busy'), putOff('db', 'update', HOUR)),
      ['end db: config_changed'],
    ],
    ['when idle, for ever', all(update('when_idle'), does('db', 'busy'), putOff('db', 'update', 100 * HOUR)), []],
    ['by hand: nothing but a person', all(update('manual'), does('db', 'idle')), ['defer db: config_changed']],
    ['by hand: a person', all(update('manual'), restartAsked('db')), ['end db: user_requested']],
    [
      'a failed probe does not wait for it',
      all(update('manual'), probed('db', 'liveness', sick)),
      ['end db: liveness_failed'],
    ],
    ['settings that need none wait with them', all(update('manual'), putOff('db', 'update', HOUR), newLabelToo), []],
  ]);
});

function newLabelToo(world: Parameters<Change>[0]): ReturnType<Change> {
  const settings = world.desired.agents.get('db')?.settings ?? {};
  return spec('db', { settings: { ...settings, 'labels.team': 'core' } })(world);
}

describe('when to look again', () => {
  const waiting = (change: Change) => {
    const found = situationIn(spoilt(change));
    return found.is === 'deferred' ? found.waits : found.is;
  };
  test.each<[string, Change, unknown]>([
    ['nothing waits', nothing, 'live'],
    ['idle, not written down yet', advised('db', restart, { when: 'idle' }), { for: 'idle', until: undefined }],
    [
      'idle, since a minute',
      all(advised('db', restart, { when: 'idle' }), putOff('db', 'max_age', MINUTE)),
      { for: 'idle', until: NOW + 9 * MINUTE },
    ],
    [
      'a person comes before idle',
      all(advised('db', restart, { when: 'idle' }), typed('db', 0)),
      { for: 'person', until: undefined },
    ],
    ['a command', update('manual'), { for: 'command', until: undefined }],
  ])('%s', (_, change, expected) => expect(waiting(change)).toEqual(expected));
});
