import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentStatus } from '../../src/control/protocol.ts';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { KindsHome, pressKeys, pressUntil, screenOf } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;
let home: KindsHome;

beforeEach(async () => {
  colony = await TestColony.make();
  home = KindsHome.of(colony);
});

afterEach(() => colony.end());

/** What the agent is said to be doing, in one word or two. */
const doing = ({ activity }: AgentStatus) => [activity.state, activity.for].filter(Boolean).join(' ');

const becomes = async (name: string, what: string, also: (agent: AgentStatus) => boolean = () => true) => {
  let last = 'nothing';
  try {
    return await waitFor(`${name} to be ${what}`, async () => {
      const agent = await colony.agent(name);
      last = agent ? JSON.stringify({ ...agent.activity, phase: agent.phase, telemetry: agent.telemetry }) : last;
      return agent && doing(agent) === what && also(agent) ? agent : undefined;
    });
  } catch (error) {
    throw new Error(`${error}; it was ${last}\n${await screenOf(colony, name)}`);
  }
};

/** Give a prompt by the clipboard, as a person may. */
const prompt = async (name: string, text: string) => {
  await colony.tmux('set-buffer', '-b', 'prompt', text);
  await colony.tmux('paste-buffer', '-p', '-d', '-b', 'prompt', '-t', `=${name}:`);
  await waitFor(`the prompt ${text}`, async () => (await screenOf(colony, name)).includes(text));
  await pressKeys(colony, name, 'Enter');
};

const shows = (name: string, text: string) =>
  waitFor(`${name} to show ${text}`, async () => (await screenOf(colony, name)).includes(text));

const answer = (key: string) =>
  pressUntil(colony, 'api', key, async () => (await colony.agent('api'))?.activity.state !== 'waiting');

const launch = async (agent: AgentYaml, state = 'idle') => {
  colony.write({ api: agent });
  const applied = await colony.apply();
  expect(`${applied.stderr}${applied.code}`).toBe('0');
  // An Enter that comes right after the start is lost, as with the real programs.
  return becomes('api', state, ({ started }) => Date.now() - Date.parse(started ?? '') > 1_500);
};

