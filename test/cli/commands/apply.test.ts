import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Message, Problem } from '../../../src/control/protocol.ts';
import type { Reply } from '../fixtures/fake-supervisor.mjs';
import { ADD, agent, failing, plan, report } from '../reports.ts';
import { Rig } from '../rig.ts';

const now = Date.now();
const WELL = report([agent('web', {}, now)]);
const UNWELL = report([agent('web', {}, now), failing('worker', now)]);

const planned = (rows = [ADD]): Message => ({ type: 'plan', plan: plan(rows) });
const event = (text: string, name?: string): Message => ({
  type: 'event',
  seq: 1,
  at: now,
  text,
  ...(name ? { agent: name } : {}),
});
const settled = (outcome: 'done' | 'unwell' | 'timed_out', status = WELL): Message => ({
  type: 'settled',
  outcome,
  status,
});

const DONE: Reply = { lines: [planned(), event('started (pid 7)', 'web'), settled('done')] };
const ROWS = '  + web  does not run yet\n\nPlan: 1 to add, 0 to replace, 0 to change in place, 0 to remove.\n';

const UNCONFIRMED: Problem = {
  code: 'unconfirmed',
  exit: 1,
  text: 'this would stop 3 of 4 running agents for good: a, b, c',
  plan: plan([{ sign: '-', agent: 'a', reason: 'removed_from_file', text: 'no longer in the file', changes: [] }]),
};

/** A rig whose supervisor runs and answers an apply in this way. */
async function applying(reply: Reply | readonly Reply[]): Promise<Rig> {
  const rig = new Rig();
  await rig.serve({ 'POST /v1/apply': reply });
  return rig;
}

describe('colony apply, with a supervisor', () => {
  it('shows the plan, what happens, and how it came out', async () => {
    const rig = await applying(DONE);
    const stdout = `${ROWS}web: started (pid 7)\nshop: 1 of 1 ready\n`;
    expect(await rig.run(['apply'])).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('a second apply does nothing', async () => {
    const rig = await applying({ lines: [planned([]), settled('done')] });
    expect(await rig.run(['apply'])).toEqual({ code: 0, stdout: 'Nothing to do.\n', stderr: '' });
  });

  it('nothing to do, and yet not well', async () => {
    const rig = await applying({ lines: [planned([]), settled('unwell', UNWELL)] });
    expect(await rig.run(['apply'])).toEqual({
      code: 3,
      stdout: [
        'Nothing to do.',
        'shop: 1 of 2 ready',
        'NAME    PHASE    NEXT   REASON',
        'worker  backoff  in 1m  the program ended: exit code 3',
        '',
      ].join('\n'),
      stderr: '`colony logs worker` shows what it wrote\n',
    });
  });

  it('the wait is over before everything is ready', async () => {
    const rig = await applying({ lines: [planned(), settled('timed_out', UNWELL)] });
    const ran = await rig.run(['apply', '--wait', '1m30s', '--target', 'w*']);
    expect(ran.code).toBe(3);
    expect(ran.stdout).toContain(`${ROWS}shop: 1 of 2 ready\nNAME    PHASE    NEXT   REASON\nworker  backoff`);
    expect(ran.stderr).toContain('colony: not everything was ready after 1m30s; the supervisor goes on\n');
  });

  it('who asks for one agent is answered for that one', async () => {
    const rig = await applying({ lines: [planned(), settled('unwell', UNWELL)] });
    const stdout = `${ROWS}shop: 1 of 2 ready\n`;
    expect(await rig.run(['apply', '--target', 'web'])).toEqual({ code: 0, stdout, stderr: '' });
  });

  it.each([
    [[], { wait_ms: 60_000, confirmed: false, refresh_env: false, targets: [], profiles: [] }],
    [['--no-wait', '--yes', '--refresh-env'], { wait_ms: 0, confirmed: true, refresh_env: true }],
    [
      ['--wait', '2m', '--profile', 'night', '--target', 'w*'],
      { wait_ms: 120_000, profiles: ['night'], targets: ['w*'] },
    ],
  ])('%j', async (args, body) => {
    const rig = await applying(DONE);
    expect(await rig.run(['apply', ...args], { env: { TOKEN: 'hush' } })).toMatchObject({ code: 0, stderr: '' });
    expect(rig.asked).toEqual([{ route: 'POST /v1/apply', query: '', body: expect.objectContaining(body) as unknown }]);
    expect(rig.asked[0]?.body).toMatchObject({ path: rig.file, environment: { TOKEN: 'hush' } });
  });

  it('--no-wait ends with the plan', async () => {
    const rig = await applying({ lines: [planned()] });
    expect(await rig.run(['apply', '--no-wait'])).toEqual({ code: 0, stdout: ROWS, stderr: '' });
  });

  it('a supervisor that ends in between', async () => {
    const cut = await (await applying({ lines: [planned()], cut: true })).run(['apply']);
    expect(cut).toMatchObject({ code: 1, stdout: ROWS, stderr: expect.stringContaining('ended before') });
    const ended = await (await applying({ lines: [planned()] })).run(['apply']);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('ended before everything had settled') });
  });

  it('Ctrl-C ends the following alone', async () => {
    const rig = await applying({ lines: [planned()], hold: true });
    const terminal = await rig.inTerminal(['apply']);
    await terminal.shows(/Plan: 1 to add/);
    await terminal.press('C-c');
    expect(await terminal.shows(/exit=/)).toContain('colony: no longer following; the supervisor goes on\nexit=130');
  });

  it('an answer that is no JSON at all', async () => {
    const ran = await (await applying({ status: 500, raw: 'oops' })).run(['apply']);
    expect(ran).toMatchObject({ code: 69, stdout: '', stderr: expect.stringContaining('could not be asked') });
  });

  it.each<[Problem['code'], number, string]>([
    ['needs_down', 1, 'colony: refused\n'],
    ['other_folder', 75, 'colony: refused\n'],
    ['invalid_config', 65, 'refused\n'],
  ])('refused: %s', async (code, exit, stderr) => {
    const problem = { code, exit, text: 'refused' };
    const refused = await (await applying({ status: 409, json: problem })).run(['apply']);
    expect(refused).toEqual({ code: exit, stdout: '', stderr });
    const later = await (await applying({ lines: [{ type: 'problem', problem }] })).run(['apply']);
    expect(later).toEqual({ code: exit, stdout: '', stderr });
  });
});

