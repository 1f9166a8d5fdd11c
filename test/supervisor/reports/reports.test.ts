import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Notice, notify } from '../../../src/child/notify.ts';
import { emptyLedger, noHistory } from '../../../src/reconciler/ledger.ts';
import type { Entry, History, Ledger, Offset } from '../../../src/reconciler/types.ts';
import { parseReport } from '../../../src/supervisor/reports/parse.ts';
import { Reports } from '../../../src/supervisor/reports/reports.ts';
import { removeFolder } from '../../rig/remove.ts';
import { waitFor } from '../../rig/wait.ts';

let folder: string;
let ledger: Ledger;
let listeners: ((entry: Entry) => void)[];
const open: Reports[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'colony-spool-'));
  listeners = [];
  ledger = withRun('api', 'api-1');
});

afterEach(() => {
  for (const reports of open.splice(0)) reports.close();
  removeFolder(folder);
});

function withRun(agent: string, run: string, over: Partial<History> = {}): Ledger {
  return {
    ...emptyLedger,
    offsets,
    agents: new Map([[agent, { ...noHistory, generation: 1, run, ...over }]]),
  };
}

/** Half an hour ahead of the wall clock, as a steady clock may be. */
const AHEAD = 1_800_000;
const clock = () => Date.now() + AHEAD;
const offsets: readonly Offset[] = [{ since: 0, ahead: AHEAD }];

function reports(onNews = () => {}): Reports {
  const listen = (listener: (entry: Entry) => void) => {
    listeners.push(listener);
    return () => undefined;
  };
  const made = new Reports({ folder, clock, ledger: () => ledger, listen });
  open.push(made);
  made.watch(onNews);
  return made;
}

const tell = (notice: Notice, run = 'api-1', agent = 'api') =>
  expect(notify(notice, { COLONY_SPOOL: folder, COLONY_RUN_ID: run, COLONY_AGENT: agent })).toBe(true);

const announce = (entry: unknown) => {
  for (const listener of listeners) listener(entry as Entry);
};

test('what a program has said, with its time on the steady clock', async () => {
  const all = reports();
  const before = clock();
  for (const notice of ['ready', 'busy', 'heartbeat', { status: 'a\tb\u001b[1m' }, { extend: 60_000 }, 'idle'] as const)
    tell(notice);
  await all.read();
  const said = all.of('api-1');
  expect(said).toMatchObject({ state: { state: 'idle' }, status: { text: 'a b [1m' } });
  for (const at of [said?.ready, said?.heartbeat, said?.state?.at, (said?.extendedUntil ?? 0) - 60_000]) {
    // The time of a file is only as fine as a tick of the kernel.
    expect(at).toBeGreaterThan(before - 50);
    expect(at).toBeLessThanOrEqual(clock());
  }
  expect(all.of('api-2')).toBeUndefined();
});

test('the last one of each kind counts, in whatever order they are found', async () => {
  const all = reports();
  const states = ['busy', 'idle', 'waiting'] as const;
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < 20; i++) tell(states[(i * 7 + round) % 3] ?? 'busy');
    tell(states[round % 3] ?? 'busy');
    await all.read();
    expect(all.of('api-1')?.state?.state).toBe(states[round % 3]);
  }
  expect(readdirSync(folder)).toHaveLength(1);
});

test('a new supervisor knows what the one before knew, and what was said in between', async () => {
  tell('ready');
  const first = reports();
  await first.read();
  first.close();
  tell({ status: 'alone' });
  const [name = ''] = readdirSync(folder).filter((file) => file.startsWith('api-1.'));
  const anHourAgo = Date.now() / 1_000 - 3_600;
  utimesSync(join(folder, name), anHourAgo, anHourAgo);
  const second = reports();
  await second.read();
  expect(second.of('api-1')).toMatchObject({ status: { text: 'alone' } });
  const said = second.of('api-1');
  const oldest = Math.min(said?.ready ?? 0, said?.status?.at ?? 0);
  expect(Math.abs(oldest - (clock() - 3_600_000))).toBeLessThan(60_000);
});

