import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentStatus } from '../../src/control/protocol.ts';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { KindsHome, pressKeys, pressUntil, screenOf } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';
import type { Program } from './driver.ts';
import type { Memory } from './memory.ts';

type Kind = keyof typeof WORDS;

/** What differs between the kinds in what a person sees and says. */
const WORDS = {
  claude: {
    mode: ['--permission-mode', 'manual'],
    model: 'another-model',
    command: 'BASH touch made',
    dialog: 'Do you want to proceed?',
    yes: '1',
    own: ['.claude/settings.json'],
    trust: undefined,
    limit: 'with its end',
    login: true,
    errors: ['ERR 401', 'ERR 429', 'ERR 529', 'DROP'],
  },
  codex: {
    mode: [],
    model: 'another-model',
    command: 'BASH !touch made',
    dialog: 'Would you like to run',
    yes: 'y',
    own: [],
    trust: undefined,
    limit: 'with its end',
    login: true,
    errors: ['ERR 401', 'ERR 429', 'ERR 529', 'DROP'],
  },
  gemini: {
    mode: [],
    model: 'another-model',
    command: 'BASH touch made',
    dialog: 'Allow execution of',
    yes: 'Enter',
    own: ['.gemini/settings.json', '.gemini/trustedFolders.json'],
    trust: 'Do you trust the files in this folder?',
    limit: 'alone',
    login: false,
    errors: ['ERR 401', 'ERR 429', 'ERR 529', 'DROP'],
  },
  opencode: {
    mode: [],
    model: 'stub/another-model',
    command: 'BASH touch made',
    dialog: 'Permission required',
    yes: 'Enter',
    own: ['.config/opencode/opencode.json'],
    trust: undefined,
    limit: undefined,
    login: false,
    // After the others it tries again for as long as they last, and is busy meanwhile.
    errors: ['ERR 401', 'DROP'],
  },
} as const;

/** A program that takes longer than this to be seen has not been seen. */
const SLOW = 120_000;

/** A program writes the end of an answer down within this time, and is asked for it within the same. */
const WRITTEN = 10_000;

