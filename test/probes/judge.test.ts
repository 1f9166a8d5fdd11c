import { describe, expect, test } from 'vitest';
import type { Ended } from '../../src/command/run.ts';
import { judgeActivity } from '../../src/probes/activity.ts';
import { judgeEnd } from '../../src/probes/exec.ts';
import { judgeHeartbeat } from '../../src/probes/heartbeat.ts';
import { judgeStatus } from '../../src/probes/http.ts';
import { check } from '../../src/probes/index.ts';
import { judgeOutput } from '../../src/probes/log.ts';
import type { Ask, Heard } from '../../src/probes/look.ts';
import { judgeScreen } from '../../src/probes/screen.ts';
import { nothingTold } from '../../src/reconciler/nothing-told.ts';
import type { Activity, Finding, Reported, Role, Sample, Vitals } from '../../src/reconciler/types.ts';
import { look, nothing, probe } from './rig.ts';

type Is = Finding['is'];

describe('a status', () => {
  test.each<[number, string, Is]>([
    [200, '200-399', 'healthy'],
    [302, '200-399', 'healthy'],
    [399, '200-399', 'healthy'],
    [400, '200-399', 'unhealthy'],
    [199, '200-399', 'unhealthy'],
    [503, '200-399', 'unhealthy'],
    [503, '503', 'healthy'],
    [500, '503', 'unhealthy'],
  ])('%i of %s', (got, wanted, is) => {
    expect(judgeStatus(got, wanted)).toEqual({ is, text: `the answer was ${got}` });
  });
});

describe('the end of a command', () => {
  test.each<[Ended, Is, string]>([
    [{ is: 'exited', code: 0, output: 'fine\n' }, 'healthy', 'the command ended with exit code 0'],
    [{ is: 'exited', code: 1, output: '' }, 'unhealthy', 'the command ended with exit code 1'],
    [
      { is: 'exited', code: 1, output: 'a\nno \u001b[1mdisk\n\n' },
      'unhealthy',
      'the command ended with exit code 1: no [1mdisk',
    ],
    [
      { is: 'exited', code: 127, output: 'x: not found' },
      'unknown',
      'the command ended with exit code 127: x: not found',
    ],
    [{ is: 'signaled', signal: 'SIGSEGV', output: '' }, 'unhealthy', 'the command was ended by SIGSEGV'],
    [{ is: 'timed_out', output: 'wait' }, 'unhealthy', 'the command did not end within 5s: wait'],
    [{ is: 'aborted' }, 'unknown', 'the check was called off'],
    [
      { is: 'not_started', why: 'there is no program x' },
      'unknown',
      'the command cannot be executed: there is no program x',
    ],
  ])('%j', (ended, is, text) => {
    expect(judgeEnd(ended, 5_000)).toEqual({ is, text });
  });
  test('is one short line', () => {
    const { text } = judgeEnd({ is: 'exited', code: 1, output: `${'y'.repeat(10_000)}\r\n` }, 1);
    expect(text.length).toBeLessThan(200);
  });
});

describe('a screen', () => {
  test.each<[Parameters<typeof judgeScreen>[0], boolean, Is, string]>([
    [{ match: '❯', not_match: undefined }, true, 'healthy', 'the screen shows /❯/'],
    [{ match: '^a$\n^b', not_match: undefined }, true, 'healthy', 'the screen shows /^a$ ^b/'],
    [{ match: 'Error', not_match: undefined }, false, 'unhealthy', 'the screen does not show /Error/'],
    [{ match: undefined, not_match: 'Error' }, false, 'healthy', 'the screen does not show /Error/'],
    [{ match: undefined, not_match: 'do.e' }, true, 'unhealthy', 'the screen shows /do.e/'],
  ])('%j %s', (options, shows, is, text) => expect(judgeScreen(options, shows)).toEqual({ is, text }));

  const shown = (matches: Ask['matches']) => {
    const screen: Ask['screen'] = async () => ({ ok: true, value: ['Welcome', '❯ '] });
    return check(
      probe({ screen: { match: '^❯', not_match: undefined } }),
      look({ ask: { ...nothing, screen, matches } }),
    );
  };
  test('is matched as one text', async () => {
    const matches: Ask['matches'] = async (pattern, text) => ({
      ok: true,
      value: `${pattern}:${text}` === '^❯:Welcome\n❯ ',
    });
    expect(await shown(matches)).toEqual({ is: 'healthy', text: 'the screen shows /^❯/' });
  });
  test('says nothing where its pattern cannot be matched', async () => {
    expect(await shown(async () => ({ ok: false, error: 'given up' }))).toEqual({ is: 'unknown', text: 'given up' });
  });
});