test('a run that has ended is forgotten, with its files', async () => {
  const all = reports();
  tell('ready');
  await all.read();
  announce({ type: 'exited', agent: 'api', run: 'api-1' });
  expect(all.of('api-1')).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test.each<[string, () => Ledger]>([
  ['another one lives', () => withRun('api', 'api-2')],
  ['it has ended', () => withRun('api', 'api-1', { lastExit: { run: 'api-1' } as never })],
])('a report of a run that is not the present one is dropped: %s', async (_, now) => {
  ledger = now();
  const all = reports();
  tell('ready');
  await all.read();
  expect([all.of('api-1'), readdirSync(folder), all.warnings]).toEqual([undefined, [], []]);
});

test('what is said before the start is written down counts afterwards', async () => {
  ledger = { ...emptyLedger, offsets };
  const all = reports();
  await all.read();
  tell('ready');
  await all.read();
  expect(all.of('api-1')).toBeUndefined();
  ledger = withRun('api', 'api-1');
  announce({ type: 'started', agent: 'api', run: 'api-1' });
  await waitFor('it to count', () => all.of('api-1')?.ready);
});

test('one of a run that never comes is dropped after a while', async () => {
  const all = reports();
  tell('ready', 'other-9', 'other');
  await all.read();
  const [name = ''] = readdirSync(folder);
  const before = Date.now() / 1_000 - 11;
  utimesSync(join(folder, name), before, before);
  await all.read();
  expect(readdirSync(folder)).toEqual([]);
});

test('what the machine has slept is no while', async () => {
  const slept = 8 * 3_600_000;
  ledger = {
    ...emptyLedger,
    offsets: [
      { since: 0, ahead: AHEAD + slept },
      { since: clock() - 1_000, ahead: AHEAD },
    ],
  };
  const all = reports();
  tell('ready', 'other-9', 'other');
  const [name = ''] = readdirSync(folder);
  const before = (Date.now() - slept - 2_000) / 1_000;
  utimesSync(join(folder, name), before, before);
  await all.read();
  expect(readdirSync(folder)).toEqual([name]);
});

test('who waits is told of news, and not of each heartbeat', async () => {
  let news = 0;
  const all = reports(() => {
    news += 1;
  });
  await all.read();
  const after = async (notice: Notice, expected: number) => {
    const seen = all.of('api-1');
    tell(notice);
    await waitFor('it to be seen', () => JSON.stringify(all.of('api-1')) !== JSON.stringify(seen));
    expect(news).toBe(expected);
  };
  await after('heartbeat', 1);
  await nextInstant();
  await after('heartbeat', 1);
  await after('busy', 2);
  await after('idle', 3);
  await nextInstant();
  await after('idle', 3);
  await after('ready', 4);
});

/** Wait until files bear another time: their clock goes in steps of some milliseconds. */
async function nextInstant(): Promise<void> {
  const file = `${folder}-clock`;
  const dated = () => {
    writeFileSync(file, '');
    return statSync(file).mtimeMs;
  };
  const before = dated();
  await waitFor('the clock of files to move', () => dated() >= before + 5);
  rmSync(file);
}

describe('a hostile folder', () => {
  test('links, pipes, folders, long files and nonsense are deleted, and counted', async () => {
    const secret = join(folder, '..', `secret-${process.pid}`);
    writeFileSync(secret, JSON.stringify({ v: 1, run: 'api-1', agent: 'api', kind: 'ready' }));
    const at = (name: string) => join(folder, `api-1.${name}`);
    symlinkSync(secret, at('link'));
    execFileSync('mkfifo', [at('pipe')]);
    mkdirSync(at('folder'));
    writeFileSync(join(at('folder'), 'x'), 'x');
    writeFileSync(at('long'), 'x'.repeat(70_000));
    writeFileSync(at('nonsense'), '{"v":1');
    writeFileSync(join(folder, 'db-1.liar'), '{"v":1,"run":"api-1","agent":"api","kind":"ready"}');
    tell('heartbeat');
    const all = reports();
    await all.read();
    expect(all.of('api-1')).toMatchObject({ ready: undefined, heartbeat: expect.any(Number) });
    expect(readdirSync(folder)).toHaveLength(1);
    expect(all.warnings).toEqual([`6 files in ${folder} were no reports and are deleted`]);
    expect(existsSync(secret)).toBe(true);
    rmSync(secret);
  });

  test('more than ten thousand at once are deleted unread', async () => {
    const all = reports();
    tell('ready');
    await all.read();
    for (let i = 0; i < 10_500; i++) writeFileSync(join(folder, `api-1.x${i}`), '');
    await all.read();
    await all.read();
    expect(readdirSync(folder)).toHaveLength(1);
    expect(all.warnings).toEqual([
      `10000 files in ${folder} were no reports and are deleted`,
      'more than 10000 reports came at once: 500 are deleted unread',
    ]);
    expect(all.of('api-1')?.ready).toBeDefined();
  });

  test('what nobody finished is removed, and its absence is borne', async () => {
    const all = reports();
    await all.read();
    const half = join(folder, '.api-1.half');
    writeFileSync(half, '{');
    await all.read();
    expect(existsSync(half)).toBe(true);
    utimesSync(half, 1, 1);
    await all.read();
    expect(existsSync(half)).toBe(false);
    rmSync(folder, { recursive: true });
    await all.read();
    expect(all.warnings).toEqual([]);
  });
});

describe('parseReport', () => {
  const by = { v: 1, run: 'r', agent: 'a' };
  test.each<[unknown, unknown]>([
    [
      { ...by, kind: 'ready' },
      { ...by, kind: 'ready' },
    ],
    [
      { ...by, kind: 'heartbeat', more: 1 },
      { ...by, kind: 'heartbeat' },
    ],
    [
      { ...by, kind: 'status', text: ` a\n${'b'.repeat(300)}` },
      { ...by, kind: 'status', text: `a ${'b'.repeat(198)}` },
    ],
    [
      { ...by, kind: 'extend', ms: 1e9 },
      { ...by, kind: 'extend', ms: 3_600_000 },
    ],
    [
      { ...by, kind: 'state', state: 'idle' },
      { ...by, kind: 'state', state: 'idle' },
    ],
    [{ ...by, v: 2, kind: 'ready' }, undefined],
    [{ ...by, run: 1, kind: 'ready' }, undefined],
    [{ ...by, kind: 'status', text: 1 }, undefined],
    [{ ...by, kind: 'extend', ms: -1 }, undefined],
    [{ ...by, kind: 'extend', ms: '5' }, undefined],
    [{ ...by, kind: 'state', state: 'limited' }, undefined],
    [{ ...by, kind: 'toString' }, undefined],
    [null, undefined],
    [[], undefined],
  ])('%j', (value, report) => expect(parseReport(JSON.stringify(value))).toEqual(report));
});

describe('what an agent tells by its hooks', () => {
  let written = 0;
  const hear = (event: string, message: object | string, { run = 'api-1', kind = 'hook' } = {}) => {
    written += 1;
    const head = JSON.stringify({ v: 1, run, agent: 'api', kind, event });
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    writeFileSync(join(folder, `${run}.h${String(written).padStart(13, '0')}-1`), `${head}\n${text}`);
  };

  test('the last message of each event stays, also for the next supervisor', async () => {
    const first = reports();
    hear('UserPromptSubmit', { session_id: 'aaaa-1', prompt: 'one' });
    hear('Stop', { session_id: 'aaaa-1', last_assistant_message: 'first' });
    hear('Stop', { session_id: 'aaaa-1', last_assistant_message: 'second' });
    await first.read();
    expect(readdirSync(folder)).toHaveLength(2);
    first.close();
    const second = reports();
    await second.read();
    expect(second.told('api-1')?.hooks).toMatchObject({
      UserPromptSubmit: { session: 'aaaa-1' },
      Stop: { answer: 'second' },
    });
    expect(second.warnings).toEqual([]);
  });

  test('a sub-agent says nothing of the agent itself, and is no mistake', async () => {
    const all = reports();
    hear('Stop', { session_id: 'aaaa-1', last_assistant_message: 'mine' });
    hear('Stop', { session_id: 'aaaa-1', agent_id: 'x', last_assistant_message: 'its' });
    await all.read();
    expect(all.told('api-1')?.hooks.Stop?.answer).toBe('mine');
    expect(all.warnings).toEqual([]);
  });

  test('how full the context was is known while the program does not tell it', async () => {
    const all = reports();
    const line = (context: number | null) =>
      hear(
        'statusline',
        { session_id: 'aaaa-1', context_window: { used_percentage: context } },
        { kind: 'statusline' },
      );
    line(41);
    line(42);
    line(null);
    await all.read();
    const told = all.told('api-1');
    expect(told?.line?.context).toBeUndefined();
    expect(told?.full?.context).toBe(0.42);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test.each([
    ['an event that nobody asked for', 'Strange', '{}'],
    ['no object', 'Stop', '[1]'],
    ['no JSON', 'Stop', 'hello'],
    ['too deep', 'Stop', '['.repeat(200_000)],
  ])('%s is deleted', async (_, event, message) => {
    const all = reports();
    hear(event, message);
    await all.read();
    expect(all.told('api-1')).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of a message that was cut off counts what stands there', async () => {
    const all = reports();
    hear('UserPromptSubmit', `{"session_id":"aaaa-1","prompt":"${'x'.repeat(250_000)}`);
    await all.read();
    expect(all.told('api-1')?.hooks.UserPromptSubmit?.session).toBe('aaaa-1');
  });
});
