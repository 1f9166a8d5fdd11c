import { describe, expect, test } from 'vitest';
import type { AgentStatus, Awaited } from '../../src/control/protocol.ts';
import { viewOf } from '../../src/reconciler/view.ts';
import { type Judgement, judge } from '../../src/supervisor/awaited.ts';
import {
  all,
  type Change,
  code,
  died,
  history,
  NOW,
  noSession,
  nothing,
  operation,
  pane,
  removedFromFile,
  restart,
  SECOND,
  signal,
  spec,
  spoilt,
  stoppedByPerson,
} from '../reconciler/base.ts';

const BUSY = { state: 'busy', source: 'record', age_ms: 1 } as const;

/** What is said of `worker`, or of `names`, in a healthy world with this change. */
function judged(
  what: Awaited,
  change: Change,
  names: readonly string[] | 'all' = ['worker'],
  activity: AgentStatus['activity'] = BUSY,
): Judgement {
  return judge(
    viewOf(spoilt(change)).map((view) => ({ view, activity })),
    names === 'all' ? undefined : names,
    what,
  );
}

const off = all(noSession('worker'), history('worker', undefined));
const disabled = all(off, spec('worker', { enabled: false }));
const byPerson = all(pane('worker', { state: 'dead', pane: '%3', exit: code(0) }), stoppedByPerson('worker'));
const held = all(
  pane('worker', { state: 'dead', pane: '%3', exit: code(127) }),
  history('worker', {
    hold: { reason: { code: 'command_not_found', program: 'x' }, since: NOW, fingerprint: undefined },
  }),
);
const job = restart('worker', { policy: 'on-failure' });
const once = restart('worker', { policy: 'never' });
const ended = (exit: number, last = {}) => died('worker', code(exit), last);
const signed = spec('worker', { completion: { output: 'DONE', answer: undefined } });
const saidDone = all(
  died('worker', signal(15), { unplanned: false }, { unanswered: false }),
  history('worker', {
    hold: { reason: { code: 'work_done', text: 'DONE' }, since: NOW, fingerprint: 'v1:worker', stops: true },
  }),
);
const backoff = ended(1, { at: NOW - SECOND / 2, uptime: 1 });

type Row = readonly [string, Change, Readonly<Record<Exclude<Awaited, 'idle'>, Judgement['is']>>];

const ROWS: readonly Row[] = [
  ['runs', nothing, { ready: 'so', stopped: 'not_yet', completed: 'never' }],
  ['runs, as work that ends', job, { ready: 'so', stopped: 'not_yet', completed: 'not_yet' }],
  ['is about to be started', off, { ready: 'not_yet', stopped: 'not_yet', completed: 'never' }],
  ['is being started', operation('worker', 'starting'), { ready: 'not_yet', stopped: 'not_yet', completed: 'never' }],
  ['is being stopped', operation('worker', 'stopping'), { ready: 'not_yet', stopped: 'not_yet', completed: 'never' }],
  ['is in back-off', backoff, { ready: 'not_yet', stopped: 'not_yet', completed: 'never' }],
  ['is in back-off, as work', all(job, backoff), { ready: 'not_yet', stopped: 'not_yet', completed: 'not_yet' }],
  ['was stopped by a person', byPerson, { ready: 'never', stopped: 'so', completed: 'never' }],
  [
    'was stopped, and still lives',
    stoppedByPerson('worker'),
    { ready: 'not_yet', stopped: 'not_yet', completed: 'never' },
  ],
  ['is disabled', disabled, { ready: 'never', stopped: 'so', completed: 'never' }],
  ['is held', held, { ready: 'never', stopped: 'so', completed: 'never' }],
  ['has done its work', all(job, ended(0)), { ready: 'never', stopped: 'so', completed: 'so' }],
  ['works until a sign says that it is done', signed, { ready: 'so', stopped: 'not_yet', completed: 'not_yet' }],
  ['has said that its work is done', all(signed, saidDone), { ready: 'never', stopped: 'so', completed: 'so' }],
  ['has failed for good', all(once, ended(3)), { ready: 'never', stopped: 'so', completed: 'never' }],
  [
    'left the file, and still runs',
    removedFromFile('worker'),
    { ready: 'never', stopped: 'not_yet', completed: 'never' },
  ],
  ['left the file', all(off, removedFromFile('worker')), { ready: 'never', stopped: 'so', completed: 'never' }],
];

describe('an agent that', () => {
  test.each(ROWS)('%s', (_, change, expected) => {
    const found = Object.fromEntries(Object.keys(expected).map((what) => [what, judged(what as Awaited, change).is]));
    expect(found).toEqual(expected);
  });
});

describe('the reason says what to know', () => {
  const none = restart('db', { policy: 'never' });
  const dbFailed = all(none, died('db', code(3)), noSession('api'), history('api', undefined));
  test.each<[string, Awaited, Change, string[], string]>([
    ['stopped by a person', 'ready', byPerson, ['worker'], 'stopped by a person; `colony start worker` starts it'],
    ['held', 'ready', held, ['worker'], 'held: command not found: x'],
    ['disabled', 'ready', disabled, ['worker'], 'disabled in the file'],
    ['completed', 'ready', all(job, ended(0)), ['worker'], 'completed: the program ended: exit code 0'],
    [
      'failed',
      'completed',
      all(once, ended(3)),
      ['worker'],
      'the program ended: exit code 3, and its restart policy is never',
    ],
    [
      'endless',
      'completed',
      nothing,
      ['worker'],
      'it is started again whenever it ends, because its restart policy is unless-stopped',
    ],
    [
      'behind one that will not come',
      'ready',
      dbFailed,
      ['api'],
      'waits for db: the program ended: exit code 3, and its restart policy is never',
    ],
    ['not yet', 'ready', backoff, ['worker'], 'backoff: the program ended: exit code 1'],
    ['not yet', 'stopped', nothing, ['worker'], 'ready'],
  ])('%s', (_, what, change, names, text) => {
    expect(judged(what, change, names).why).toEqual([{ agent: names[0], text }]);
  });
});

describe('without a name', () => {
  test('all that are meant to run are meant', () => {
    expect(judged('ready', byPerson, 'all')).toEqual({ is: 'so', why: [] });
    expect(judged('ready', disabled, 'all').is).toBe('so');
    expect(judged('ready', all(job, ended(0)), 'all').is).toBe('so');
    expect(judged('ready', held, 'all').why.map(({ agent }) => agent)).toEqual(['worker']);
  });

  test('to be completed, work that failed counts, and what is off does not', () => {
    const jobs = all(restart('api', { policy: 'never' }), restart('db', { policy: 'never' }), once);
    expect(judged('completed', all(jobs, byPerson), 'all').why.map(({ agent }) => agent)).toEqual(['api', 'db']);
    expect(judged('completed', all(jobs, ended(3)), 'all')).toMatchObject({ is: 'never' });
  });

  test('to be stopped, everything counts', () => {
    expect(judged('stopped', byPerson, 'all').why.map(({ agent }) => agent)).toEqual(['api', 'db']);
  });
});

describe('idle', () => {
  test.each([
    ['idle', nothing, 'so'],
    ['busy', nothing, 'not_yet'],
    ['waiting', nothing, 'not_yet'],
    ['busy', held, 'never'],
  ] as const)('%s', (state, change, is) => {
    expect(judged('idle', change, ['worker'], { ...BUSY, state }).is).toBe(is);
  });
});
