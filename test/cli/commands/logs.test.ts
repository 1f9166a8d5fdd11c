import { expect, it } from 'vitest';
import { Rig } from '../rig.ts';

async function logging(reply: Parameters<Rig['serve']>[0][string]): Promise<Rig> {
  const rig = new Rig();
  await rig.serve({ 'GET /v1/logs': reply });
  return rig;
}

const LIVE = { json: { agent: 'web', lines: ['one', '', 'two'], live: true } };

it.each([
  [['logs', 'web'], 'agent=web&lines=200'],
  [['logs', 'web', '--lines', '5'], 'agent=web&lines=5'],
  [['logs', 'web', '-n', '5', '--previous'], 'agent=web&lines=5&previous=1'],
  [['logs', 'a b&c'], 'agent=a+b%26c&lines=200'],
])('%j asks for %s', async (args, query) => {
  const rig = await logging(LIVE);
  expect(await rig.run(args)).toEqual({ code: 0, stdout: 'one\n\ntwo\n', stderr: '' });
  expect(rig.asked).toEqual([{ route: 'GET /v1/logs', query, body: undefined }]);
});

it('an agent that has written nothing', async () => {
  const rig = await logging({ json: { agent: 'web', lines: [], live: true } });
  expect(await rig.run(['logs', 'web'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('the lines of one that does not run are marked as such, beside the answer', async () => {
  const rig = await logging({ json: { agent: 'web', lines: ['bye'], live: false } });
  const ran = await rig.run(['logs', 'web']);
  expect(ran).toEqual({
    code: 0,
    stdout: 'bye\n',
    stderr: 'colony: web does not run; these are the last lines of it\n',
  });
});

it('an unknown agent', async () => {
  const text = 'no agent is named "wep". This colony has: web.';
  const rig = await logging({ status: 404, json: { code: 'no_such_agent', exit: 4, text } });
  expect(await rig.run(['logs', 'wep'])).toEqual({ code: 4, stdout: '', stderr: `colony: ${text}\n` });
});

it('a reader that stops early is no error', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${'x'.repeat(80)}`);
  const rig = await logging({ json: { agent: 'web', lines, live: true } });
  const terminal = await rig.inTerminal(['logs', 'web'], {}, '| head -n 1; echo codes=${PIPESTATUS[*]}');
  expect(await terminal.shows(/codes=/)).toMatch(/^line 0 x+\ncodes=0 0/);
});
