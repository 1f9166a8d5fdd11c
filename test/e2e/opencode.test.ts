import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { KindsHome, pressKeys, screenOf } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;
let home: KindsHome;

beforeEach(async () => {
  colony = await TestColony.make();
  home = KindsHome.of(colony);
});

afterEach(async () => {
  await colony.end();
});

const AT_ONCE: AgentYaml = { restart: { backoff: { initial: '0s' } } };

/** The conversation that an agent is known to be in. */
const conversationOf = (agent: string, not?: string) =>
  waitFor(`the conversation of ${agent}`, async () => {
    const { conversation } = (await colony.agent(agent)) ?? {};
    return conversation !== not && conversation;
  });

const wordsOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');

/** SIGKILL it, and wait until its successor shows something. */
async function killed(agent: string, text: string): Promise<number> {
  const before = (await colony.agent(agent))?.pid ?? 0;
  process.kill(before, 'SIGKILL');
  return waitFor(`${agent} to be back`, async () => {
    const pid = (await colony.agent(agent))?.pid;
    return pid && pid !== before && (await screenOf(colony, agent)).includes(text) && pid;
  });
}

test('opencode that is killed comes back in its conversation, and is not given its prompt again', async () => {
  colony.write({ api: home.opencode({ ...AT_ONCE, prompt: 'the first task' }) });
  await colony.apply();
  const id = await conversationOf('api');
  const pid = await killed('api', 'the first task');
  expect(wordsOf(pid)).toContain(id);
  expect(wordsOf(pid).join(' ')).not.toContain('--prompt');
  expect(await colony.agent('api')).toMatchObject({ conversation: id, generation: 2 });
  expect(colony.journal().filter(({ type }) => type === 'conversation')).toMatchObject([{ id, how: 'discovered' }]);
});

test('two in one folder keep their own, also one that a person has begun in the meantime', async () => {
  const agent = (prompt: string) => home.opencode({ ...AT_ONCE, prompt });
  colony.write({ api: agent('the task of api'), web: agent('the task of web') });
  await colony.apply();
  const [api, web] = [await conversationOf('api'), await conversationOf('web')];
  expect(api).not.toBe(web);
  await killed('api', 'the task of api');
  await killed('web', 'the task of web');
  await pressKeys(colony, 'api', '-l', '/new');
  await pressKeys(colony, 'api', 'Enter');
  await pressKeys(colony, 'api', '-l', 'something else');
  await pressKeys(colony, 'api', 'Enter');
  const next = await conversationOf('api', api);
  expect(next).not.toBe(web);
  const pid = await killed('api', 'something else');
  expect(wordsOf(pid)).toContain(next);
  expect((await colony.agent('web'))?.conversation).toBe(web);
});

test('where nobody can tell which conversation is its own, none is taken up, and why says so', async () => {
  colony.write({ api: home.opencode({ ...AT_ONCE, prompt: 'a task', env: { OPENCODE_CONFIG: '/nowhere.json' } }) });
  await colony.apply();
  await waitFor('the answer', async () => (await screenOf(colony, 'api')).includes('you said a task'));
  const { stdout } = await colony.run(['why', 'api']);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('because `OPENCODE_CONFIG` is set');
  const pid = await killed('api', 'you said a task');
  expect(wordsOf(pid)).not.toContain('--session');
});

test('a supervisor that comes later finds out about a conversation that was begun in the meantime', async () => {
  colony.write({ api: home.opencode({ prompt: 'a task' }) });
  await colony.apply();
  const first = await conversationOf('api');
  await colony.killSupervisor();
  await pressKeys(colony, 'api', '-l', '/new');
  await pressKeys(colony, 'api', 'Enter');
  await pressKeys(colony, 'api', '-l', 'something else');
  await pressKeys(colony, 'api', 'Enter');
  await waitFor('the answer', async () => (await screenOf(colony, 'api')).includes('you said something else'));
  await colony.apply();
  expect(await conversationOf('api', first)).toMatch(/^ses_/);
});
