import { expect, it } from 'vitest';
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