describe('output', () => {
  const match = { match: 'up', not_match: undefined };
  const bad = { match: undefined, not_match: 'panic' };
  const heard = (over: Partial<Heard> = {}): Heard => ({ matched: undefined, fresh: undefined, skipped: 0, ...over });
  test.each<[Parameters<typeof judgeOutput>[0], Heard, Is, string]>([
    [match, heard(), 'unhealthy', 'no line of output has matched /up/ so far'],
    [match, heard({ matched: 'it is up' }), 'healthy', 'the output said “it is up”'],
    [bad, heard(), 'healthy', 'no new line of output matches /panic/'],
    [bad, heard({ fresh: { line: 'panic: x', count: 1 } }), 'unhealthy', 'the output said “panic: x”'],
    [
      bad,
      heard({ fresh: { line: 'panic', count: 3 } }),
      'unhealthy',
      'the output said “panic” (and 2 more such lines)',
    ],
    [bad, heard({ skipped: 5_000 }), 'unknown', '5 KiB of output came too fast to be read'],
    [bad, heard({ skipped: 1, fresh: { line: 'panic', count: 1 } }), 'unhealthy', 'the output said “panic”'],
  ])('%j, %j', (options, has, is, text) => expect(judgeOutput(options, has)).toEqual({ is, text }));
});

const report = (over: Partial<Reported> = {}): Reported => ({
  ready: undefined,
  heartbeat: undefined,
  state: undefined,
  status: undefined,
  extendedUntil: undefined,
  ...over,
});

describe('a heartbeat, with 60 s to be stale', () => {
  const at = (now: number, role: Role, reported: Reported | undefined, watched = 0) =>
    judgeHeartbeat({ stale_after: 60_000 }, reported, { role, started: 0, watched, now }).is;
  test.each<[string, number, Role, Reported | undefined, number, Is]>([
    ['fresh', 100_000, 'liveness', report({ heartbeat: 50_000 }), 0, 'healthy'],
    ['old', 111_000, 'liveness', report({ heartbeat: 50_000 }), 0, 'unhealthy'],
    ['ready is one too', 100_000, 'readiness', report({ ready: 50_000 }), 0, 'healthy'],
    ['old, for readiness', 111_000, 'readiness', report({ heartbeat: 50_000 }), 0, 'unhealthy'],
    ['none yet, for liveness', 59_000, 'liveness', undefined, 0, 'healthy'],
    ['none for too long', 61_000, 'liveness', undefined, 0, 'unhealthy'],
    ['none yet, for startup', 1_000, 'startup', undefined, 0, 'unhealthy'],
    ['none yet, for readiness', 1_000, 'readiness', report(), 0, 'unhealthy'],
    ['none, and nobody watched', 500_000, 'liveness', undefined, 490_000, 'healthy'],
    ['old, and nobody watched', 500_000, 'liveness', report({ heartbeat: 1 }), 490_000, 'healthy'],
    ['none since it is watched', 560_000, 'liveness', undefined, 490_000, 'unhealthy'],
  ])('%s', (_, now, role, reported, watched, is) => expect(at(now, role, reported, watched)).toBe(is));
});

