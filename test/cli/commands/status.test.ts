import { describe, expect, it } from 'vitest';
import type { AgentStatus, StatusReport } from '../../../src/control/protocol.ts';
import { agent, failing, report } from '../reports.ts';
import { Rig } from '../rig.ts';

const now = Date.now();
const AGENTS = [agent('backend', { labels: { team: 'core' } }, now), failing('worker-1', now)];
const WELL = [agent('backend', {}, now)];

/** A rig whose supervisor answers with these agents. */
async function running(agents: readonly AgentStatus[], differs: Partial<StatusReport> = {}): Promise<Rig> {
  const rig = new Rig();
  const config = { path: rig.file, valid: true, generation: 1 };
  await rig.serve({ 'GET /v1/status': { json: report(agents, { config, ...differs }) } });
  return rig;
}

describe('colony status', () => {
  it('all is well', async () => {
    const rig = await running(WELL);
    expect(await rig.run(['status'])).toEqual({
      code: 0,
      stdout: [
        'shop: 1 of 1 ready',
        'NAME     PHASE  UP  RESTARTS  PID   MEMORY  CPU  ACTIVITY  REASON',
        'backend  ready  3m  0         4711  -       -    -         -',
        '',
      ].join('\n'),
      stderr: '',
    });
    expect(rig.asked.map(({ route }) => route)).toEqual(['GET /v1/status']);
  });

  it.each([
    ['one is not well', [], 3, /^shop: 1 of 2 ready\n[\s\S]*worker-1 {2}backoff/],
    ['a name', ['backend'], 0, /^shop: 1 of 2 ready\nNAME.*\nbackend .*\n$/],
    ['a glob', ['work*'], 3, /\nworker-1 .*\n$/],
    ['a label', ['-l', 'team=core'], 0, /\nbackend .*\n$/],
    ['wide', ['-o', 'wide'], 3, /LAST-EXIT/],
    ['names', ['-o', 'name'], 3, /^backend\nworker-1\n$/],
    ['yaml', ['-o', 'yaml'], 3, /^version: 1\ncolony: shop\n/],
  ] as const)('%s', async (_, args, code, stdout) => {
    const ran = await (await running(AGENTS)).run(['status', ...args], { env: { FORCE_COLOR: '0' } });
    expect(ran).toMatchObject({ code, stderr: '' });
    expect(ran.stdout).toMatch(stdout);
  });

  it('json is the whole report, with the selected agents', async () => {
    const ran = await (await running(AGENTS)).run(['status', '-o', 'json', 'backend'], { env: { FORCE_COLOR: '1' } });
    const printed = JSON.parse(ran.stdout) as StatusReport;
    expect(printed).toMatchObject({ version: 1, colony: 'shop', summary: { ready: 1, total: 2 } });
    expect(printed.agents).toEqual(AGENTS.slice(0, 1));
  });

  it.each([
    [['bakend'], 'colony: shop has no agent "bakend"\ndid you mean backend?\n'],
    [['nothing-like-it'], 'colony: shop has no agent "nothing-like-it"\nit has: backend, worker-1\n'],
    [['x*'], 'colony: no agent of shop fits "x*"\n'],
    [['-l', 'team=other'], 'colony: no agent of shop has the label team=other\n'],
  ])('%j selects nothing', async (args, stderr) => {
    expect(await (await running(AGENTS)).run(['status', ...args])).toEqual({ code: 4, stdout: '', stderr });
  });

  it('colour is for terminals, or by FORCE_COLOR', async () => {
    const rig = await running(WELL);
    expect((await rig.run(['status'])).stdout).not.toContain('\x1b');
    expect((await rig.run(['status'], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\x1b[32mready\x1b[39m');
  });

  it('a mistake in the file stands above the agents, and all is not well', async () => {
    const rig = new Rig();
    const config = { path: rig.file, valid: false, generation: 1, error: 'colony.yaml:3:1: error' };
    await rig.serve({ 'GET /v1/status': { json: report(WELL, { config }) } });
    const ran = await rig.run(['status']);
    expect(ran.code).toBe(3);
    expect(ran.stdout).toContain(
      'is not valid, so the last valid configuration stays in force:\n  colony.yaml:3:1: error\n',
    );
  });

  it('a colony of the same name that belongs to another file is not shown', async () => {
    const rig = await running(WELL, { config: { path: '/elsewhere/colony.yaml', valid: true, generation: 1 } });
    expect(await rig.run(['status'])).toEqual({
      code: 75,
      stdout: '',
      stderr: `colony: a colony named shop already belongs to /elsewhere/colony.yaml\ngive this one another name in ${rig.file}: name: …\n`,
    });
  });
});

describe('a supervisor that is not understood', () => {
  const version = { json: { protocol: 2, version: '9.0.0', pid: 4242 } };

  it.each([
    ['another form of status', { json: { version: 2 } }],
    ['no JSON', { raw: 'hello' }],
    ['a refusal in other words', { status: 400, json: { error: 'no' } }],
    [
      'a refusal to understand',
      { status: 404, json: { code: 'bad_request', exit: 1, text: 'there is no GET /v1/status' } },
    ],
  ])('%s: its protocol is asked for', async (_, reply) => {
    const rig = new Rig();
    await rig.serve({ 'GET /v1/status': reply, 'GET /v1/version': version });
    expect(await rig.run(['status'])).toEqual({
      code: 69,
      stdout: '',
      stderr:
        'colony: the supervisor of shop is version 9.0.0 and speaks protocol 2, this program speaks 1\n' +
        'end it with `kill 4242` and run `colony apply`: its agents keep running and are taken over\n',
    });
  });

  it('of the same protocol: what went wrong is said', async () => {
    const rig = new Rig();
    await rig.serve({
      'GET /v1/status': { raw: 'hello' },
      'GET /v1/version': { json: { protocol: 1, version: '0', pid: 1 } },
    });
    expect(await rig.run(['status'])).toMatchObject({ code: 69, stderr: expect.stringContaining('is not JSON') });
  });

  it('a refusal that is understood has its own exit code', async () => {
    const rig = new Rig();
    await rig.serve({
      'GET /v1/status': { status: 503, json: { code: 'tmux_unavailable', exit: 69, text: 'no tmux' } },
    });
    expect(await rig.run(['status'])).toEqual({ code: 69, stdout: '', stderr: 'colony: no tmux\n' });
  });
});

describe('colony status --watch', () => {
  it('draws again and again, follows what happens, and ends at q with the last picture', async () => {
    const rig = new Rig();
    const config = { path: rig.file, valid: true, generation: 1 };
    const [before, after] = [report(AGENTS, { config }), report(WELL, { config })];
    await rig.serve({ 'GET /v1/status': [{ json: before }, { json: before }, { json: after }] });
    const terminal = await rig.inTerminal(['status', '--watch']);
    await terminal.shows(/^shop: 1 of 2 ready\n[\s\S]*worker-1/);
    const later = await terminal.shows(/^shop: 1 of 1 ready/);
    expect(later).not.toContain('worker-1');
    await terminal.press('q');
    expect(await terminal.shows(/exit=0/)).toMatch(/^shop: 1 of 1 ready\n[\s\S]*\nexit=0$/);
  });

  it('ends at Ctrl-C', async () => {
    const rig = await running(WELL);
    const terminal = await rig.inTerminal(['status', '--watch']);
    await terminal.shows(/1 of 1 ready/);
    await terminal.press('C-c');
    await terminal.shows(/exit=0/);
  });

  it('needs a terminal', async () => {
    const ran = await (await running(WELL)).run(['status', '--watch']);
    expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('--watch needs a terminal') });
  });

  it('shows tables alone', async () => {
    const terminal = await (await running(WELL)).inTerminal(['status', '--watch', '-o', 'json']);
    expect(await terminal.shows(/exit=/)).toContain('--watch shows a table or -o wide, not -o json\nexit=64');
  });
});
