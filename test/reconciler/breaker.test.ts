import { describe, expect, test } from 'vitest';
import { circuitEvent } from '../../src/reconciler/breaker.ts';
import type { AgentName, CircuitEvent, History, LastExit } from '../../src/reconciler/types.ts';
import {
  all,
  breaker,
  type Change,
  circuit,
  code,
  died,
  HOUR,
  history,
  MINUTE,
  NOW,
  nothing,
  obstacle,
  pane,
  restart,
  restartSpec,
  SECOND,
  signal,
  spec,
  spoilt,
  stoppedByPerson,
} from './base.ts';

/** It failed again right after its restart, and its own back-off is over. */
const failed = (name: AgentName, last: Partial<LastExit> = {}, past: Partial<History> = {}): Change =>
  all(
    restart(name, { backoff: { ...restartSpec.backoff, initial: 0 } }),
    died(name, code(3), last, { attempt: 2, ...past }),
  );

const alone = spec('api', { depends_on: {} });
const allFailed = all(alone, failed('api'), failed('db'), failed('worker'));

/** `opened api, db`, `trial db of db-1`, `closed: 2`, or nothing. */
function said(event: CircuitEvent | undefined): string {
  if (event?.type === 'circuit_opened') return `opened ${event.agents.join(', ')}`;
  if (event?.type === 'circuit_trial') return `trial ${event.agent} of ${event.run}`;
  return event ? `closed: ${event.agents}` : 'nothing';
}

const rows = (table: readonly (readonly [string, Change, string])[]) =>
  test.each(table)('%s', (_, change, expected) => expect(said(circuitEvent(spoilt(change)))).toBe(expected));

describe('a closed breaker', () => {
  rows([
    ['all is well', nothing, 'nothing'],
    ['all failed again', allFailed, 'opened api, db, worker'],
    ['one of three did not', all(alone, failed('api'), failed('db')), 'nothing'],
    ['one failed for the first time', all(allFailed, failed('db', {}, { attempt: 1 })), 'nothing'],
    ['one had lived for as long as the window', all(allFailed, failed('db', { uptime: MINUTE })), 'nothing'],
    [
      'one had lived for nearly as long',
      all(allFailed, failed('db', { uptime: MINUTE - 1 })),
      'opened api, db, worker',
    ],
    [
      'of one nobody knows how long it lived',
      all(allFailed, failed('db', { uptime: undefined })),
      'opened api, db, worker',
    ],
    ['one failed too long ago', all(allFailed, failed('db', { at: NOW - MINUTE })), 'nothing'],
    [
      'one failed just not too long ago',
      all(allFailed, failed('db', { at: NOW - MINUTE + 1 })),
      'opened api, db, worker',
    ],
    ['one ended well', all(allFailed, died('db', code(0), {}, { attempt: 2 })), 'nothing'],
    ['one was ended on purpose', all(allFailed, failed('db', { unplanned: false }, { unanswered: false })), 'nothing'],
    [
      'one runs again: its failure counts on',
      all(
        allFailed,
        pane('db', { state: 'alive', pane: '%2', pid: 5 }),
        history('db', { run: 'db-2', unanswered: false }),
      ),
      'opened api, db, worker',
    ],
    [
      'one is held by its crash loop: it failed all the same',
      all(allFailed, history('db', { hold: { reason: { code: 'oom_killed' }, since: NOW, fingerprint: 'v1:db' } })),
      'opened api, db, worker',
    ],
    ['who failed and is disabled by now does not count', all(allFailed, spec('db', { enabled: false })), 'nothing'],
    ['who failed and was stopped by a person since does not count', all(allFailed, stoppedByPerson('db')), 'nothing'],
    [
      'a single agent is the business of its crash loop',
      all(failed('db'), spec('api', { enabled: false }), spec('worker', { enabled: false })),
      'nothing',
    ],
    [
      'two are enough if the file says so',
      all(failed('db'), failed('worker'), breaker({ failures: 2 })),
      'opened db, worker',
    ],
    ['more than there are agents never fail', all(allFailed, breaker({ failures: 4 })), 'nothing'],
    ['off', all(allFailed, breaker({ mode: 'off' })), 'nothing'],
    [
      'what failed before it closed was dealt with',
      all(allFailed, circuit({ state: 'closed', since: NOW, agents: 0 })),
      'nothing',
    ],
    [
      'what failed after it closed was not',
      all(allFailed, circuit({ state: 'closed', since: NOW - 1, agents: 0 })),
      'opened api, db, worker',
    ],
  ]);
});

