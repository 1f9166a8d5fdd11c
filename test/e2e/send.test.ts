import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { KindsHome, pressUntil, screenOf } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;
let home: KindsHome;

beforeEach(async () => {
  colony = await TestColony.make();
  home = KindsHome.of(colony);
});

afterEach(() => colony.end());

const KINDS = [
  { kind: 'claude', words: ['--permission-mode', 'manual'], ask: 'BASH touch made', dialog: 'Do you want to proceed?' },
  { kind: 'codex', words: [], ask: 'BASH !touch made', dialog: 'Would you like to run the following command?' },
] as const;

/** All prompts that programs of a kind have taken. */
function prompts(kind: 'claude' | 'codex'): readonly string[] {
  return [...home.transcripts(kind).keys()].flatMap((id) => home.prompts(kind, id));
}

async function shows(agent: string, words: string): Promise<void> {
  await waitFor(`${words} on the screen of ${agent}`, async () => (await screenOf(colony, agent)).includes(words));
}

async function isIdle(agent: string): Promise<void> {
  await waitFor(`${agent} being idle`, async () => (await colony.agent(agent))?.activity.state === 'idle');
}

describe.each(KINDS)('colony send to $kind', ({ kind, words, ask, dialog }) => {
  beforeEach(async () => {
    colony.write({ a: kind === 'claude' ? home.claude({}, ...words) : home.codex({}, ...words) });
    expect(await colony.apply()).toMatchObject({ code: 0 });
  });

  test('delivers a text once and whole, from wherever it comes, and writes it nowhere', async () => {
    expect(await colony.run(['send', 'a', 'a-secret', 'word;'])).toMatchObject({ code: 0, stdout: 'a has taken it\n' });
    await isIdle('a');
    const long = `!${'漢é "$HOME" `x`; '.repeat(60)}\n`.repeat(20);
    writeFileSync(join(colony.work, 'task.md'), `${long}\n`);
    expect(await colony.run(['send', 'a', '--file', 'task.md', '--when', 'idle'])).toMatchObject({ code: 0 });
    await waitFor('both', () => prompts(kind).length === 2);
    expect(prompts(kind).map((prompt) => prompt.trim())).toEqual(['a-secret word;', long.trim()]);
    const sent = colony.journal().flatMap((entry) => (entry.type === 'sent' ? [entry.characters] : []));
    expect(sent).toEqual([14, [...long].length]);
    expect(JSON.stringify(colony.journal())).not.toContain('a-secret');
  });

  test('refuses while a person is asked for a permission, and the command does not run', async () => {
    expect(await colony.run(['send', 'a', ask])).toMatchObject({ code: 0 });
    await shows('a', dialog);
    const sent = await colony.run(['send', 'a', '2 please stop']);
    expect(sent).toMatchObject({ code: 1, stdout: '' });
    expect(sent.stderr).toMatch(/a waits for a person for a permission, and what is typed would answer that/);
    expect(await colony.run(['send', 'a', '--keys', 'Enter'])).toMatchObject({ code: 1 });
    expect(await screenOf(colony, 'a')).toContain(dialog);
    expect(prompts(kind)).toEqual([ask]);
  });

  test('waits with --when idle until it is answered', async () => {
    await colony.run(['send', 'a', ask]);
    await shows('a', dialog);
    const sending = colony.start(['send', 'a', '--when', 'idle', 'go on']);
    const said = output(sending);
    await waitFor('why it waits', () => said().includes('waits: a waits for a person for a permission'));
    await pressUntil(colony, 'a', 'Escape', async () => (await colony.agent('a'))?.activity.for !== 'permission');
    await waitFor('its end', () => sending.exitCode !== null);
    expect(said()).toContain('a has taken it');
    await waitFor('the prompt', () => prompts(kind).includes('go on'));
  });

  test('a command that it does not know is no success, and the next text is not spoilt', async () => {
    await isIdle('a');
    const sent = await colony.run(['send', 'a', '/nonsense']);
    expect(sent.code).toBe(1);
    expect(sent.stderr).toMatch(/a was typed to and has not taken it: it says: Un(known|recognized) command/);
    expect(await colony.run(['send', 'a', '--literal', '/nonsense'])).toMatchObject({ code: 0 });
    await waitFor('the prompt', () => prompts(kind).length === 1);
    expect(prompts(kind).map((prompt) => prompt.trim())).toEqual(['/nonsense']);
    const failed = colony.journal().filter(({ type }) => type === 'undelivered');
    expect(failed).toMatchObject([{ agent: 'a', policy: 'letter', once: true }]);
  });
});

