import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Proc } from '../../../src/processes/table.ts';
import type { Usage } from '../../../src/processes/usage.ts';
import type { Event, Reported, RunId, Session } from '../../../src/reconciler/types.ts';
import type { Colony } from '../../../src/supervisor/colony.ts';
import { Reader } from '../../../src/supervisor/reading/reader.ts';
import { withCauses } from '../../../src/supervisor/vitals/causes.ts';
import { Gauge } from '../../../src/supervisor/vitals/gauge.ts';
import { OomWatch } from '../../../src/supervisor/vitals/oom.ts';
import { freshVitals, syncVitals, watchVitals } from '../../../src/supervisor/vitals/sync.ts';
import {
  all,
  base,
  type Change,
  code,
  NOW,
  nothing,
  pane,
  SECOND,
  session,
  signal,
  spec,
  spoilt,
} from '../../reconciler/base.ts';
import { waitFor } from '../../rig/wait.ts';

const LIMITED = spec('db', {
  memory: { limit: 1, growth: undefined, for: 30_000, measure: 'rss', action: { do: 'restart' }, when: 'now', wait: 0 },
});

const open: Colony[] = [];
afterEach(() => {
  for (const { nextLook } of open.splice(0)) clearTimeout(nextLook);
});

/** A process below the program of db. */
const CHILD = 900;

type Made = Colony & { looks: number; time: number; kills: number; victims: number[]; events: Event[] };

/** The healthy colony, spoiled, with a process for each program that uses nothing. */
function colonyOf(change: Change, more: Partial<Colony> = {}): Made {
  const { desired, observed, ledger } = spoilt(change);
  const usage: Usage = { own: 0, reaped: 0, rss: 4096 };
  const pids = [...observed.sessions.values()].flat().flatMap(({ main }) => (main.state === 'alive' ? [main.pid] : []));
  const [parent] = (observed.sessions.get('db') ?? []).flatMap(({ main }) =>
    main.state === 'alive' ? [main.pid] : [],
  );
  const table = new Map(
    [...pids, CHILD].map((pid): [number, Proc & Usage] => {
      const ppid = pid === CHILD ? (parent ?? 1) : 1;
      return [pid, { pid, ppid, start: '1', zombie: false, ...usage }];
    }),
  );
  const made = {
    desired,
    observed,
    operations: new Map(),
    vitals: new Map(),
    clock: () => made.time,
    reports: { of: () => undefined, told: () => undefined },
    reader: new Reader(),
    journal: { ledger, announce: (event: Event) => made.events.push(event) },
    oom: new OomWatch({ kills: () => made.kills, victims: () => made.victims }),
    gauge: new Gauge(() => {
      made.looks += 1;
      return { table, usageOf: async () => table };
    }),
    nextLook: undefined,
    looks: 0,
    time: NOW,
    kills: 3,
    victims: [],
    events: [],
    ...more,
  } as unknown as Made;
  open.push(made);
  return made;
}

describe('the processes are looked at', () => {
  test.each<[string, Change, boolean]>([
    ['by nobody, if nothing needs it', nothing, false],
    ['if a program has a limit', LIMITED, true],
    ['not if that program does not run', all(LIMITED, pane('db', { state: 'dead', pane: '%1', exit: code(0) })), false],
  ])('%s', (_name, change, expected) => {
    const colony = colonyOf(change);
    syncVitals(colony, () => undefined);
    expect(colony.nextLook !== undefined).toBe(expected);
    expect(colony.looks).toBe(0);
  });

  test('again and again, and whoever decides is woken', async () => {
    const colony = colonyOf(LIMITED);
    const wake = vi.fn(() => syncVitals(colony, wake));
    syncVitals(colony, wake);
    await waitFor('the first look', () => wake.mock.calls.length > 0);
    expect(colony.vitals.get('db')?.samples).toMatchObject([{ processes: 2, rss: 8192 }]);
    expect(colony.nextLook).toBeDefined();
    colony.time += 5 * SECOND;
    clearTimeout(colony.nextLook);
    colony.nextLook = undefined;
    syncVitals(colony, wake);
    await waitFor('the second look', () => wake.mock.calls.length > 1);
    expect(colony.vitals.get('db')?.samples).toHaveLength(2);
  });

  test('no longer when nothing needs it any more', () => {
    const colony = colonyOf(LIMITED);
    syncVitals(colony, () => undefined);
    colony.desired = base().desired;
    syncVitals(colony, () => undefined);
    expect(colony.nextLook).toBeUndefined();
  });

  test('while somebody waits for what they tell', () => {
    const colony = colonyOf(nothing);
    const leave = watchVitals(colony, () => undefined);
    expect(colony.nextLook).toBeDefined();
    leave();
    syncVitals(colony, () => undefined);
    expect(colony.nextLook).toBeUndefined();
  });

  test('for who asks, but not twice within two seconds', async () => {
    const colony = colonyOf(nothing);
    await Promise.all([freshVitals(colony), freshVitals(colony)]);
    expect(colony.looks).toBe(1);
    colony.time += 2 * SECOND - 1;
    await freshVitals(colony);
    expect(colony.looks).toBe(1);
    colony.time += 1;
    await freshVitals(colony);
    expect(colony.looks).toBe(2);
  });
});

