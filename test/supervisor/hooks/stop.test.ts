import { beforeEach, describe, expect, test } from 'vitest';
import type { AgentSpec, Event, Reason } from '../../../src/reconciler/types.ts';
import type { Colony } from '../../../src/supervisor/colony.ts';
import { maybeStop } from '../../../src/supervisor/hooks/stop.ts';

let told: Event[];

beforeEach(() => {
  told = [];
});

/** As much of a colony as a hook needs. */
function colonyWith(pre_stop: string | undefined, departed = false): Colony {
  const hook = pre_stop === undefined ? undefined : { command: pre_stop, timeout: 10_000 };
  const spec = {
    name: 'api',
    kind: 'shell',
    replica: 1,
    metadata: {},
    env: {},
    workdir: '/',
    hooks: { pre_stop: hook },
  };
  const agents = new Map([['api', spec as unknown as AgentSpec]]);
  const colony = {
    name: 'shop',
    path: '/shop/colony.yaml',
    home: undefined,
    paths: { spool: '/shop/spool' },
    environment: { PATH: process.env.PATH ?? '' },
    desired: { agents: departed ? new Map() : agents },
    departed: departed ? agents : new Map(),
    journal: { announce: (event: Event) => told.push(event) },
  };
  return colony as unknown as Colony;
}

const stop = (colony: Colony, reason: Reason, cutShort = new AbortController().signal) =>
  maybeStop(colony, { agent: 'api', generation: 1, run: 'api-1', pid: 7, reason }, cutShort);

const PLANNED: Reason = { code: 'user_requested' };

describe('a hook before a stop', () => {
  test.each<[string, string | undefined, Reason, boolean, boolean | undefined]>([
    ['says yes', 'exit 0', PLANNED, true, undefined],
    ['is not there', undefined, PLANNED, true, undefined],
    ['says no', 'exit 1', PLANNED, false, true],
    ['says no to a program that hangs', 'exit 1', { code: 'hung', text: 'no output' }, true, false],
    ['says no to one that is not well', 'exit 1', { code: 'liveness_failed', probe: 'http', text: '503' }, true, false],
    ['says no to one that leaks', 'exit 1', { code: 'memory_limit', used: 2, limit: 1, for: 0 }, true, false],
    ['says no to a removal', 'exit 1', { code: 'removed_from_file' }, false, true],
  ])('%s', async (_, hook, reason, stops, veto) => {
    expect(await stop(colonyWith(hook), reason)).toBe(stops);
    expect(told).toMatchObject(
      veto === undefined ? [] : [{ type: 'hook_failed', hook: 'pre_stop', veto, run: 'api-1' }],
    );
  });

  test('of an agent that has left the file is asked as well', async () => {
    expect(await stop(colonyWith('exit 1', true), PLANNED)).toBe(false);
  });

  test('is told why and whom', async () => {
    await stop(colonyWith('echo $COLONY_HOOK $COLONY_REASON $COLONY_PID; exit 1'), PLANNED);
    expect(told).toMatchObject([{ why: 'exit code 1: pre_stop user_requested 7' }]);
  });

  test('is not asked by somebody in a hurry, and ended by one who comes later', async () => {
    expect(await stop(colonyWith('exit 1'), PLANNED, AbortSignal.abort())).toBe(true);
    expect(await stop(colonyWith('sleep 600'), PLANNED, AbortSignal.timeout(100))).toBe(true);
    expect(told).toEqual([]);
  });
});
