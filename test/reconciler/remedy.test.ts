import { expect, test } from 'vitest';
import { beyondStart, remedyOf } from '../../src/reconciler/remedy.ts';
import { viewOf } from '../../src/reconciler/view.ts';
import {
  all,
  type Change,
  code,
  died,
  HOUR,
  history,
  NOW,
  noSession,
  nothing,
  obstacle,
  restart,
  spec,
  spoilt,
  stoppedByPerson,
} from './base.ts';

const OFF = '`enabled: true` in colony.yaml starts it';
const MENDED = 'it starts by itself once that is mended';

const off = (name: string) => all(spec(name, { enabled: false }), noSession(name));
const down = (name: string) => all(stoppedByPerson(name), died(name, code(0), { unplanned: false }));
const gone = obstacle('db', { code: 'workdir_missing', path: '/gone' });
const held = (name: string) =>
  history(name, {
    hold: { reason: { code: 'crash_loop', restarts: 5, window: HOUR }, since: NOW, fingerprint: undefined },
  });

/** `api` needs `db` to be ready. */
const ROWS: readonly (readonly [string, Change, string, string | undefined])[] = [
  ['it runs', nothing, 'db', undefined],
  ['switched off', off('db'), 'db', OFF],
  [
    'switched off, and stopped by hand before',
    all(off('db'), stoppedByPerson('db')),
    'db',
    '`enabled: true` in colony.yaml and then `colony start db` start it',
  ],
  ['stopped by hand', down('db'), 'db', undefined],
  ['held', all(noSession('db'), held('db')), 'db', undefined],
  ['its folder is not there', all(noSession('db'), gone), 'db', MENDED],
  [
    'its program is not there',
    all(noSession('db'), obstacle('db', { code: 'command_not_found', program: 'x' })),
    'db',
    MENDED,
  ],
  ['it ended with 127', died('db', code(127)), 'db', undefined],
  ['it has failed for good', all(restart('db', { policy: 'never' }), died('db', code(3))), 'db', undefined],
  ['waits for one that was stopped', all(noSession('api'), down('db')), 'api', '`colony start db` starts both'],
  [
    'waits for one that is held',
    all(noSession('api'), noSession('db'), held('db')),
    'api',
    '`colony start db` starts both',
  ],
  [
    'waits for one that is switched off',
    all(noSession('api'), off('db')),
    'api',
    '`enabled: true` of db in colony.yaml starts both',
  ],
  ['waits for one whose folder is not there', all(noSession('api'), noSession('db'), gone), 'api', MENDED],
  ['waits for one that is coming', all(noSession('api'), noSession('db')), 'api', undefined],
];

test.each(ROWS)('what a start by hand leaves to be done: %s', (_, change, agent, expected) => {
  const view = viewOf(spoilt(change)).find((each) => each.agent === agent);
  if (!view) throw new Error(`no agent ${agent} in this view`);
  expect(beyondStart(view)).toBe(expected);
  expect(remedyOf(view)).toBe(expected ?? `\`colony start ${agent}\` starts it`);
});