describe('an apply that wants to be confirmed', () => {
  it('without a terminal: says how', async () => {
    const rig = await applying({ status: 409, json: UNCONFIRMED });
    const stderr = `colony: ${UNCONFIRMED.text}\n\`colony apply --yes\` does it\n`;
    expect(await rig.run(['apply'])).toEqual({ code: 1, stdout: '', stderr });
  });

  it.each([
    ['y', 'exit=0', [false, true]],
    ['n', 'Nothing was changed.\nexit=1', [false]],
    ['', 'Nothing was changed.\nexit=1', [false]],
  ])('on a terminal, answered %j', async (answer, end, confirmations) => {
    const rig = await applying([{ status: 409, json: UNCONFIRMED }, DONE]);
    const terminal = await rig.inTerminal(['apply']);
    const question = await terminal.shows(/Go on\? \[y\/N\]/);
    expect(question).toContain(`  - a  no longer in the file\n\nPlan: 0 to add`);
    expect(question).toContain(UNCONFIRMED.text);
    await terminal.press(answer, 'Enter');
    expect(await terminal.shows(/exit=/)).toContain(end);
    expect(rig.asked.map(({ body }) => (body as { confirmed: boolean }).confirmed)).toEqual(confirmations);
  });

  it('Ctrl-C is a no', async () => {
    const terminal = await (await applying({ status: 409, json: UNCONFIRMED })).inTerminal(['apply']);
    await terminal.shows(/Go on\?/);
    await terminal.press('C-c');
    expect(await terminal.shows(/exit=/)).toContain('Nothing was changed.\nexit=1');
  });
});

