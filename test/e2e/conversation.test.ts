import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { FAKE_CLAUDE, KindsHome, pressKeys } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;
let home: KindsHome;

/** Leaves the words of the program that it starts, of each life in a file. */
let recorder: string;

beforeEach(async () => {
  colony = await TestColony.make();
  home = KindsHome.of(colony);
  recorder = join(colony.dir, 'recorder.sh');
  const file = `${colony.dir}/$COLONY_AGENT.$COLONY_GENERATION.words`;
  writeFileSync(recorder, `#!/bin/sh\nprintf '%s\\0' "$@" >"${file}.new" && mv "${file}.new" "${file}"\nexec "$@"\n`, {
    mode: 0o755,
  });
});

afterEach(async () => {
  await colony.end();
});

/** Restarts at once, so that nothing has time to be learned between an end and the next start. */
const AT_ONCE: AgentYaml = { restart: { backoff: { initial: '0s' }, reset_after: '1s' } };

const claude = (more: AgentYaml = {}, ...words: string[]): AgentYaml => {
  const { command, ...agent } = home.claude(more, ...words);
  return { ...agent, command: [recorder, ...(command as readonly string[])] };
};

/** The words behind the program in one of its lives. */
const wordsOf = (agent: string, generation: number): readonly string[] =>
  readFileSync(join(colony.dir, `${agent}.${generation}.words`), 'utf8')
    .split('\0')
    .slice(FAKE_CLAUDE.length, -1);