describe('activity, with 60 s of silence', () => {
  const now = 1_000_000;
  const sample = (ago: number, over: Partial<Sample> = {}): Sample => ({
    at: now - ago,
    rss: 1,
    pss: undefined,
    cpu: 0.001,
    processes: 1,
    tools: 0,
    ...over,
  });
  const calm = [90_000, 60_000, 40_000, 20_000, 5_000].map((ago) => sample(ago));
  const doing = (state: Activity['state']): Activity => ({ state, source: 'report', at: now, since: 0 });
  const hung: Vitals = {
    run: 'web-1',
    samples: calm,
    activity: doing('busy'),
    output: now - 61_000,
    said: undefined,
    told: nothingTold,
  };
  const silent = { silent_for: 60_000, while: 'busy' } as const;
  const always = { silent_for: 60_000, while: 'always' } as const;
  const judge = (
    vitals: Vitals | undefined,
    options: typeof silent | typeof always = silent,
    over = {},
    said = report(),
  ) => judgeActivity(options, vitals, said, { ...look({ now }), ...over }).is;

  test('without output, CPU, tools and progress it hangs', () => expect(judge(hung)).toBe('unhealthy'));

  test.each<[string, Is, Partial<Vitals>]>([
    ['it is idle', 'healthy', { activity: doing('idle') }],
    ['it waits for a person', 'healthy', { activity: doing('waiting') }],
    ['its limit is used up', 'healthy', { activity: doing('limited') }],
    ['nobody knows what it does', 'unknown', { activity: doing('unknown') }],
    ['there was output', 'healthy', { output: now - 59_000 }],
    ['it said something', 'healthy', { said: { text: 'x', at: now - 10_000 } }],
    ['it used the CPU', 'healthy', { samples: [...calm.slice(0, 3), sample(20_000, { cpu: 0.02 }), sample(5_000)] }],
    ['it used the CPU before that', 'unhealthy', { samples: [sample(90_000, { cpu: 1 }), ...calm.slice(1)] }],
    ['a tool runs', 'healthy', { samples: [...calm.slice(0, 4), sample(5_000, { tools: 1 })] }],
    ['it was not measured long enough', 'unknown', { samples: calm.slice(2) }],
    ['it was not measured lately', 'unknown', { samples: calm.slice(0, 2) }],
    ['it was not measured at all', 'unknown', { samples: [] }],
    ['its CPU is not known', 'unknown', { samples: [sample(90_000), sample(30_000, { cpu: undefined }), sample(1)] }],
    ['it is another life', 'unknown', { run: 'web-2' }],
  ])('but not when %s', (_, is, over) => expect(judge({ ...hung, ...over })).toBe(is));

  test('a screen that says something else counts, and what a program prints to draw it does not', () => {
    const spinning = { ...hung, output: now, samples: calm.map((each) => ({ ...each, cpu: 0.05 })) };
    expect(judge(spinning)).toBe('healthy');
    expect(judge(spinning, silent, { unchanged: now - 61_000 })).toBe('unhealthy');
    expect(judge(spinning, silent, { unchanged: now - 59_000 })).toBe('healthy');
    const atWork = { ...hung, samples: calm.map((each) => ({ ...each, cpu: 0.5 })) };
    expect(judge(atWork, silent, { unchanged: now - 61_000 })).toBe('healthy');
  });
  test('nor without measurements', () => expect(judge(undefined)).toBe('unknown'));
  test('nor when it has just begun', () => expect(judge(hung, silent, { started: now - 30_000 })).toBe('healthy'));
  test.each<[string, Partial<Reported>]>([
    ['heartbeat', { heartbeat: now - 1_000 }],
    ['ready', { ready: now - 1_000 }],
    ['state', { state: { state: 'busy', at: now - 1_000 } }],
    ['status', { status: { text: 'x', at: now - 1_000 } }],
  ])('nor when it reported %s', (_, said) => expect(judge(hung, silent, {}, report(said))).toBe('healthy'));
  test('with while: always also where nobody knows what it does, but not where it waits', () => {
    expect(judge({ ...hung, activity: doing('unknown') }, always)).toBe('unhealthy');
    expect(judge({ ...hung, activity: doing('waiting') }, always)).toBe('healthy');
    expect(judge({ ...hung, activity: doing('idle') }, always)).toBe('healthy');
  });
  test('that it is idle is no excuse with while: always if it is guessed from its silence', () => {
    const guessed: Vitals = { ...hung, activity: { ...doing('idle'), source: 'output' } };
    expect(judge(guessed)).toBe('healthy');
    expect(judge(guessed, always)).toBe('unhealthy');
  });
});