describe('colony apply, without a supervisor', () => {
  const QUIT: Reply = { lines: [settled('done')], quit: true };

  it('starts one in the background, and leaves it running', async () => {
    const rig = new Rig();
    rig.play({ ready: { ok: true }, replies: { 'POST /v1/apply': DONE, 'POST /v1/down': QUIT }, log: 'hello' });
    const ran = await rig.run(['apply', '--profile', 'night']);
    const started = `Started the supervisor of shop; its log is ${rig.paths.log}\n`;
    expect(ran).toEqual({ code: 0, stdout: `${started}${ROWS}web: started (pid 7)\nshop: 1 of 1 ready\n`, stderr: '' });
    expect(rig.played()).toMatchObject([
      { started: ['supervise', '--background', '-f', rig.file, '--profile', 'night'], cwd: '/' },
      { route: 'POST /v1/apply' },
    ]);
    expect(readFileSync(rig.paths.log, 'utf8')).toBe('hello\n');
    expect(statSync(rig.paths.log).mode & 0o777).toBe(0o600);
  });

  it('ends it again when its first apply is refused', async () => {
    const rig = new Rig();
    const refused: Reply = { status: 422, json: { code: 'invalid_config', exit: 65, text: 'colony.yaml:1:1: no' } };
    rig.play({ ready: { ok: true }, replies: { 'POST /v1/apply': refused, 'POST /v1/down': QUIT } });
    expect(await rig.run(['apply'])).toEqual({ code: 65, stdout: '', stderr: 'colony.yaml:1:1: no\n' });
    expect(rig.played().at(-1)).toEqual({ route: 'POST /v1/down', query: '', body: { supervisor_only: true } });
    expect(existsSync(rig.paths.socket)).toBe(false);
  });

  it('one that knows why it cannot start', async () => {
    const rig = new Rig();
    rig.play({
      ready: { ok: false, problem: { code: 'tmux_unavailable', exit: 69, text: 'tmux 3.1 is too old' } },
      exit: 69,
    });
    expect(await rig.run(['apply'])).toEqual({ code: 69, stdout: '', stderr: 'colony: tmux 3.1 is too old\n' });
  });

  it.each([
    ['the end of its log', 'first\nTypeError: x', ':\n  first\n  TypeError: x\n'],
    ['that there is none', '', '\n'],
  ])('one that dies: shows %s', async (_, log, shown) => {
    const rig = new Rig();
    rig.play({ log, exit: 3 });
    const place = `${log === '' ? 'it wrote nothing to its' : 'the end of its'} log, ${rig.paths.log}`;
    const stderr = `colony: the supervisor of shop did not start (exit code 3)\n${place}${shown}`;
    expect(await rig.run(['apply'])).toEqual({ code: 69, stdout: '', stderr });
  });

  it('somebody else started one at the same moment: that one is used', async () => {
    const rig = new Rig();
    const problem = { code: 'held_elsewhere', exit: 75, text: 'another supervisor holds shop' };
    rig.play({ ready: { ok: false, problem }, exit: 75 });
    const ran = rig.run(['apply']);
    await rig.untilPlayed();
    await rig.serve({ 'POST /v1/apply': DONE });
    expect(await ran).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^ {2}\+ web/) });
  });
});

describe('an apply that meets an older supervisor', () => {
  /** Higher than any pid of Linux. */
  const NOBODY = 2 ** 22 + 1;

  async function meeting(pid: number, down: Reply): Promise<Rig> {
    const rig = new Rig();
    const supervisor = { pid, version: '0.0.1' };
    const older: Reply = { status: 409, json: { code: 'older_supervisor', exit: 69, text: 'older', supervisor } };
    await rig.serve({ 'POST /v1/apply': [older, DONE], 'POST /v1/down': down });
    return rig;
  }

  it('asks that very one to leave, and uses what somebody else has put in its place', async () => {
    const other = { code: 'other_supervisor', exit: 69, text: 'another one' };
    const rig = await meeting(NOBODY, { status: 409, json: other });
    expect(await rig.run(['apply'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^ {2}\+ web/),
    });
    const down = rig.asked.find(({ route }) => route === 'POST /v1/down');
    expect(down?.body).toEqual({ supervisor_only: true, pid: NOBODY });
  });

  it('that does not leave: kills nobody, and names it', async () => {
    const rig = await meeting(process.pid, { lines: [], hold: true });
    const ran = await rig.run(['apply']);
    expect(ran).toMatchObject({ code: 69, stdout: '' });
    expect(ran.stderr).toContain(`(pid ${process.pid}, version 0.0.1) was asked to make room for`);
    expect(ran.stderr).toContain(`kill -9 ${process.pid}`);
  });
});