describe('Claude Code', () => {
  const start = (state = 'idle') =>
    launch(home.claude({ env: { CLAUDE_CODE_MAX_RETRIES: '1' } }, '--permission-mode', 'manual'), state);

  test('it is busy in a turn, and idle when that has ended', async () => {
    await start();
    await prompt('api', 'SLOW 6');
    expect((await becomes('api', 'busy')).activity.source).toBe('record');
    expect((await becomes('api', 'idle')).activity.source).toBe('record');
  });

  test('a dialog is known soon, and what it is about', async () => {
    await start();
    await prompt('api', 'BASH touch made');
    await shows('api', 'Do you want to proceed?');
    const began = performance.now();
    await becomes('api', 'waiting permission');
    expect(performance.now() - began).toBeLessThan(10_000);
    await waitFor('its status line to say so', async () =>
      (await colony.tmux('display-message', '-p', '-t', '=api:', '#{T:status-left}')).stdout.includes(
        'ready, waiting: permission',
      ),
    );
    await answer('1');
    await becomes('api', 'idle');
    await prompt('api', 'ASKUSER');
    await becomes('api', 'waiting question');
    const types = colony
      .journal()
      .filter(({ type }) => type.startsWith('attention'))
      .map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(['attention', 'attention_over', 'attention']);
  });

  test('who is asked whether he trusts the folder waits, and no record says so', async () => {
    home = new KindsHome(`${colony.dir}/homes/strange`, []);
    const { activity } = await start('waiting trust');
    expect(activity.source).toBe('screen');
  });

  test('an interruption is told by nobody, and known all the same', async () => {
    await start();
    await prompt('api', 'SLOW 60');
    await becomes('api', 'busy');
    await pressKeys(colony, 'api', 'Escape');
    await becomes('api', 'idle');
  });

  test('a sub-agent at work in the background is work', async () => {
    await start();
    await prompt('api', 'AGENT SLOW 8');
    await shows('api', 'Waiting for 1 background agent');
    expect(doing((await colony.agent('api')) as AgentStatus)).toBe('busy');
    await becomes('api', 'idle');
  });

  const isAbout = (told: string | undefined, at: number) => Math.abs(Date.parse(told ?? '') - at) < 90_000;

  test('a usage limit lasts until its reset, over a new supervisor and a new life; then it goes on', async () => {
    await start();
    await prompt('api', 'RATELIMIT 3600');
    const limited = await becomes('api', 'limited', ({ activity }) => activity.until !== undefined);
    const until = Date.parse(limited.activity.until ?? '');
    expect(Math.abs(until - Date.now() - 3_600_000)).toBeLessThan(90_000);
    expect(limited.phase).toBe('ready');
    await colony.killSupervisor();
    await colony.run(['apply']);
    const told = () => colony.journal().filter(({ type }) => type.startsWith('attention')).length;
    const again = await becomes('api', 'limited', ({ activity }) => isAbout(activity.until, until));
    expect(told()).toBe(1);
    process.kill(again.pid ?? 0, 'SIGKILL');
    await becomes('api', 'limited', ({ activity, pid }) => pid !== again.pid && isAbout(activity.until, until));
    expect(await colony.run(['send', 'api', 'hello again', '--force'])).toMatchObject({ code: 0 });
    await becomes('api', 'idle');
  });

  test.each([
    ['ERR 401', 'waiting login'],
    ['ERR 529', 'idle'],
    ['ERR 400', 'idle'],
    ['ERR 429', 'idle'],
  ])('after %s it is %s, and not restarted', async (directive, state) => {
    const { pid } = await start();
    await prompt('api', directive);
    await waitFor('the end of the turn', () => messages('StopFailure').length > 0);
    const agent = await becomes('api', state);
    expect(agent.pid).toBe(pid);
    await prompt('api', 'SLOW 60');
    await becomes('api', 'busy');
  });

  test('the record that a killed one has left behind says nothing', async () => {
    await start();
    await prompt('api', 'SLOW 60');
    const { pid } = await becomes('api', 'busy');
    process.kill(pid ?? 0, 'SIGKILL');
    await becomes('api', 'idle', (agent) => agent.pid !== pid);
    expect(home.claudeRecord(pid ?? 0)?.status).toBe('busy');
  });

  test('what it tells of its conversation is known, stays so, and goes with the conversation', async () => {
    home.writeClaudeSettings({ statusLine: { type: 'command', command: 'echo mine; cat > /dev/null' } });
    await start();
    await shows('api', 'mine');
    await prompt('api', 'CONTEXT 42');
    const told = await becomes('api', 'idle', ({ context_percent }) => context_percent === 42);
    expect(told.telemetry?.model).toMatch(/opus/i);
    expect(told.telemetry?.cost_usd).toBeGreaterThan(0);
    expect(told.conversation).toMatch(/^[0-9a-f-]{36}$/);
    await colony.killSupervisor();
    await colony.run(['apply']);
    await becomes('api', 'idle', ({ context_percent }) => context_percent === 42);
    await prompt('api', '/clear');
    const cleared = await becomes('api', 'idle', ({ conversation }) => conversation !== told.conversation);
    await becomes('api', 'idle', ({ context_percent }) => context_percent === null);
    expect(cleared.pid).toBe(told.pid);
    expect((await colony.run(['stop', 'api'])).code).toBe(0);
    const { stdout } = await colony.run(['history', '-o', 'json']);
    const [life] = JSON.parse(stdout).runs;
    expect(life).toMatchObject({ conversation: cleared.conversation, model: told.telemetry?.model });
  });

  test('a user without a status line of his own sees one of use', async () => {
    await start();
    await shows('api', 'api · ');
  });
});

describe('Codex', () => {
  const start = (state = 'idle') => launch(home.codex(), state);

  test('busy, idle, and interrupted', async () => {
    await start();
    await prompt('api', 'SLOW 6');
    await becomes('api', 'busy');
    const { conversation, telemetry } = await becomes('api', 'idle', ({ telemetry }) => telemetry !== null);
    expect([...home.transcripts('codex').keys()]).toEqual([conversation]);
    expect(telemetry?.model).toBe('gpt-5-codex');
    await prompt('api', 'SLOW 60');
    await becomes('api', 'busy');
    await pressKeys(colony, 'api', 'Escape');
    await becomes('api', 'idle');
  });

  test('an approval is known soon', async () => {
    await start();
    await prompt('api', 'BASH !true');
    await shows('api', 'Would you like to run');
    const began = performance.now();
    await becomes('api', 'waiting permission');
    expect(performance.now() - began).toBeLessThan(10_000);
    await answer('y');
    await becomes('api', 'idle');
  });

  test('a limit and a login are known from the conversation', async () => {
    await start();
    await prompt('api', 'RATELIMIT 3600');
    const { activity } = await becomes('api', 'limited', (agent) => agent.activity.until !== undefined);
    expect(Math.abs(Date.parse(activity.until ?? '') - Date.now() - 3_600_000)).toBeLessThan(90_000);
  });

  test('a login that is refused waits for a person', async () => {
    await start();
    await prompt('api', 'ERR 401');
    await becomes('api', 'waiting login');
  });
});

/** What hooks have told and stands in the spool. */
function messages(event: string): readonly string[] {
  const { spool } = colony.paths;
  return readdirSync(spool).filter((name) => {
    try {
      return readFileSync(join(spool, name), 'utf8').includes(`"event":"${event}"`);
    } catch {
      return false;
    }
  });
}
