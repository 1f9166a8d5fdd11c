import { describe, expect, test } from 'vitest';
import { tidings } from '../../src/reconciler/alerts.ts';
import {
  advised,
  all,
  type Change,
  does,
  history,
  NOW,
  noSession,
  nothing,
  operation,
  probed,
  putOff,
  spoilt,
  verdict,
} from './base.ts';

const busy = { code: 'cpu_busy', cpu: 1, above: 0.9, for: 1, silent: true } as const;
const warned = history('db', { alerts: { cpu: { level: 'warn', reason: busy, since: NOW } } });
const warns = advised('db', { do: 'warn' }, { policy: 'cpu', reason: busy });

describe('a person is told', () => {
  test.each<[string, Change, readonly string[]]>([
    ['nothing while there is nothing to tell', nothing, []],
    ['that a policy warns', warns, ['alert cpu']],
    ['that once', all(warns, warned), []],
    ['that it is over', warned, ['alert_over cpu']],
    ['that it is over with the life that it was about', all(warns, warned, noSession('db')), ['alert_over cpu']],
    ['nothing while something is typed into it', all(warned, operation('db', 'changing')), []],
    [
      'that it is over, with the life that is being ended',
      all(warned, operation('db', 'stopping')),
      ['alert_over cpu'],
    ],
    [
      'that a schedule has come, and that is dealt with',
      advised('db', { do: 'notify' }, { policy: 's', mark: { schedule: 'x', due: 1 } }),
      ['alert s', 'scheduled x'],
    ],
    [
      'that a probe failed which only notifies',
      probed('db', 'liveness', verdict('unhealthy', { on_failure: 'notify' })),
      ['alert liveness'],
    ],
    ['nothing of one that is answered', probed('db', 'liveness', verdict('unhealthy')), []],
    ['that what waited need not be done any more', putOff('db', 'max_age', 1), ['deferral_over max_age']],
    [
      'nothing of what still waits',
      all(advised('db', { do: 'restart' }, { when: 'idle' }), does('db', 'busy'), putOff('db', 'max_age', 1)),
      [],
    ],
  ])('%s', (_, change, expected) =>
    expect(
      tidings(spoilt(change)).map((event) => {
        if (event.type === 'alert' || event.type === 'alert_over') return `${event.type} ${event.policy}`;
        if (event.type === 'scheduled') return `${event.type} ${event.schedule}`;
        return event.type === 'deferral_over' ? `${event.type} ${event.what}` : event.type;
      }),
    ).toEqual(expected),
  );
});
