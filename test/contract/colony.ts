import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentStatus } from '../../src/control/protocol.ts';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { KindsHome, pressUntil, screenOf } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';
import type { Program } from './driver.ts';

type Kind = 'claude' | 'codex';

/** What differs between the two kinds in what a person sees. */
const WORDS = {
  claude: { command: 'BASH touch made', dialog: 'Do you want to proceed?', yes: '1', limit: "You've hit your limit" },
  codex: {
    command: 'BASH !touch made',
    dialog: 'Would you like to run',
    yes: 'y',
    limit: 'You’ve hit your usage limit',
  },
} as const;

/** A program that takes longer than this to be seen has not been seen. */
const SLOW = 60_000;

/** What colony promises of agents that keep their conversation. The same holds with the fake programs and the real ones. */
export function colonyContract(kind: Kind, program: Program): void {
  let colony: TestColony;
  let home: KindsHome;

  beforeEach(async () => {
    colony = await TestColony.make();
    home = KindsHome.of(colony);
    program.seed(home);
  });
  afterEach(() => colony.end());

  /** An agent of the kind; `words` are what the user has written behind the command. */
  function agent(more: AgentYaml = {}, ...words: string[]): AgentYaml {
    const mode = kind === 'claude' ? ['--permission-mode', 'manual'] : [];
    const env = { HOME: home.home, ...program.env, ...(more.env as object | undefined) };
    return { kind, command: [...program.command, ...mode, ...words], stop: { grace: '5s' }, ...more, env };
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

  const prompts = (id: string | null) => home.prompts(kind, id ?? '');

  /** The conversation that an agent is in, once it is known. */
  const conversation = async (name = 'a'): Promise<string> => {
    const { conversation: id } = await when('in a conversation', ({ conversation: known }) => known !== null, name);
    return id ?? '';
  };

  /** The end of an answer is on disk: a program writes it down a little later than it says that it is done. */
  const written = (id: string, end: string) =>
    waitFor(`${end} on disk`, () => JSON.stringify(home.transcript(kind, id)).includes(end), 1500);

  /** Idle, with one turn behind it. */
  async function spoken(text = 'hello', more: AgentYaml = {}): Promise<string> {
    await apply({ a: agent({ prompt: text, ...more }) });
    const id = await conversation();
    await waitFor('the first prompt', () => prompts(id).length > 0, SLOW);
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
    await waitFor('the prompt on disk', () => prompts(id).includes(text), SLOW);
    await busy();
  }

  const killed = async (name = 'a') => {
    const { pid } = await status(name);
    if (pid === null) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
  };

  describe('a conversation goes on', () => {
    test('a first prompt is given, the turn is seen busy, then idle', async () => {
      await apply({ a: agent({ prompt: 'SLOW 3' }) });
      const id = await conversation();
      // Before that, while it starts, it may well be seen idle.
      await waitFor('the prompt on disk', () => prompts(id).length > 0, SLOW);
      await busy();
      const { activity, generation } = await idle();
      await written(id, 'word5');
      expect(activity.source).not.toBeNull();
      expect(generation).toBe(1);
      expect(prompts(id)).toEqual(['SLOW 3']);
    });

    test('killed in mid-answer it is back in the same pane and the same conversation', async () => {
      const id = await spoken();
      const pane = (await colony.tmux('list-panes', '-s', '-t', '=a', '-F', '#{pane_id}')).stdout;
      await atWork(id);
      await killed();
      const after = await idle('a', 2);
      expect(after).toMatchObject({ conversation: id, generation: 2 });
      expect((await colony.tmux('list-panes', '-s', '-t', '=a', '-F', '#{pane_id}')).stdout).toBe(pane);
      // It says that it is idle before it has drawn what was said.
      await waitFor('what was said', async () => {
        const screen = await screenOf(colony, 'a');
        return screen.includes('stub: you said hello') && screen.includes('SLOW 30');
      });
      expect((await send('and now')).code).toBe(0);
      await waitFor('the prompt on disk', () => prompts(id).includes('and now'), SLOW);
      expect(prompts(id)).toEqual(['hello', 'SLOW 30', 'and now']);
    });

    test('killed before the first prompt it starts again without an error', async () => {
      await apply({ a: agent() });
      await idle();
      await killed();
      await idle('a', 2);
      expect((await send('hello')).code).toBe(0);
      const id = await conversation();
      await waitFor('the prompt on disk', () => prompts(id).includes('hello'), SLOW);
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
      expect(prompts(id)).toEqual(['hello', 'SLOW 30']);
      expect(home.transcripts(kind).size).toBe(1);
    });

    test('two agents in one folder keep their own', async () => {
      await apply({ a: agent({ prompt: 'I am a' }), b: agent({ prompt: 'I am b' }) });
      const [a, b] = [await conversation('a'), await conversation('b')];
      expect(a).not.toBe(b);
      for (const id of [a, b]) await waitFor('the prompt on disk', () => prompts(id).length === 1, SLOW);
      await idle('a');
      await idle('b');
      await killed('a');
      await killed('b');
      expect((await idle('a', 2)).conversation).toBe(a);
      expect((await idle('b', 2)).conversation).toBe(b);
      expect([prompts(a), prompts(b)]).toEqual([['I am a'], ['I am b']]);
    });

    test('another model: the plan says that the conversation goes on, it waits for the end of the turn, and goes on', async () => {
      const id = await spoken();
      await atWork(id, 'SLOW 6');
      const changed = { a: agent({ prompt: 'hello' }, '--model', 'another-model') };
      colony.write(changed);
      const plan = await colony.run(['plan']);
      expect(plan.code).toBe(2);
      expect(plan.stdout).toMatch(/conversation/);
      expect((await colony.apply('--no-wait')).code).toBe(0);
      expect((await status()).generation).toBe(1);
      expect(await idle('a', 2)).toMatchObject({ conversation: id });
      expect(prompts(id)).toEqual(['hello', 'SLOW 6']);
      await written(id, 'word11');
    });
  });

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
      expect(prompts(id)).toEqual(['hello', WORDS[kind].command]);
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
      await waitFor('the prompt on disk', () => prompts(id).includes('and then this'), SLOW);
      expect(prompts(id)).toEqual(['hello', WORDS[kind].command, 'and then this']);
    });
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
        await waitFor(`the prompt ${text.slice(0, 30)}`, () => prompts(id).length >= expected.length, SLOW);
      } else expect(stderr.length, `the reason why ${text.slice(0, 30)} was refused`).toBeGreaterThan(20);
      await idle();
    }
    expect(prompts(id).map((prompt) => prompt.trim())).toEqual(expected);
    // Not more than two of them may be too awkward.
    expect(expected.length).toBeGreaterThan(AWKWARD.length - 2);
  }, 300_000);

  describe('what goes wrong outside', () => {
    test('a usage limit is no failure: it is limited until the reset, and nothing is restarted', async () => {
      await apply({ a: agent({ prompt: 'hello', env: program.subscription }) });
      await idle();
      const from = Date.now();
      await send('RATELIMIT 3600');
      const { activity, generation } = await when(
        'limited',
        ({ activity: now }) => now.state === 'limited' && now.until !== undefined,
      );
      const until = Date.parse(activity.until ?? '');
      expect(until).toBeGreaterThan(from + 3_000_000);
      expect(until).toBeLessThan(from + 4_000_000);
      expect(generation).toBe(1);
    });

    test.each(['ERR 401', 'ERR 429', 'ERR 529', 'DROP'])(
      'after %s it is not busy, and nothing is restarted',
      async (text) => {
        const id = await spoken();
        await send(text);
        await waitFor('the prompt on disk', () => prompts(id).includes(text), SLOW);
        await when('not busy any more', ({ activity }) => activity.state !== 'busy');
        if (text === 'ERR 401') await when('waits for a login', ({ activity }) => activity.for === 'login');
        expect(await status()).toMatchObject({ generation: 1, conversation: id });
      },
    );
  });

  test("the user's own settings are what they were, and their status line still shows", async () => {
    const own =
      kind === 'claude' ? home.writeClaudeSettings({ statusLine: { type: 'command', command: OWN } }) : undefined;
    const kept = [join(home.home, '.claude.json'), join(home.home, '.codex', 'config.toml')];
    const [before, ...was] = [own, ...kept].map((file) => (file === undefined ? '' : readFileSync(file, 'utf8')));
    await spoken();
    if (own)
      await waitFor('their status line', async () => (await screenOf(colony, 'a')).includes('my own line'), SLOW);
    await killed();
    await idle('a', 2);
    if (own) expect(readFileSync(own, 'utf8')).toBe(before);
    // The programs themselves write into these; what the user has written stays, and nothing comes in from colony.
    const now = kept.map((file) => readFileSync(file, 'utf8'));
    expect(JSON.parse(now[0] ?? '')).toMatchObject(JSON.parse(was[0] ?? '') as object);
    expect(now[1]?.split('\n')).toEqual(expect.arrayContaining(was[1]?.split('\n') ?? []));
    expect(now.join('\n').replaceAll(colony.dir, '')).not.toMatch(/colony/i);
  });
}

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
