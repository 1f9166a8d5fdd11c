import { describe, expect, it } from 'vitest';
import type { Message, StatusReport } from '../../../src/control/protocol.ts';
import type { Reply } from '../fixtures/fake-supervisor.mjs';
import { agent, report } from '../reports.ts';
import { Rig } from '../rig.ts';

const EVENT: Message = { type: 'event', seq: 1, at: 0, agent: 'web', text: 'stopping: asked for by a person' };
const DONE: Reply = { lines: [EVENT, { type: 'settled', outcome: 'done', status: report([]) }], quit: true };

/** A rig whose supervisor runs two agents. */
async function running(reply: Reply = DONE, differs: Partial<StatusReport> = {}): Promise<Rig> {
  const rig = new Rig();
  const config = { path: rig.file, valid: true, generation: 1 };
  const idle = agent('off', { phase: 'disabled', ready: false, pid: null, session: null });
  const status = report([agent('web'), agent('db'), idle], { config, ...differs });
  await rig.serve({ 'GET /v1/status': { json: status }, 'POST /v1/down': reply });
  return rig;
}

const downs = (rig: Rig) => rig.asked.filter(({ route }) => route === 'POST /v1/down').map(({ body }) => body);

describe('colony down', () => {
  it('--yes stops everything and tells of it', async () => {
    const rig = await running();
    const stdout = 'web: stopping: asked for by a person\nshop is down.\n';
    expect(await rig.run(['down', '--yes'])).toEqual({ code: 0, stdout, stderr: '' });
    expect(downs(rig)).toEqual([{ supervisor_only: false }]);
  });

  it('--supervisor-only asks nothing, because no agent is touched', async () => {
    const rig = await running();
    const ran = await rig.run(['down', '--supervisor-only']);
    expect(ran).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The supervisor of shop has ended; its agents keep running.\n'),
    });
    expect(downs(rig)).toEqual([{ supervisor_only: true }]);
  });

  it('without a terminal and without --yes: says how', async () => {
    const rig = await running();
    expect(await rig.run(['down'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'colony: this would stop 2 agents of shop, and nobody can be asked here\n`colony down --yes` does it\n',
    });
    expect(downs(rig)).toEqual([]);
  });

  it.each([
    ['yes', 'shop is down.\nexit=0', [{ supervisor_only: false }]],
    ['no', 'Nothing was changed.\nexit=1', []],
  ])('on a terminal, answered %s', async (answer, end, asked) => {
    const rig = await running();
    const terminal = await rig.inTerminal(['down']);
    await terminal.shows(/^Stop 2 agents of shop and the supervisor\? \[y\/N\]/);
    await terminal.press(answer, 'Enter');
    expect(await terminal.shows(/exit=/)).toContain(end);
    expect(downs(rig)).toEqual(asked);
  });

  it('a supervisor that cuts the line after its last word', async () => {
    const ran = await (await running({ ...DONE, cut: true })).run(['down', '--yes']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });

  it('not everything could be stopped', async () => {
    const status = report([agent('web')]);
    const ran = await (await running({ lines: [{ type: 'settled', outcome: 'unwell', status }], quit: true })).run([
      'down',
      '-y',
    ]);
    expect(ran).toEqual({
      code: 1,
      stdout: '',
      stderr: 'colony: not everything of shop could be stopped: web\n`colony status` says how it is\n',
    });
  });

  it('a refusal', async () => {
    const ran = await (
      await running({ status: 409, json: { code: 'stopping', exit: 1, text: 'it is stopping already' } })
    ).run(['down', '-y']);
    expect(ran).toEqual({ code: 1, stdout: '', stderr: 'colony: it is stopping already\n' });
  });

  it('the colony of the same name in another folder is left alone', async () => {
    const rig = await running(DONE, { config: { path: '/elsewhere/colony.yaml', valid: true, generation: 1 } });
    expect(await rig.run(['down', '--yes'])).toMatchObject({ code: 75, stdout: '' });
    expect(downs(rig)).toEqual([]);
  });

  it('works after the file was deleted', async () => {
    const rig = await running();
    rig.deleteFile();
    expect(await rig.run(['down', '--yes'])).toMatchObject({ code: 0 });
  });
});