const variableOf = (pid: number, name: string): string | undefined =>
  readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .find((entry) => entry.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** The program of an agent once it can take a prompt: its pid, and the conversation that it is in. */
async function present(agent: string, not = 0): Promise<{ pid: number; id: string }> {
  return waitFor(`${agent} to be there`, async () => {
    const pid = (await colony.agent(agent))?.pid;
    const record = pid && pid !== not ? home.claudeRecord(pid) : undefined;
    return record && { pid: record.pid, id: record.sessionId };
  });
}

/** SIGKILL it and wait for its successor. */
async function killed(agent: string): Promise<{ pid: number; id: string }> {
  const { pid } = await present(agent);
  process.kill(pid, 'SIGKILL');
  return present(agent, pid);
}

const paneOf = async (agent: string) =>
  (await colony.tmux('list-panes', '-t', `=${agent}:`, '-F', '#{pane_id}')).stdout;

const told = (type: string) => colony.journal().filter((entry) => entry.type === type);

const prompted = (id: string, count = 1) =>
  waitFor('the prompt', () => home.prompts('claude', id).length >= count && home.prompts('claude', id));

/** Nothing more is written to its conversation. */
async function answered({ pid, id }: { readonly pid: number; readonly id: string }): Promise<void> {
  await prompted(id);
  await waitFor('the end of the turn', () => home.claudeRecord(pid)?.status === 'idle');
}

describe('an agent that is killed', () => {
  test('goes on with its conversation in the same pane, and is not given its prompt again', async () => {
    colony.write({ api: claude({ ...AT_ONCE, prompt: 'SLOW 30' }) });
    await colony.apply();
    const before = await present('api');
    expect(await prompted(before.id)).toEqual(['SLOW 30']);
    expect(wordsOf('api', 1)).toContain('--session-id');
    expect(variableOf(before.pid, 'COLONY_CONVERSATION')).toBe(before.id);
    const pane = await paneOf('api');
    const after = await killed('api');
    expect(after.id).toBe(before.id);
    expect(wordsOf('api', 2).slice(0, 2)).toEqual(['--resume', before.id]);
    expect(variableOf(after.pid, 'COLONY_CONVERSATION')).toBe(before.id);
    expect(await paneOf('api')).toBe(pane);
    expect(home.prompts('claude', before.id)).toEqual(['SLOW 30']);
    expect(await colony.agent('api')).toMatchObject({ conversation: before.id, generation: 2 });
    expect([...home.transcripts('claude').keys()]).toEqual([before.id]);
    expect(told('conversation')).toHaveLength(1);
  });

  test('before its first prompt begins again under the same id', async () => {
    colony.write({ api: claude(AT_ONCE) });
    await colony.apply();
    const before = await present('api');
    const after = await killed('api');
    expect(after.id).toBe(before.id);
    expect(wordsOf('api', 2).slice(0, 2)).toEqual(['--session-id', before.id]);
    expect((await colony.agent('api'))?.generation).toBe(2);
  });

  test('together with the supervisor goes on as well', async () => {
    colony.write({ api: claude({ ...AT_ONCE, prompt: 'hello' }) });
    await colony.apply();
    const before = await present('api');
    await prompted(before.id);
    await colony.killSupervisor();
    process.kill(before.pid, 'SIGKILL');
    await colony.apply();
    const after = await present('api', before.pid);
    expect(after.id).toBe(before.id);
    expect(wordsOf('api', 2)).toContain('--resume');
    expect(home.prompts('claude', before.id)).toEqual(['hello']);
  });

  test('begins one new conversation if its own is refused, and keeps the id', async () => {
    colony.write({ api: claude({ ...AT_ONCE, prompt: 'hello' }) });
    await colony.apply();
    const before = await present('api');
    await answered(before);
    home.damage('claude', before.id, 'nothing that can be read\n');
    const after = await killed('api');
    expect(after.id).not.toBe(before.id);
    expect(await prompted(after.id)).toEqual(['hello']);
    expect(await colony.agent('api')).toMatchObject({ conversation: after.id, generation: 3 });
    expect(told('conversation_refused')).toMatchObject([{ agent: 'api', id: before.id }]);
    // From then on the new one is what it goes on with.
    expect((await killed('api')).id).toBe(after.id);
  });

  test('begins a new one if its own is an empty file, without a start that fails', async () => {
    colony.write({ api: claude({ ...AT_ONCE, prompt: 'hello' }) });
    await colony.apply();
    const before = await present('api');
    await answered(before);
    home.damage('claude', before.id, '');
    const after = await killed('api');
    expect(after.id).not.toBe(before.id);
    expect((await colony.agent('api'))?.generation).toBe(2);
  });

  test('goes on also where colony cannot see its conversations', async () => {
    const elsewhere = join(colony.dir, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, '.claude.json'), readFileSync(join(home.home, '.claude.json')));
    const script = join(colony.work, 'start.sh');
    writeFileSync(script, `#!/bin/sh\nCLAUDE_CONFIG_DIR=${elsewhere} exec "$@"\n`, {
      mode: 0o755,
    });
    colony.write({ api: { ...claude(), ...AT_ONCE, prompt: 'hello', command: [recorder, script, ...FAKE_CLAUDE] } });
    await colony.apply();
    const transcript = await waitFor('a conversation', () => findIn(elsewhere));
    const { pid, conversation } = (await colony.agent('api')) ?? {};
    expect(transcript).toContain(String(conversation));
    process.kill(Number(pid), 'SIGKILL');
    await waitFor('the third life', () => existsSync(join(colony.dir, 'api.3.words')));
    expect(wordsOf('api', 2)).toContain('--session-id');
    expect(wordsOf('api', 3)).toContain('--resume');
    expect(await colony.agent('api')).toMatchObject({ conversation });
  });

  test('a first task that has to be typed is not lost with the supervisor that was to type it', async () => {
    const stranger = new KindsHome(join(colony.dir, 'homes', 'stranger'), []);
    // Too long for a command line.
    const prompt = `first ${'x'.repeat(110_000)}`;
    colony.write({ api: stranger.claude({ prompt }) });
    await colony.apply('--no-wait');
    await waitFor('the question', async () => (await colony.agent('api'))?.activity.for === 'trust');
    await colony.killSupervisor();
    await colony.apply('--no-wait');
    const { conversation, generation } = (await colony.agent('api')) ?? {};
    await pressKeys(colony, 'api', 'Down');
    await pressKeys(colony, 'api', 'Enter');
    const said = () => stranger.prompts('claude', String(conversation)).map((text) => text.trim());
    await waitFor('the task', () => said().length > 0);
    expect({ said: said(), generation }).toEqual({ said: [prompt], generation: 1 });
    // Nor is it typed once more by the next one.
    await colony.killSupervisor();
    await colony.apply('--no-wait');
    await colony.run(['send', 'api', 'second', '--when', 'idle']);
    await waitFor('the second', () => said().length > 1);
    expect(said()).toEqual([prompt, 'second']);
  });
});

/** A conversation of Claude Code somewhere below a folder. */
function findIn(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('.jsonl'));
}