/** What colony promises of agents that keep their conversation. The same holds with the fake programs and the real ones. */
export function colonyContract(kind: Kind, program: Program): void {
  let colony: TestColony;
  let home: KindsHome;
  let memory: Memory;

  beforeEach(async () => {
    colony = await TestColony.make();
    home = KindsHome.of(colony);
    program.seed(home);
    memory = program.memory(home);
  });
  afterEach(() => colony.end());

  /** An agent of the kind; `words` are what the user has written behind the command. */
  function agent(more: AgentYaml = {}, ...words: string[]): AgentYaml {
    const env = { HOME: home.home, ...program.env, ...(more.env as object | undefined) };
    return { kind, command: [...program.command, ...WORDS[kind].mode, ...words], stop: { grace: '5s' }, ...more, env };
  }

  const status = async (name = 'a'): Promise<AgentStatus> => {
    const found = await colony.agent(name);
    if (!found) throw new Error(`no agent ${name}`);
    return found;
  };

  /** The status as soon as it is like this. */
  const when = (what: string, is: (agent: AgentStatus) => boolean, name = 'a') =>
    waitFor(
      `${name} ${what}`,
      async () => {
        const now = await status(name);
        return is(now) ? now : undefined;
      },
      SLOW,
    );

  const idle = (name = 'a', generation = 1) =>
    when(
      'idle',
      ({ activity, phase, generation: now }) => phase === 'ready' && activity.state === 'idle' && now >= generation,
      name,
    );
  const busy = (name = 'a') => when('busy', ({ activity }) => activity.state === 'busy', name);

  /** Apply what was written; ready or not. */
  async function apply(agents: Readonly<Record<string, AgentYaml>>, top: AgentYaml = {}): Promise<void> {
    colony.write(agents, top);
    const { code, stderr, stdout } = await colony.apply('--no-wait');
    if (code !== 0) throw new Error(`apply ended with ${code}: ${stdout}${stderr}`);
  }

  const prompts = (id: string) => memory.prompts(id);

  /** The prompts of a conversation, as soon as this one is among them. */
  const told = (id: string, text: string) =>
    waitFor(
      `the prompt ${text} on disk`,
      async () => {
        const all = await prompts(id);
        return all.includes(text) ? all : undefined;
      },
      SLOW,
    );

  /** The conversation that an agent is in, once it is known. */
  const conversation = async (name = 'a'): Promise<string> => {
    const { conversation: id } = await when('in a conversation', ({ conversation: known }) => known !== null, name);
    return id ?? '';
  };

  /** The end of an answer is on disk: a program writes it down a little later than it says that it is done. */
  const written = (id: string, end: string) =>
    waitFor(`${end} on disk`, async () => (await memory.text(id)).includes(end), WRITTEN);

  /** Idle, with one turn behind it. */
  async function spoken(text = 'hello', more: AgentYaml = {}): Promise<string> {
    await apply({ a: agent({ prompt: text, ...more }) });
    const id = await conversation();
    await told(id, text);
    await waitFor(
      'the first answer',
      async () => (await screenOf(colony, 'a')).includes(`stub: you said ${text}`),
      SLOW,
    );
    await idle();
    return id;
  }

  const send = (...words: string[]) => colony.run(['send', 'a', ...words]);

  /** Give it something that takes so long, and wait until it is at it. */
  async function atWork(id: string, text = 'SLOW 30'): Promise<void> {
    expect((await send(text)).code).toBe(0);
    await busy();
    await told(id, text);
  }

  const killed = async (name = 'a') => {
    const { pid } = await status(name);
    if (pid === null) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
  };

  describe('a conversation goes on', () => {
    test('a first prompt is given, the turn is seen busy, then idle', async () => {
      await apply({ a: agent({ prompt: 'SLOW 6' }) });
      // Before that, while it starts, it may well be seen idle.
      await busy();
      const id = await conversation();
      await told(id, 'SLOW 6');
      const { activity, generation } = await idle();
      await written(id, 'word11');
      expect(activity.source).not.toBeNull();
      expect(generation).toBe(1);
      expect(await prompts(id)).toEqual(['SLOW 6']);
    });

    test('killed in mid-answer it is back in the same pane and the same conversation', async () => {
      const id = await spoken();
      const pane = (await colony.tmux('list-panes', '-s', '-t', '=a', '-F', '#{pane_id}')).stdout;
      await atWork(id);
      await killed();
      const after = await idle('a', 2);
      expect(after).toMatchObject({ conversation: id, generation: 2 });
      expect((await colony.tmux('list-panes', '-s', '-t', '=a', '-F', '#{pane_id}')).stdout).toBe(pane);
      // Its title may say so before it has drawn anything.
      await waitFor('what was said', async () => {
        const screen = await screenOf(colony, 'a');
        return screen.includes('stub: you said hello') && screen.includes('SLOW 30');
      });
      expect((await send('and now')).code).toBe(0);
      await told(id, 'and now');
      expect(await prompts(id)).toEqual(['hello', 'SLOW 30', 'and now']);
    });

    test('killed before the first prompt it starts again without an error', async () => {
      await apply({ a: agent() });
      await idle();
      // Gemini CLI writes something by itself, and a little later than it calls itself ready.
      if (kind === 'gemini') await waitFor('its file', async () => (await memory.count()) === 1);
      await killed();
      await idle('a', 2);
      expect((await send('hello')).code).toBe(0);
      const id = await conversation();
      await told(id, 'hello');
      expect((await status()).generation).toBe(2);
    });

    test('the supervisor and the agent are killed together', async () => {
      const id = await spoken();
      await atWork(id);
      const { pid } = await status();
      await colony.killSupervisor();
      process.kill(pid ?? 0, 'SIGKILL');
      expect((await colony.apply('--no-wait')).code).toBe(0);
      expect(await idle('a', 2)).toMatchObject({ conversation: id });
      expect(await prompts(id)).toEqual(['hello', 'SLOW 30']);
      expect(await memory.count()).toBe(1);
    });

    test('two agents in one folder keep their own', async () => {
      await apply({ a: agent({ prompt: 'I am a' }), b: agent({ prompt: 'I am b' }) });
      const [a, b] = [await conversation('a'), await conversation('b')];
      expect(a).not.toBe(b);
      await told(a, 'I am a');
      await told(b, 'I am b');
      await idle('a');
      await idle('b');
      await killed('a');
      await killed('b');
      expect((await idle('a', 2)).conversation).toBe(a);
      expect((await idle('b', 2)).conversation).toBe(b);
      expect([await prompts(a), await prompts(b)]).toEqual([['I am a'], ['I am b']]);
    });

    // The others are not known to show what they take up.
    test.runIf(kind === 'claude' || kind === 'codex')(
      'that a person has taken up again in the pane it is the one that goes on',
      async () => {
        const first = await spoken();
        await send(kind === 'claude' ? '/clear' : '/new');
        await when('in another conversation', ({ conversation: id }) => id !== null && id !== first);
        await send('--when', 'idle', 'hello again');
        await told(await conversation(), 'hello again');
        await idle();
        await takenUp(first, 'stub: you said hello again');
        expect((await when('in the first one', ({ conversation: id }) => id === first)).generation).toBe(1);
        expect(await send('--when', 'idle', 'go on')).toMatchObject({ code: 0, stdout: 'a has taken it\n' });
        await told(first, 'go on');
        await idle();
        await killed();
        expect(await idle('a', 2)).toMatchObject({ conversation: first });
      },
    );

    test('another model: the plan says that the conversation goes on, it waits for the end of the turn, and goes on', async () => {
      const id = await spoken();
      await atWork(id, 'SLOW 20');
      const changed = { a: agent({ prompt: 'hello' }, '--model', WORDS[kind].model) };
      colony.write(changed);
      const plan = await colony.run(['plan']);
      expect(plan.code).toBe(2);
      expect(plan.stdout).toMatch(/conversation/);
      expect((await colony.apply('--no-wait')).code).toBe(0);
      expect((await status()).generation).toBe(1);
      expect(await idle('a', 2)).toMatchObject({ conversation: id });
      expect(await prompts(id)).toEqual(['hello', 'SLOW 20']);
      await written(id, 'word39');
    });
  });

  /** A person goes on with an earlier conversation, by hand; `gone`: what is on the screen until then. */
  async function takenUp(id: string, gone: string): Promise<void> {
    await send('--when', 'idle', kind === 'claude' ? `/resume ${id}` : '/resume');
    if (kind === 'codex') {
      await when('shows its earlier conversations', ({ activity }) => activity.state === 'waiting');
      expect((await send('not into the list')).code).toBe(1);
      await pressKeys(colony, 'a', 'Down');
      await pressKeys(colony, 'a', 'Enter');
    }
    await waitFor('the earlier one', async () => !(await screenOf(colony, 'a')).includes(gone), SLOW);
  }

  describe('a dialog is open', () => {
    const asked = async () => {
      const id = await spoken();
      await send(WORDS[kind].command);
      await waitFor('the dialog', async () => (await screenOf(colony, 'a')).includes(WORDS[kind].dialog), SLOW);
      const shown = performance.now();
      await when(
        'waits for a permission',
        ({ activity }) => activity.state === 'waiting' && activity.for === 'permission',
      );
      return { id, took: performance.now() - shown };
    };

    const answer = () =>
      pressUntil(colony, 'a', WORDS[kind].yes, async () => (await colony.agent('a'))?.activity.for !== 'permission');

    test('status says so soon, nothing is typed into it, and answered by hand it goes on', async () => {
      const { id, took } = await asked();
      // Some hundred milliseconds on a machine that is not loaded.
      expect(took).toBeLessThan(10_000);
      const refused = await send('2 please stop');
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/permission/);
      expect(readable(join(colony.work, 'made'))).toBe(false);
      await answer();
      await waitFor('the command to run', () => readable(join(colony.work, 'made')), SLOW);
      await idle();
      expect(await prompts(id)).toEqual(['hello', WORDS[kind].command]);
    });

    test('what is to be sent when it is idle waits for the answer', async () => {
      const { id } = await asked();
      const sending = colony.start(['send', 'a', '--when', 'idle', 'and then this']);
      const code = new Promise((resolve) => sending.on('exit', resolve));
      let said = '';
      sending.stderr?.on('data', (piece) => {
        said += piece;
      });
      await waitFor('word that it waits', () => said.includes('waits: '), SLOW);
      expect(readable(join(colony.work, 'made'))).toBe(false);
      await answer();
      expect(await code).toBe(0);
      await told(id, 'and then this');
      expect(await prompts(id)).toEqual(['hello', WORDS[kind].command, 'and then this']);
    });
  });

  test.runIf(WORDS[kind].trust)('a folder that is not trusted is asked about, and nothing is typed there', async () => {
    writeFileSync(join(home.home, '.gemini', 'trustedFolders.json'), '{}');
    await apply({ a: agent({ prompt: 'hello' }) });
    await when('waits for trust', ({ activity }) => activity.for === 'trust');
    const refused = await send('2 please stop');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/trust/);
    await pressUntil(colony, 'a', 'Enter', async () => (await colony.agent('a'))?.activity.for !== 'trust');
    const id = await conversation();
    await told(id, 'hello');
    // It starts itself anew then, fails at that, and is started again where it was.
    expect(await idle('a', 2)).toMatchObject({ conversation: id });
    expect(await prompts(id)).toEqual(['hello']);
  });

  test('texts of every sort arrive once and whole, or are refused with the reason', async () => {
    const id = await spoken();
    writeFileSync(join(colony.work, 'file.md'), '# A file\n');
    const expected: string[] = ['hello'];
    for (const text of AWKWARD) {
      const file = join(colony.work, 'text.txt');
      writeFileSync(file, text);
      const { code, stderr } = await send('--when', 'idle', '--literal', '--file', file);
      if (code === 0) {
        expected.push(text.trim());
        await waitFor(
          `the prompt ${text.slice(0, 30)}`,
          async () => (await prompts(id)).length >= expected.length,
          SLOW,
        );
      } else expect(stderr.length, `the reason why ${text.slice(0, 30)} was refused`).toBeGreaterThan(20);
      await idle();
    }
    expect((await prompts(id)).map((prompt) => prompt.trim())).toEqual(expected);
    // Not more than two of them may be too awkward.
    expect(expected.length).toBeGreaterThan(AWKWARD.length - 2);
  }, 600_000);

  describe('what goes wrong outside', () => {
    test.runIf(WORDS[kind].limit)(
      'a usage limit is no failure: it is limited until the reset, and nothing is restarted',
      async () => {
        await apply({ a: agent({ prompt: 'hello', env: program.subscription }) });
        await idle();
        const from = Date.now();
        await send('RATELIMIT 3600');
        const { activity, generation } = await when(
          'limited',
          ({ activity: now }) => now.state === 'limited' && (WORDS[kind].limit === 'alone' || now.until !== undefined),
        );
        expect(generation).toBe(1);
        if (WORDS[kind].limit === 'alone') return;
        const until = Date.parse(activity.until ?? '');
        expect(until).toBeGreaterThan(from + 3_000_000);
        expect(until).toBeLessThan(from + 4_000_000);
      },
    );

    test.each(WORDS[kind].errors)('after %s it is not busy, and nothing is restarted', async (text) => {
      const id = await spoken();
      await send(text);
      await told(id, text);
      await when('not busy any more', ({ activity }) => activity.state !== 'busy');
      if (text === 'ERR 401' && WORDS[kind].login)
        await when('waits for a login', ({ activity }) => activity.for === 'login');
      expect(await status()).toMatchObject({ generation: 1, conversation: id });
    });
  });

  test("the user's own settings are what they were, and their status line still shows", async () => {
    if (kind === 'claude') home.writeClaudeSettings({ statusLine: { type: 'command', command: OWN } });
    const read = (file: string) => readFileSync(join(home.home, file), 'utf8');
    const before = WORDS[kind].own.map(read);
    const was = KEPT.map(read);
    await spoken();
    if (kind === 'claude')
      await waitFor('their status line', async () => (await screenOf(colony, 'a')).includes('my own line'), SLOW);
    await killed();
    await idle('a', 2);
    expect(WORDS[kind].own.map(read)).toEqual(before);
    // The programs themselves write into these; what the user has written stays, and nothing comes in from colony.
    const now = KEPT.map(read);
    expect(JSON.parse(now[0] ?? '')).toMatchObject(JSON.parse(was[0] ?? '') as object);
    expect(now[1]?.split('\n')).toEqual(expect.arrayContaining(was[1]?.split('\n') ?? []));
    expect(now.join('\n').replaceAll(colony.dir, '')).not.toMatch(/colony/i);
  });
}

/** What the user and the program both write into. */
const KEPT = ['.claude.json', '.codex/config.toml'];

const OWN = 'echo my own line';

function readable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

const lines = (count: number, width: number) =>
  Array.from({ length: count }, (_, row) => `${row} ${'z'.repeat(width)}`).join('\n');

const AWKWARD = [
  'x',
  'w'.repeat(1500),
  lines(50, 397),
  lines(50, 10),
  '!echo shell',
  '/nonesuch at all',
  '/compact',
  '#hash',
  ' leading blank',
  'ends in a backslash \\',
  'look at @file.md',
  'a;b "c" $HOME `id` \'d\'',
  'é 漢字 😀',
  'first\n!second\n/third',
];