const open = (since: number): Change => circuit({ state: 'open', since, agents: 3 });
const pauseOver = open(NOW - 5 * MINUTE);

describe('an open breaker', () => {
  rows([
    ['the pause is on', all(allFailed, open(NOW - 5 * MINUTE + 1)), 'nothing'],
    ['the pause is over: by name, as all have waited as long', all(allFailed, pauseOver), 'trial api of api-1'],
    [
      'who has waited longest is tried',
      all(allFailed, pauseOver, failed('worker', { at: NOW - HOUR })),
      'trial worker of worker-1',
    ],
    [
      'who could not be started is not tried',
      all(allFailed, pauseOver, obstacle('api', { code: 'workdir_missing', path: '/gone' })),
      'trial db of db-1',
    ],
    [
      'who waits for another one is not tried',
      all(allFailed, pauseOver, spec('api', { depends_on: { db: { condition: 'ready' } } })),
      'trial db of db-1',
    ],
    ['all run again', pauseOver, 'closed: 0'],
    ['all were stopped', all(allFailed, pauseOver, ...['api', 'db', 'worker'].map(stoppedByPerson)), 'closed: 0'],
    [
      'all that wait are in a back-off of their own',
      all(pauseOver, spec('api', { depends_on: {} }), died('db', code(3), {}, { attempt: 9 })),
      'nothing',
    ],
    ['off', all(allFailed, open(NOW), breaker({ mode: 'off' })), 'closed: 0'],
  ]);
});

const trial = (agent: AgentName, since = NOW): Change =>
  circuit({ state: 'trial', since, agents: 3, agent, run: `${agent}-1` });

/** The agent that is tried was started so long ago. */
const runs = (name: AgentName, age: number): Change =>
  all(
    pane(name, { state: 'alive', pane: '%2', pid: 5 }),
    history(name, { run: `${name}-2`, started: NOW - age, unanswered: false }),
  );

/** The agent that is tried was started, and ended. */
const ended = (name: AgentName, last: Partial<LastExit>, past: Partial<History> = {}): Change =>
  failed(name, { run: `${name}-2`, ...last }, { run: `${name}-2`, attempt: 3, ...past });

describe('a trial', () => {
  rows([
    ['is not begun', all(allFailed, trial('db')), 'nothing'],
    ['has just begun', all(allFailed, trial('db'), runs('db', 0)), 'nothing'],
    ['has nearly lasted', all(allFailed, trial('db', NOW - MINUTE), runs('db', 10 * SECOND - 1)), 'nothing'],
    ['has lasted', all(allFailed, trial('db', NOW - MINUTE), runs('db', 10 * SECOND)), 'closed: 2'],
    ['failed', all(allFailed, trial('db'), ended('db', {})), 'opened api, db, worker'],
    ['failed, and nobody else waits', all(trial('db'), ended('db', {})), 'closed: 1'],
    ['failed after it had lasted', all(allFailed, trial('db'), ended('db', { uptime: 10 * SECOND })), 'closed: 3'],
    ['ended well', all(allFailed, trial('db'), ended('db', code(0))), 'closed: 2'],
    [
      'was replaced on purpose: another one is tried',
      all(allFailed, trial('db'), ended('db', { ...signal(15), unplanned: false }, { unanswered: false })),
      'trial worker of worker-1',
    ],
    [
      'of an agent that a person stopped',
      all(allFailed, trial('db'), stoppedByPerson('db')),
      'trial worker of worker-1',
    ],
    [
      'of an agent that is gone from the file',
      all(allFailed, circuit({ state: 'trial', since: NOW, agents: 3, agent: 'old', run: 'old-1' })),
      'trial api of api-1',
    ],
    [
      'that does not begin goes on to the next',
      all(allFailed, trial('db', NOW - 10 * SECOND)),
      'trial worker of worker-1',
    ],
    ['and after the last to the first', all(allFailed, trial('worker', NOW - 10 * SECOND)), 'trial api of api-1'],
    ['that does not begin, and nobody else waits', all(failed('db'), trial('db', NOW - 10 * SECOND)), 'nothing'],
    [
      'of an agent that was stopped, and nobody else waits',
      all(failed('db'), trial('db'), stoppedByPerson('db')),
      'closed: 0',
    ],
    ['off', all(allFailed, trial('db'), breaker({ mode: 'off' })), 'closed: 0'],
  ]);
});
