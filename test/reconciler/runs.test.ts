import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LiveRuns, type RunRecord, recordRun } from '../../src/reconciler/runs.ts';
import type { Applied, Entry, Event, Exit, Reason } from '../../src/reconciler/types.ts';
import { anyJournal } from './journals.ts';

const applied = (settings: Record<string, string> = { command: 'serve', workdir: '/srv' }): Applied => ({
  fingerprint: 'v1:x',
  settings,
  stop: { sequence: [], grace: 0 },
  depends_on: [],
});
const started = (run: string, settings?: Record<string, string>): Event => ({
  ...{ type: 'started', agent: 'api', reason: { code: 'not_running' }, generation: 1, run, started: 10, pid: 7 },
  applied: applied(settings),
});
const exited = (run: string, exit: Partial<Exit>, more: { oom?: boolean; reason?: Reason } = {}): Event => ({
  ...{ type: 'exited', agent: 'api', exit: { code: undefined, signal: undefined, ...exit }, ended: 50 },
  ...{ generation: 1, run, uptime: 40, oom: false, healthy: false },
  reason: { code: 'exited', exit: { code: 1, signal: undefined } },
  ...more,
});
const stopping: Event = { type: 'stopping', agent: 'api', run: 'r1', reason: { code: 'user_requested' } };
const removed: Event = { type: 'removed', agent: 'api', run: 'r1', reason: { code: 'removed_from_file' } };

function play(...events: readonly Event[]): { live: LiveRuns; ended: RunRecord[] } {
  let live: LiveRuns = new Map();
  const ended: RunRecord[] = [];
  for (const [at, event] of events.entries()) {
    const step = recordRun(live, { seq: at + 1, at: 100 + at, ...event } as Entry);
    live = step.live;
    ended.push(...step.ended);
  }
  return { live, ended };
}

test('a life that goes on', () => {
  const { live, ended } = play(started('r1'));
  expect(ended).toEqual([]);
  expect(live.get('api')).toMatchObject({ run: 'r1', state: 'running', command: 'serve', workdir: '/srv', pid: 7 });
});

describe('how a life ended', () => {
  test.each<[string, Event[], object]>([
    ['with success', [exited('r1', { code: 0 })], { state: 'completed', ended: 50, tail: [] }],
    ['with a code', [exited('r1', { code: 3 })], { state: 'failed', exit: { code: 3, signal: undefined } }],
    ['by a signal that is sent', [exited('r1', { signal: 9 })], { state: 'killed' }],
    ['by a signal of its own doing', [exited('r1', { signal: 11 })], { state: 'failed' }],
    ['without memory', [exited('r1', { signal: 9 }, { oom: true })], { state: 'failed', oom: true }],
    [
      'because colony was asked',
      [stopping, exited('r1', { code: 0 })],
      { state: 'killed', reason: { code: 'user_requested', text: 'asked for by a person' } },
    ],
    [
      'because its work was done',
      [{ ...stopping, reason: { code: 'work_done', text: 'DONE' } }, exited('r1', { signal: 15 })],
      { state: 'completed', reason: { code: 'work_done', text: 'its work is done: DONE' } },
    ],
    ['with its session', [stopping, removed], { state: 'killed', ended: 102, reason: { code: 'user_requested' } }],
    ['because its session was closed', [exited('r1', {}, { reason: { code: 'session_closed' } })], { state: 'killed' }],
    [
      'with the server',
      [{ type: 'server_lost', agents: 1 }],
      { state: 'killed', reason: { code: 'tmux_server_lost' } },
    ],
    ['unseen', [started('r2')], { state: 'killed', ended: 101 }],
  ])('%s', (_, events, expected) => {
    const { ended } = play(started('r1'), ...events);
    expect(ended).toMatchObject([{ agent: 'api', run: 'r1', ...expected }]);
  });

  test('and its last lines come after it', () => {
    const last: Event = { type: 'last_lines', agent: 'api', run: 'r1', tail: ['bye'] };
    const { live } = play(started('r1'), exited('r1', { code: 0 }));
    expect(recordRun(live, { seq: 9, at: 1, ...last })).toMatchObject({ live, ended: [], last });
  });

  test('is judged by the codes that the agent calls a success', () => {
    const codes = { command: 'x', 'restart.success_exit_codes': '[0,7]' };
    expect(play(started('r1', codes), exited('r1', { code: 7 })).ended).toMatchObject([{ state: 'completed' }]);
  });

  test('is not said by what another life did', () => {
    const other = { ...stopping, run: 'r0' };
    expect(play(started('r1'), other, exited('r0', { code: 1 })).ended).toEqual([]);
  });
});

test('values of variables never enter a record', () => {
  const { live } = play(started('r1', { command: 'secret:0123456789ab', workdir: 'secret:0123456789ab' }));
  expect(live.get('api')).toMatchObject({ command: undefined, workdir: undefined });
});

test('any journal gives each life once, and none that still runs among the ended', () => {
  fc.assert(
    fc.property(anyJournal, (events) => {
      const { live, ended } = play(...events);
      for (const record of ended) expect(record.state).not.toBe('running');
      for (const [agent, run] of live) expect([run.agent, run.state]).toEqual([agent, 'running']);
    }),
  );
});