describe('what is known of a run', () => {
  const started = NOW - 5 * SECOND - 400;
  const shown = (patch: Partial<Session>, more: Partial<Colony> = {}) => {
    const colony = colonyOf(all(LIMITED, session('db', { started, ...patch })), more);
    syncVitals(colony, () => undefined);
    return colony.vitals.get('db');
  };
  test.each<[string, number | undefined, number | undefined]>([
    ['none', undefined, undefined],
    ['of an earlier life', started - SECOND, undefined],
    ['of the second in which it was started', started - SECOND + 1, started],
    ['of its own', NOW - SECOND, NOW - SECOND],
  ])('output: %s', (_name, output, expected) => expect(shown({ output })?.output).toBe(expected));

  test('what it says of itself', () => {
    const said: Reported = {
      ready: undefined,
      heartbeat: undefined,
      state: { state: 'waiting', at: NOW },
      status: { text: 'half of it', at: NOW },
      extendedUntil: undefined,
    };
    const reports = {
      of: (run: RunId) => (run === 'db-1' ? said : undefined),
      told: () => undefined,
    } as unknown as Colony['reports'];
    const vitals = shown({}, { reports });
    expect(vitals).toMatchObject({ said: said.status, activity: { state: 'waiting', source: 'report', since: NOW } });
  });

  test('a new life begins with nothing', () => {
    const colony = colonyOf(all(LIMITED, session('db', { output: NOW })));
    syncVitals(colony, () => undefined);
    expect(colony.vitals.get('db')?.activity.state).toBe('busy');
    colony.observed = spoilt(session('db', { run: 'db-2', started: NOW + 20 * SECOND, output: NOW })).observed;
    colony.time += 21 * SECOND;
    syncVitals(colony, () => undefined);
    expect(colony.vitals.get('db')).toMatchObject({ run: 'db-2', activity: { state: 'unknown' }, output: undefined });
  });
});

describe('the kernel kills for want of memory', () => {
  const dead = (colony: Made) => {
    const { observed } = spoilt(pane('db', { state: 'dead', pane: '%1', exit: signal(9) }));
    return withCauses(colony, base().observed, observed, 'ended').sessions.get('db')?.[0]?.main;
  };
  const pid = (name: string) => {
    const main = base().observed.sessions.get(name)?.[0]?.main;
    return main?.state === 'alive' ? main.pid : 0;
  };

  test('a program', () => {
    const colony = colonyOf(nothing);
    withCauses(colony, colony.observed, base().observed, 'anything');
    Object.assign(colony, { kills: 4, victims: [pid('db')] });
    expect(dead(colony)).toMatchObject({ oom: true });
  });
  test('a program, and the count was read a moment before its end was seen', () => {
    const colony = colonyOf(nothing, {});
    withCauses(colony, colony.observed, base().observed, 'anything');
    Object.assign(colony, { kills: 4, victims: [pid('db')] });
    withCauses(colony, colony.observed, base().observed, 'anything');
    expect(dead(colony)).toMatchObject({ oom: true });
  });
  test('nobody, and a program was killed', () => {
    const colony = colonyOf(nothing);
    withCauses(colony, colony.observed, base().observed, 'anything');
    expect(dead(colony)).not.toHaveProperty('oom');
  });
  test('something below a program that runs on', async () => {
    const colony = colonyOf(nothing);
    await freshVitals(colony);
    withCauses(colony, colony.observed, base().observed, 'anything');
    Object.assign(colony, { kills: 4, victims: [CHILD] });
    withCauses(colony, colony.observed, base().observed, 'ended');
    expect(colony.events).toEqual([]);
    withCauses(colony, colony.observed, base().observed, 'anything');
    expect(colony.events).toMatchObject([{ type: 'alert', policy: 'oom', reason: { code: 'oom_killed' } }]);
  });
});
