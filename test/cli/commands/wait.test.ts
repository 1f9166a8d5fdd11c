import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/control/protocol.ts';
import type { Reply } from '../fixtures/fake-supervisor.mjs';
import { agent, report } from '../reports.ts';
import { Rig } from '../rig.ts';

const EVENT: Message = { type: 'event', seq: 1, at: 0, agent: 'web', text: 'started (pid 7)' };

function waited(outcome: 'reached' | 'impossible' | 'timed_out', text = ''): Reply {
  const why = text === '' ? [] : [{ agent: 'web', text }];
  return { lines: [EVENT, { type: 'waited', outcome, why, status: report([agent('web')]) }] };
}

async function answering(reply: Reply | readonly Reply[]): Promise<Rig> {
  const rig = new Rig();
  await rig.serve({ 'POST /v1/wait': reply });
  return rig;
}

describe('colony wait', () => {
  it('asks for what the command line says, and is quiet', async () => {
    const rig = await answering(waited('reached'));
    const args = ['wait', 'web', 'work*', '-l', 'team=core', '--for', 'completed', '--timeout', '1m30s'];
    expect(await rig.run(args)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(rig.asked).toMatchObject([{ body: { targets: ['web', 'work*'], labels: ['team=core'], for: 'completed' } }]);
    const [{ body } = { body: {} }] = rig.asked;
    expect((body as { wait_ms: number }).wait_ms).toBeGreaterThan(85_000);
  });

  it('on a terminal: tells what happens', async () => {
    const terminal = await (await answering(waited('reached'))).inTerminal(['wait', '--for=ready']);
    expect(await terminal.shows(/exit=/)).toBe('web: started (pid 7)\nshop: web: ready\nexit=0');
  });

  it.each([
    ['impossible', 3, 'waiting for ready is of no use: it will not come by itself'],
    ['timed_out', 5, 'not ready after 1m'],
  ] as const)('%s', async (outcome, code, text) => {
    const ran = await (await answering(waited(outcome, 'held: crash loop'))).run(['wait', '--for=ready']);
    expect(ran).toEqual({ code, stdout: '', stderr: `colony: ${text}\n  web: held: crash loop\n` });
  });

  it('a supervisor that is cut off in the middle is asked again', async () => {
    const rig = await answering([{ lines: [EVENT], cut: true }, waited('reached')]);
    expect(await rig.run(['wait', '--for=ready'])).toMatchObject({ code: 0 });
    expect(rig.asked).toHaveLength(2);
  });

  it('one that never answers is named when the time is over', async () => {
    const ran = await (await answering({ lines: [EVENT], hold: true })).run([
      'wait',
      '--for=ready',
      '--timeout',
      '10ms',
    ]);
    expect(ran).toMatchObject({ code: 69, stderr: expect.stringContaining('the supervisor of shop does not answer') });
  });

  it('one that does not know the request is not understood', async () => {
    const rig = await answering({ status: 409, json: { code: 'bad_request', exit: 64, text: 'there is no POST' } });
    expect(await rig.run(['wait', '--for=ready'])).toMatchObject({ code: 69 });
  });
});