describe('colony send', () => {
  beforeEach(async () => {
    colony.write({ a: { command: ['cat'] } });
  });

  test('types into a program that it does not know, from the standard input too', async () => {
    await colony.apply();
    expect(await colony.run(['send', 'a', 'hello'])).toMatchObject({
      code: 0,
      stdout: 'a has it on its terminal, with Enter\n',
    });
    await shows('a', 'hello\nhello');
    const sending = colony.start(['send', 'a'], 'pipe');
    sending.stdin?.end('from a pipe\n');
    await shows('a', 'from a pipe\nfrom a pipe');
    expect(await colony.run(['send', 'a', '--keys', 'C-c'])).toMatchObject({ code: 0, stdout: 'a got C-c\n' });
  });

  test('is not needed for the first task of a program that does not know how to be given one', async () => {
    colony.write({ a: { command: ['cat'], prompt: 'the first task' } });
    await colony.apply();
    await shows('a', 'the first task\nthe first task');
  });

  test.each([
    [['send', 'b', 'x'], 4, 'no agent is named "b"'],
    [['send', 'a', 'x', '--keys', 'Enter'], 64, 'give one of a text, --file and --keys'],
    [['send', 'a', '--keys', 'Entr'], 64, 'A key is one character or a name such as Escape'],
    [['send', 'a', 'x', '--when', 'later'], 64, 'Allowed choices are now, idle'],
    [['send', 'a', '--file', './colony.yaml'], 64, 'the colony.yaml is named with -f or --config'],
    [['send', 'a', '-f', 'task.md'], 65, '`--file task.md`'],
    [['send', 'a', '--file', 'missing.md'], 1, 'missing.md cannot be read: it does not exist'],
    [['send', 'a', ' '], 1, 'nothing was typed: there is nothing in it but blanks'],
    [['send', 'a', 'x\x1b[201~y'], 1, 'it holds the character U+001B, which cannot be typed'],
  ])('%j says what is wrong', async (args, code, words) => {
    await colony.apply();
    const ran = await colony.run(args);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(words);
  });

  test('does not read what nobody could type', async () => {
    await colony.apply();
    const sending = colony.start(['send', 'a'], 'pipe');
    const said = output(sending);
    sending.stdin?.on('error', () => undefined);
    // There may be more to come, without end.
    sending.stdin?.write('x'.repeat(5_000_000));
    await waitFor('its end', () => sending.exitCode !== null);
    expect(said()).toContain('the standard input cannot be typed: it has more than 262144 bytes');
    expect(sending.exitCode).toBe(1);
  });

  test('to one that is disabled says where that stands', async () => {
    colony.write({ a: { command: ['cat'] }, off: { command: ['cat'], enabled: false } });
    await colony.apply();
    const { stderr } = await colony.run(['send', 'off', 'x']);
    expect(stderr).toContain('off does not run (disabled: disabled in the file)\n`enabled: true` in colony.yaml');
  });

  test('needs a supervisor', async () => {
    const ran = await colony.run(['send', 'a', 'x']);
    expect(ran).toMatchObject({ code: 69 });
    expect(ran.stderr).toContain('no supervisor runs');
  });

  test('to one that does not run is refused, or waits until it does', async () => {
    await colony.apply();
    await colony.run(['stop', 'a']);
    const refused = await colony.run(['send', 'a', 'x']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'nothing was typed: a does not run (stopped: asked for by a person)\n`colony start a` starts it',
    );
    const late = await colony.run(['send', 'a', 'late', '--when', 'idle', '--timeout', '300ms']);
    expect(late.code).toBe(5);
    expect(late.stderr).toContain('nothing was sent to a within 300ms: a does not run');
  });

  test('is taken back by whoever leaves, and told when the supervisor does', async () => {
    await colony.apply();
    await colony.run(['stop', 'a']);
    const left = colony.start(['send', 'a', 'taken back', '--when', 'idle']);
    const waiting = output(left);
    await waitFor('the first to wait', () => waiting().includes('waits:'));
    left.kill('SIGINT');
    await waitFor('it to leave', () => left.signalCode !== null || left.exitCode !== null);
    const told = colony.start(['send', 'a', 'told', '--when', 'idle']);
    const said = output(told);
    await waitFor('the second to wait', () => said().includes('waits:'));
    await colony.run(['down', '--supervisor-only']);
    await waitFor('it to be told', () => told.exitCode !== null);
    expect(said()).toContain('the supervisor leaves; nothing was typed');
    expect(told.exitCode).toBe(1);
  });
});

/** All that a process has said so far. */
function output(child: ReturnType<TestColony['start']>): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk));
  return () => text;
}
