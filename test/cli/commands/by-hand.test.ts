import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/control/protocol.ts';
import type { Reply } from '../fixtures/fake-supervisor.mjs';
import { agent, failing, report } from '../reports.ts';
import { Rig } from '../rig.ts';

const EVENT: Message = { type: 'event', seq: 1, at: 0, agent: 'web', text: 'stopping: asked for by a person' };
const READY = report([agent('web'), agent('db')]);
const DONE: Reply = { lines: [EVENT, { type: 'settled', outcome: 'done', status: READY }] };

async function answering(verb: string, reply: Reply): Promise<Rig> {
  const rig = new Rig();
  await rig.serve({ [`POST /v1/${verb}`]: reply });
  return rig;
}

describe.each(['start', 'stop', 'restart'])('colony %s', (verb) => {
  it('asks for what the command line says, and tells what happens', async () => {
    const rig = await answering(verb, DONE);
    const ran = await rig.run([verb, 'web', 'work*', '-l', 'team=core', '-l', 'tier=1', '--wait', '5s']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('web: stopping: asked for by a person');
    const body = { targets: ['web', 'work*'], labels: ['team=core', 'tier=1'], wait_ms: 5_000 };
    expect(rig.asked.map(({ route, body: asked }) => [route, asked])).toEqual([[`POST /v1/${verb}`, body]]);
  });

  it.skipIf(verb === 'start')('--now does not wait for the program', async () => {
    const rig = await answering(verb, DONE);
    expect(await rig.run([verb, 'web', '--now'])).toMatchObject({ code: 0 });
    expect(rig.asked[0]?.body).toMatchObject({ now: true });
  });

  it('-l alone speaks of the agents with the label, and of no others', async () => {
    const agents = [agent('web', { labels: { team: 'core' } }), failing('db')];
    const rig = await answering(verb, { lines: [{ type: 'settled', outcome: 'unwell', status: report(agents) }] });
    expect(await rig.run([verb, '-l', 'team=core'])).toMatchObject({ code: 0, stdout: 'shop: 1 of 2 ready\n' });
    expect(rig.asked[0]?.body).toMatchObject({ targets: [], labels: ['team=core'] });
  });

  it('--no-wait follows nothing', async () => {
    const rig = await answering(verb, { lines: [] });
    expect(await rig.run([verb, 'web', '--no-wait'])).toMatchObject({ code: 0 });
    expect(rig.asked[0]?.body).toMatchObject({ wait_ms: 0 });
  });

  it('passes on that there is no such agent', async () => {
    const problem = { code: 'no_such_agent', exit: 4, text: 'no agent is named "wbe". This colony has: db, web.' };
    const rig = await answering(verb, { status: 409, json: problem });
    expect(await rig.run([verb, 'wbe'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('no agent is named'),
    });
  });

  it('without a supervisor: says what starts one', async () => {
    const ran = await new Rig().run([verb, 'web']);
    expect(ran).toMatchObject({ code: 69, stderr: expect.stringContaining('colony apply starts it') });
  });
});

describe('an agent that is not started although a person asked for it', () => {
  const off = agent('off', { phase: 'disabled', reason: { code: 'disabled', text: 'disabled in the file' } });
  const kept: Message = {
    type: 'kept',
    agent: 'off',
    why: 'disabled in the file',
    remedy: '`enabled: true` starts it',
  };

  it('is told of, with what would start it, though all is well otherwise', async () => {
    const settled: Message = { type: 'settled', outcome: 'done', status: report([agent('web'), off]) };
    const rig = await answering('start', { lines: [settled, kept] });
    const ran = await rig.run(['start', 'web', 'off']);
    expect(ran).toMatchObject({ code: 3, stderr: 'off: `enabled: true` starts it\n' });
    expect(ran.stdout).toMatch(/^off +disabled +- +disabled in the file$/m);
    expect(ran.stdout).not.toMatch(/^web /m);
  });

  it('is told of also by --no-wait', async () => {
    const rig = await answering('start', { lines: [kept] });
    const stderr = 'colony: off is not started: disabled in the file\noff: `enabled: true` starts it\n';
    expect(await rig.run(['start', 'off', '--no-wait'])).toMatchObject({ code: 3, stdout: '', stderr });
  });
});

it('colony start has no --now: there is nothing to kill', async () => {
  expect(await new Rig().run(['start', 'web', '--now'])).toMatchObject({ code: 64 });
});