describe('a Codex that is killed', () => {
  /** Its id is known as soon as it was given a prompt, by its own word. */
  const known = (agent: string) =>
    waitFor('a conversation', async () => (await colony.agent(agent))?.conversation ?? undefined);

  test('goes on with its conversation, which it has named itself', async () => {
    colony.write({
      one: home.codex({ ...AT_ONCE, prompt: 'first' }),
      two: home.codex({ ...AT_ONCE, prompt: 'second' }),
    });
    await colony.apply();
    const ids = [await known('one'), await known('two')];
    expect(new Set(ids).size).toBe(2);
    for (const [at, agent] of ['one', 'two'].entries()) {
      const id = ids[at] ?? '';
      await waitFor('the prompt', () => home.prompts('codex', id).length > 0);
      const before = (await colony.agent(agent))?.pid ?? 0;
      process.kill(before, 'SIGKILL');
      const pid = await waitFor('the next life', async () => {
        const now = await colony.agent(agent);
        return now?.generation === 2 && now.pid ? now.pid : undefined;
      });
      expect(variableOf(pid, 'COLONY_CONVERSATION')).toBe(id);
    }
    expect([await known('one'), await known('two')]).toEqual(ids);
    expect(ids.map((id) => home.prompts('codex', id))).toEqual([['first'], ['second']]);
    expect(home.transcripts('codex').size).toBe(2);
  });

  test('goes on with the one that a person has taken up again by hand, though it is not the newest', async () => {
    colony.write({ api: home.codex({ ...AT_ONCE, prompt: 'first' }) });
    await colony.apply();
    const first = await known('api');
    await waitFor('the end of the turn', async () => (await colony.agent('api'))?.activity.state === 'idle');
    await colony.run(['send', 'api', '/new']);
    await waitFor('another one', async () => (await known('api')) !== first);
    await colony.run(['send', 'api', 'second', '--when', 'idle']);
    await colony.run(['send', 'api', '/resume', '--when', 'idle']);
    await waitFor('its list', async () => (await colony.agent('api'))?.activity.state === 'waiting');
    await pressKeys(colony, 'api', 'Down');
    await pressKeys(colony, 'api', 'Enter');
    await waitFor('the first one', async () => (await known('api')) === first);
    process.kill((await colony.agent('api'))?.pid ?? 0, 'SIGKILL');
    await waitFor('the next life', async () => (await colony.agent('api'))?.generation === 2);
    expect(await known('api')).toBe(first);
  });
});

describe('two agents in one folder', () => {
  test('keep their own conversations', async () => {
    colony.write({
      one: home.claude({ ...AT_ONCE, prompt: 'first' }),
      two: home.claude({ ...AT_ONCE, prompt: 'second' }),
    });
    await colony.apply();
    const [one, two] = [await present('one'), await present('two')];
    await Promise.all([prompted(one.id), prompted(two.id)]);
    expect((await killed('two')).id).toBe(two.id);
    expect((await killed('one')).id).toBe(one.id);
    expect(home.prompts('claude', one.id)).toEqual(['first']);
    expect(home.prompts('claude', two.id)).toEqual(['second']);
  });

  test('are not in one conversation either, if a person has gone on in one pane with that of the other', async () => {
    colony.write({
      one: home.claude({ ...AT_ONCE, prompt: 'first' }),
      two: home.claude({ ...AT_ONCE, prompt: 'second' }),
    });
    await colony.apply();
    const [one, two] = [await present('one'), await present('two')];
    await Promise.all([answered(one), answered(two)]);
    await colony.run(['stop', 'one']);
    expect(await colony.run(['send', 'two', `/resume ${one.id}`])).toMatchObject({ code: 0 });
    await waitFor('two to be in it', async () => (await colony.agent('two'))?.conversation === one.id);
    await colony.run(['start', 'one']);
    expect((await present('one', one.pid)).id).not.toBe(one.id);
    expect(told('conversation_refused')).toMatchObject([{ agent: 'one', id: one.id, why: 'the agent "two" is in it' }]);
    expect((await killed('two')).id).toBe(one.id);
  });
});

describe('a change of the command', () => {
  test('is planned as a restart that keeps the conversation, and does', async () => {
    const api = (model: string) => claude({ ...AT_ONCE, prompt: 'hello', update: 'immediate' }, '--model', model);
    colony.write({ api: api('opus') });
    await colony.apply();
    const before = await present('api');
    await prompted(before.id);
    colony.write({ api: api('sonnet') });
    const plan = await colony.run(['plan']);
    expect(plan.stdout).toContain('restart, the conversation continues');
    await colony.apply();
    const after = await present('api', before.pid);
    expect(after.id).toBe(before.id);
    expect(wordsOf('api', 2).slice(0, 4)).toEqual(['--model', 'sonnet', '--resume', before.id]);
  });

  test('to another home, or another program, begins a new one', async () => {
    const other = KindsHome.of(colony, 'other');
    colony.write({ api: home.claude({ prompt: 'hello' }), web: home.claude({ prompt: 'hello' }) });
    await colony.apply();
    await prompted((await present('api')).id);
    colony.write({ api: other.claude({ prompt: 'hello' }), web: home.codex({ prompt: 'hello' }) });
    const { stdout } = await colony.run(['plan']);
    expect(stdout.match(/restart, a new conversation begins/g)).toHaveLength(2);
  });
});

