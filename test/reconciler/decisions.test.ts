import { describe, expect, test } from 'vitest';
import { decisionsAbout } from '../../src/reconciler/decisions.ts';
import type { Advice, Letter, Reason } from '../../src/reconciler/types.ts';
import { viewOf } from '../../src/reconciler/view.ts';
import {
  all,
  type Change,
  code,
  died,
  HOUR,
  history,
  MINUTE,
  NOW,
  newCommand,
  noSession,
  nothing,
  obstacle,
  operation,
  pane,
  probed,
  restart,
  SECOND,
  session,
  spec,
  spoilt,
  stoppedByPerson,
  verdict,
} from './base.ts';

const full: Reason = { code: 'context_full', context: 0.9, above: 0.85 };
const compact: Advice = {
  ...{ policy: 'context', run: 'db-1', wish: { do: 'send', text: '/compact' }, reason: full },
  ...{ when: 'idle', patience: undefined },
};
const asks: Advice = {
  ...compact,
  policy: 'waiting',
  wish: { do: 'notify' },
  reason: { code: 'waiting', for: 'login', after: MINUTE },
};
const letter: Letter = {
  id: '1',
  what: { text: 'x', submit: true, literal: false },
  when: 'now',
  force: true,
  since: NOW,
};

const advised =
  (...advice: readonly Advice[]): Change =>
  (world) => ({ ...world, advice: new Map([['db', advice]]) });

const alerted = (policy: string, level: 'notify' | 'warn', reason = full): Change =>
  history('db', { alerts: { [policy]: { level, reason, since: NOW - MINUTE } } });

const whenIdle = all(newCommand('db'), spec('db', { update: { mode: 'when_idle', wait: 10 * MINUTE } }));

/** What is decided about `db`, one line each. */
function decided(...changes: readonly Change[]): readonly string[] {
  const world = spoilt(...changes);
  const view = viewOf(world).find(({ agent }) => agent === 'db');
  return view ? decisionsAbout(view, world).map(({ what, text, outcome }) => `${what} | ${text} | ${outcome}`) : [];
}

describe('of a program that runs', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing is wanted', nothing, []],
    [
      'other settings wait for an idle agent',
      whenIdle,
      ['update | restart: changed in the file: command | waits until it is idle'],
    ],
    [
      'and not for ever',
      all(whenIdle, history('db', { deferred: { update: { reason: full, since: NOW - MINUTE } } })),
      ['update | restart: changed in the file: command | waits until it is idle, at most 9m more'],
    ],
    [
      'a probe restarts it',
      probed('db', 'liveness', verdict('unhealthy')),
      ['liveness | restart: the http probe says that the answer was 503 | is done now'],
    ],
    [
      'a probe restarts it, and somebody types there',
      all(probed('db', 'liveness', verdict('unhealthy')), session('db', { attached: true, typed: NOW - SECOND })),
      [
        'liveness | restart: the http probe says that the answer was 503 | waits until nobody has typed there for half a minute',
      ],
    ],
    [
      'one thing after another',
      all(probed('db', 'liveness', verdict('unhealthy')), (world) => ({
        ...world,
        letters: new Map([['db', [letter]]]),
      })),
      [
        'liveness | restart: the http probe says that the answer was 503 | is done now',
        'letter | type what a person has sent: asked for by a person | comes after that',
      ],
    ],
    ['a text is to be typed', advised(compact), [`context | type a text: ${said(full)} | waits until it is idle`]],
    [
      'a text was typed',
      all(advised(compact), alerted('context', 'warn')),
      [`context | ${said(full)} | was typed 1m ago; not again before this is over`],
    ],
    [
      'a text could not be typed',
      all(advised(compact), alerted('context', 'notify')),
      [`context | ${said(full)} | could not be typed 1m ago; not again before this is over`],
    ],
    ['a person is told', advised(asks), ['waiting | has waited for a login for 1m | is told now']],
    [
      'a person was told',
      all(advised(asks), alerted('waiting', 'notify')),
      ['waiting | has waited for a login for 1m | was told 1m ago'],
    ],
    [
      'it is left alone once it ends',
      history('db', { hold: { reason: full, since: NOW, fingerprint: undefined } }),
      [`hold | ${said(full)} | it is not started again when it ends`],
    ],
    [
      'it has failed before',
      history('db', { failures: [NOW - 2 * HOUR, NOW - MINUTE, NOW] }),
      ['crash_loop | failed 2 times within 10m | after more than 5 it is held'],
    ],
  ])('%s', (_, change, expected) => expect(decided(change)).toEqual(expected));
});

function said(reason: typeof full): string {
  return reason.code === 'context_full' ? 'its context is 90% full, above 85%' : '';
}

const hold = (reason: Reason) => history('db', { hold: { reason, since: NOW, fingerprint: undefined, stops: true } });
const failed = died('db', code(3), { at: NOW - 500, uptime: SECOND });
const once = 'crash_loop | failed once within 10m | after more than 5 it is held';

describe('of one that does not run', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['it is in its back-off', failed, ['start | the program ended: exit code 3 | waits for 0s more', once]],
    [
      'it is held',
      died('db', code(127)),
      ['start | command not found (exit code 127) | is not started until other settings, or `colony start db`', once],
    ],
    [
      'its program is missing',
      all(noSession('db'), obstacle('db', { code: 'command_not_found', program: 'postgres' })),
      ['start | command not found: postgres | is started as soon as that is mended'],
    ],
    [
      'its folder is missing',
      all(noSession('db'), obstacle('db', { code: 'workdir_missing', path: '/gone' })),
      ['start | the working directory does not exist: /gone | is started as soon as that is mended'],
    ],
    [
      'a person stopped it',
      all(noSession('db'), stoppedByPerson('db')),
      ['start | asked for by a person | is not started until `colony start db`'],
    ],
    [
      'a schedule stopped it',
      all(noSession('db'), hold({ code: 'scheduled', cron: '0 4 * * *', tz: 'UTC' })),
      ['start | scheduled: 0 4 * * * (UTC) | is not started until `colony start db`, or its schedule'],
    ],
    [
      'its work is done',
      all(noSession('db'), hold({ code: 'work_done', text: 'DONE' })),
      ['start | its work is done: DONE | is not started until other settings, or `colony start db`'],
    ],
    [
      'it has ended well',
      all(restart('db', { policy: 'on-failure' }), died('db', code(0))),
      ['start | the program ended: exit code 0 | is not started until other settings, or `colony start db`', once],
    ],
    ['it is being stopped', operation('db', 'stopping'), ['stop | asked for by a person | is being done']],
    [
      'it is disabled',
      all(noSession('db'), spec('db', { enabled: false })),
      ['start | disabled in the file | is not started until that changes'],
    ],
    [
      'it waits for others',
      all(
        noSession('db'),
        pane('worker', { state: 'gone' }),
        spec('db', { depends_on: { worker: { condition: 'ready' } } }),
      ),
      ['start | waits for worker | waits for that, and starts then'],
    ],
  ])('%s', (_, change, expected) => expect(decided(change)).toEqual(expected));
});
