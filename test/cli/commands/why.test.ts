import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { WhyReport } from '../../../src/control/protocol.ts';
import { agent } from '../reports.ts';
import { Rig } from '../rig.ts';

const REPORT: WhyReport = {
  ...{ version: 1, colony: 'shop', agent: agent('web'), evidence: [], conversation: null, earlier_conversations: [] },
  decisions: [{ what: 'start', text: 'the program ended', outcome: 'waits for 3s more' }],
  ...{ after_restart: 'It begins anew.', events: [] },
};

async function rigWith(reply: Parameters<Rig['serve']>[0][string]): Promise<Rig> {
  const rig = new Rig();
  await rig.serve({ 'GET /v1/why': reply });
  return rig;
}

it('asks about one agent, and tells people', async () => {
  const rig = await rigWith({ json: REPORT });
  const { code, stdout } = await rig.run(['why', 'a b&c']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^web: ready for /);
  expect(stdout).toContain('start  the program ended; waits for 3s more');
  expect(rig.asked).toEqual([{ route: 'GET /v1/why', query: 'agent=a+b%26c', body: undefined }]);
});

it('tells programs', async () => {
  const rig = await rigWith({ json: REPORT });
  const { stdout } = await rig.run(['why', 'web', '-o', 'json']);
  expect(JSON.parse(stdout)).toEqual(REPORT);
});

it('an unknown agent', async () => {
  const text = 'no agent is named "wep". This colony has: web.';
  const rig = await rigWith({ status: 404, json: { code: 'no_such_agent', exit: 4, text } });
  expect(await rig.run(['why', 'wep'])).toEqual({ code: 4, stdout: '', stderr: `colony: ${text}\n` });
});

it('an agent has to be named', async () => {
  const rig = new Rig();
  expect(await rig.run(['why'])).toMatchObject({ code: 64 });
});

describe('a screen that was captured', () => {
  const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/screens/${name}.txt`, import.meta.url));

  it('is judged without any colony', async () => {
    const rig = new Rig();
    const { code, stdout } = await rig.run([
      'why',
      '--screen',
      fixture('opencode/1.18.33/permission'),
      '--kind',
      'opencode',
    ]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^rule \S+ of the kind opencode says: waiting for permission\n$/),
    ]);
  });

  it('for programs', async () => {
    const rig = new Rig();
    const words = ['why', '--screen', fixture('opencode/1.18.33/busy'), '--kind', 'opencode', '-o', 'json'];
    expect(JSON.parse((await rig.run(words)).stdout)).toMatchObject({ kind: 'opencode', says: { state: 'busy' } });
  });

  it('of which no rule says anything, or which cannot be read', async () => {
    const rig = new Rig();
    const { code, stdout, stderr } = await rig.run(['why', '--screen', rig.file, '--kind', 'claude']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^colony: no rule for the kind claude fits this screen\n/);
    const missing = await rig.run(['why', '--screen', `${rig.file}.gone`, '--kind', 'claude']);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('cannot be read: ENOENT')]);
  });

  it.each([
    [['why', 'web', '--screen', 'x', '--kind', 'claude']],
    [['why', '--screen', 'x']],
    [['why', '--kind', 'claude']],
    [['why', '--screen', 'x', '--kind', 'shell']],
  ])('%j is not understood', async (words) =>
    expect(await new Rig().run(words)).toMatchObject({ code: 64, stdout: '' }),
  );
});