describe('--fresh', () => {
  test('restarts an agent with a new conversation, and its prompt', async () => {
    colony.write({ api: home.claude({ prompt: 'hello' }) });
    await colony.apply();
    const before = await present('api');
    await prompted(before.id);
    expect((await colony.run(['restart', 'api', '--fresh'])).code).toBe(0);
    const after = await present('api', before.pid);
    expect(after.id).not.toBe(before.id);
    expect(await prompted(after.id)).toEqual(['hello']);
    expect(told('conversation_cleared')).toHaveLength(1);
    expect((await colony.agent('api'))?.conversation).toBe(after.id);
  });

  test('starts one that was stopped', async () => {
    colony.write({ api: home.claude({ prompt: 'hello' }) });
    await colony.apply();
    const before = await present('api');
    await prompted(before.id);
    await colony.run(['stop', 'api']);
    await colony.run(['start', 'api', '--fresh']);
    expect((await present('api', before.pid)).id).not.toBe(before.id);
  });
});

test('resume: never starts the command as it is written', async () => {
  colony.write({ api: claude({ ...AT_ONCE, prompt: 'hello', resume: 'never' }) });
  await colony.apply();
  const before = await present('api');
  expect(wordsOf('api', 1)).not.toContain('--session-id');
  await prompted(before.id);
  const after = await killed('api');
  expect(after.id).not.toBe(before.id);
  expect(await prompted(after.id)).toEqual(['hello']);
});

describe('a prompt arrives whole', () => {
  const long = Array.from({ length: 50 }, (_, line) => `line ${line} ${'x'.repeat(392)}`).join('\n');
  const texts = {
    minus: '--model haiku, which is no option',
    bang: '!echo "this is no shell command"',
    at: '@README.md',
    signs: `; "double" 'single' $HOME \`date\` \\ #{pane_id} %1 ~ é 漢 🙂`,
    lines: 'first\n\n  third\t\n\\',
    long,
  };

  test('from a list and from a line, with a new session and in an old pane', async () => {
    const line = (prompt: string): AgentYaml => {
      const { command, ...agent } = home.claude({ prompt });
      return { ...agent, command: (command as readonly string[]).join(' ') };
    };
    const agents = Object.entries(texts).flatMap(([name, prompt]) => [
      [`${name}-list`, home.claude({ prompt })] as const,
      [`${name}-line`, line(prompt)] as const,
    ]);
    colony.write(Object.fromEntries(agents));
    await colony.apply();
    await expectPrompts();
    await colony.run(['restart', '*', '--fresh', '--now']);
    await expectPrompts();
  });

  async function expectPrompts(): Promise<void> {
    for (const [name, prompt] of Object.entries(texts)) {
      for (const form of ['list', 'line']) {
        const { conversation } = (await colony.agent(`${name}-${form}`)) ?? {};
        expect({ name, form, got: await prompted(String(conversation)) }).toEqual({ name, form, got: [prompt] });
      }
    }
  }
});

describe('what is given to a program', () => {
  test('holds the settings of the user, of which no file is touched', async () => {
    const file = home.writeClaudeSettings({ statusLine: { type: 'command', command: 'echo mine', padding: 2 } });
    const before = readFileSync(file, 'utf8');
    writeFileSync(join(colony.work, 'own.json'), JSON.stringify({ model: 'opus', hooks: { Stop: [{ hooks: [] }] } }));
    colony.write({ api: claude({}, '--settings', 'own.json') });
    await colony.apply();
    await present('api');
    const path = wordsOf('api', 1).at(-1) ?? '';
    const given = JSON.parse(readFileSync(path, 'utf8'));
    expect(given).toMatchObject({ model: 'opus', statusLine: { type: 'command', padding: 2 } });
    expect(given.hooks.Stop).toHaveLength(2);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(colony.paths.inject, 'hook')).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, 'utf8')).toBe(before);
    colony.write({ other: colony.fake() });
    await colony.apply('--yes');
    await waitFor('the settings to be gone', () => !existsSync(path));
  });

  test('is nothing where its user gives settings that cannot be read: then the program says so itself', async () => {
    colony.write({ api: home.claude({}, '--settings', 'missing.json') });
    await colony.apply('--no-wait');
    const agent = await waitFor(
      'a life',
      async () => ((await colony.agent('api'))?.generation ?? 0) > 0 && colony.agent('api'),
    );
    expect(agent?.name).toBe('api');
    expect(existsSync(join(colony.paths.inject, 'api.json'))).toBe(false);
  });
});
