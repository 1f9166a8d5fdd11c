import { describe, expect, test } from 'vitest';
import { reconcile } from '../../src/reconciler/reconcile.ts';
import type { AgentName } from '../../src/reconciler/types.ts';
import { viewOf } from '../../src/reconciler/view.ts';
import {
  all,
  breaker,
  type Change,
  circuit,
  code,
  died,
  history,
  inWords,
  lastExitOf,
  MINUTE,
  NOW,
  newCommand,
  noSession,
  obstacle,
  restart,
  restartSpec,
  SECOND,
  situationIn,
  spec,
  specOf,
  spoilt,
  stoppedByPerson,
} from './base.ts';

const failed = died('db', code(3), { at: NOW - MINUTE });
const open: Change = circuit({ state: 'open', since: NOW - MINUTE, agents: 3 });
const trial = (agent: AgentName, run: string): Change =>
  circuit({ state: 'trial', since: NOW - SECOND, agents: 3, agent, run });
const closed = (since: number, agents: number): Change => circuit({ state: 'closed', since, agents });

/** The situation of db in words, and until when it waits, counted from now. */
function waits(change: Change): string {
  const found = situationIn(spoilt(change));
  return found.is === 'backoff' ? `${inWords(found)} for ${(found.until - NOW) / SECOND} s` : inWords(found);
}

const rows = (table: readonly (readonly [string, Change, string])[]) =>
  test.each(table)('%s', (_, change, expected) => expect(waits(change)).toBe(expected));

describe('while it is open', () => {
  rows([
    ['a failure is not answered', all(open, failed), 'backoff: circuit_open for 240 s'],
    [
      'the first failure of all is not either',
      all(open, died('db', code(3), { uptime: MINUTE })),
      'backoff: circuit_open for 240 s',
    ],
    ['a shorter back-off does not matter', all(open, died('db', code(3))), 'backoff: circuit_open for 240 s'],
    [
      'a longer back-off does',
      all(open, died('db', code(3), { at: NOW }, { attempt: 9 })),
      'backoff: exited for 256 s',
    ],
    ['an end by hand is a failure as any other', all(open, failed, noSession('db')), 'backoff: circuit_open for 240 s'],
    [
      'a pause that is over lasts until that is noticed',
      all(circuit({ state: 'open', since: NOW - 5 * MINUTE, agents: 3 }), failed),
      'backoff: circuit_open for 0.001 s',
    ],
    ['a success is no failure', all(open, died('db', code(0), { at: NOW - MINUTE })), 'startable: exited'],
    [
      'a crash loop is held',
      all(open, died('db', code(3), {}, { failures: [1, 2, 3, 4, 5, 6].map((n) => NOW - n) })),
      'failing: crash_loop',
    ],
    [
      'an agent that is never restarted stays stopped',
      all(open, failed, restart('db', { policy: 'never' })),
      'stopped: exited',
    ],
    [
      'what is in the way comes first',
      all(open, failed, obstacle('db', { code: 'workdir_missing', path: '/gone' })),
      'held: workdir_missing',
    ],
    [
      'a dependency that is missing comes first',
      all(open, failed, spec('db', { depends_on: { worker: { condition: 'ready' } } }), noSession('worker')),
      'waiting: dependency_not_ready',
    ],
    ['a stop by a person sticks', all(open, failed, stoppedByPerson('db')), 'stopped: user_requested'],
    [
      'a start by a person is done',
      all(open, failed, history('db', { unanswered: false, attempt: 0 })),
      'startable: not_running',
    ],
    ['a change of the file is done', all(open, failed, newCommand('db')), 'startable: config_changed'],
    ['a first start is done', all(open, noSession('db'), history('db', undefined)), 'startable: not_running'],
    [
      'what was lost with the tmux server is started',
      all(
        open,
        noSession('db'),
        history('db', {
          lastExit: lastExitOf('db', code(0), { unplanned: false }),
          reason: { code: 'tmux_server_lost' },
        }),
      ),
      'startable: tmux_server_lost',
    ],
    ['switched off: it keeps nobody back', all(open, failed, breaker({ mode: 'off' })), 'startable: exited'],
  ]);

  test('status says when', () => {
    const view = viewOf(spoilt(open, failed)).find(({ agent }) => agent === 'db');
    expect(view).toMatchObject({ phase: 'backoff', reason: { code: 'circuit_open' }, nextActionAt: NOW + 4 * MINUTE });
  });

  test('the loop is woken when the pause is over, also where nobody waits', () => {
    expect(reconcile(spoilt(open, failed)).wakeAt).toBe(NOW + 4 * MINUTE);
    expect(reconcile(spoilt(open)).wakeAt).toBe(NOW + 4 * MINUTE);
  });
});

describe('while one is tried', () => {
  rows([
    ['that one is started', all(trial('db', 'db-1'), failed), 'startable: exited'],
    ['its own back-off counts', all(trial('db', 'db-1'), died('db', code(3))), 'backoff: exited for 1 s'],
    [
      'a failure of the trial is not answered until it is noticed',
      all(trial('db', 'db-0'), failed),
      'backoff: circuit_open for 0.001 s',
    ],
    [
      'the others wait for it to be started',
      all(trial('api', 'api-1'), failed, died('api', code(3))),
      'backoff: circuit_open for 9 s',
    ],
    [
      'the others wait until it has lived for a while',
      all(trial('api', 'api-0'), failed, history('api', { started: NOW - 4 * SECOND })),
      'backoff: circuit_open for 6 s',
    ],
  ]);
});

describe('after it has closed', () => {
  const patient = restart('db', { backoff: { ...restartSpec.backoff, initial: 0 } });
  rows([
    ['nobody else waited: at once', all(closed(NOW, 0), failed), 'startable: exited'],
    ['each in its turn', all(closed(NOW, 100), failed), 'backoff: circuit_open for 1.182 s'],
    ['when its turn has come', all(closed(NOW - MINUTE, 100), failed), 'startable: exited'],
    [
      'what fails afterwards is answered as ever',
      all(closed(NOW - 1, 100), patient, died('db', code(3))),
      'startable: exited',
    ],
  ]);

  const turns = (count: number) =>
    Array.from({ length: count }, (_, index) => {
      const name = `w${index}`;
      const world = spoilt(spec(name, specOf(name)), died(name, code(3), { at: NOW - MINUTE }), closed(NOW, count));
      const found = situationIn(world, name);
      return found.is === 'backoff' ? found.until - NOW : 0;
    });

  test.each([2, 20, 200])('%i agents come back over half a second for each', (count) => {
    const found = turns(count);
    expect(Math.max(...found)).toBeLessThanOrEqual(count * 500);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
    expect(turns(count)).toEqual(found);
  });

  test('and not all at once', () => {
    const found = turns(200);
    const mean = found.reduce((sum, turn) => sum + turn, 0) / found.length;
    expect(new Set(found).size).toBeGreaterThan(190);
    expect(Math.abs(mean - 50 * SECOND)).toBeLessThan(8 * SECOND);
  });
});
