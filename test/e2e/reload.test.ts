import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

/** The text of colony.yaml with these agents. */
function textWith(agents: Parameters<TestColony['write']>[0]): string {
  const before = readFileSync(colony.file, 'utf8');
  colony.write(agents, { reload: 'auto' });
  const text = readFileSync(colony.file, 'utf8');
  writeFileSync(colony.file, before);
  return text;
}

/** Each way in which a program saves a file. */
const SAVES: readonly (readonly [string, (file: string, text: string) => void | Promise<void>])[] = [
  ['written in place', (file, text) => writeFileSync(file, text)],
  [
    'renamed over, as vim and sed -i do',
    (file, text) => {
      writeFileSync(`${file}~new`, text);
      renameSync(`${file}~new`, file);
    },
  ],
  [
    'moved away and written anew, as vim does with a backup',
    (file, text) => {
      renameSync(file, `${file}~`);
      writeFileSync(file, text);
    },
  ],
  [
    'truncated and written in three pieces',
    async (file, text) => {
      truncateSync(file, 0);
      const third = Math.ceil(text.length / 3);
      for (const start of [0, third, 2 * third]) {
        appendFileSync(file, text.slice(start, start + third));
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    },
  ],
  [
    'deleted and made again',
    (file, text) => {
      rmSync(file);
      writeFileSync(file, text);
    },
  ],
];

describe('a file that was', () => {
  test.each(SAVES)('%s is put in force', async (_name, save) => {
    colony.write({ a: colony.fake(), b: colony.fake() }, { reload: 'auto' });
    await colony.apply();
    const before = await colony.pids();
    await save(colony.file, textWith({ a: colony.fake(), b: colony.fake(), c: colony.fake() }));
    await colony.agents.alive('c');
    expect(await colony.pids()).toMatchObject(before);
  });

  test('swapped by a symlink is put in force', async () => {
    for (const version of ['one', 'two']) mkdirSync(join(colony.work, version));
    colony.write({ a: colony.fake(), b: colony.fake() }, { reload: 'auto' });
    const text = textWith({ a: colony.fake(), b: colony.fake(), c: colony.fake() });
    renameSync(colony.file, join(colony.work, 'one', 'colony.yaml'));
    writeFileSync(join(colony.work, 'two', 'colony.yaml'), text);
    symlinkSync('one/colony.yaml', colony.file);
    await colony.apply();
    const before = await colony.pids();
    symlinkSync('two/colony.yaml', join(colony.work, 'next'));
    renameSync(join(colony.work, 'next'), colony.file);
    await colony.agents.alive('c');
    expect(await colony.pids()).toMatchObject(before);
  });

  test('changed by a git checkout is put in force', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: colony.work });
    colony.write({ a: colony.fake(), b: colony.fake() }, { reload: 'auto' });
    git('init', '-q', '-b', 'main');
    git('add', 'colony.yaml');
    git('commit', '-qm', 'two agents');
    git('checkout', '-qb', 'more');
    colony.write({ a: colony.fake(), b: colony.fake(), c: colony.fake() }, { reload: 'auto' });
    git('commit', '-qam', 'three agents');
    git('checkout', '-q', 'main');
    await colony.apply();
    const before = await colony.pids();
    git('checkout', '-q', 'more');
    await colony.agents.alive('c');
    git('checkout', '-q', 'main');
    await waitFor('c to be gone', async () => (await colony.agent('c')) === undefined);
    expect(await colony.pids()).toEqual(before);
  });
});

/** Files that must change nothing. */
const MISTAKES: readonly (readonly [string, (file: string) => void])[] = [
  ['empty', (file) => writeFileSync(file, '')],
  ['missing', (file) => rmSync(file)],
  ['half-written', (file) => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 120))],
  ['wrong', (file) => writeFileSync(file, '{"version": 1, "name": "lab", "agents": {"a": {"comand": "x"}}}')],
];

describe('a file that is', () => {
  test.each(MISTAKES)('%s changes nothing, and status says so', async (_name, spoil) => {
    colony.write({ a: colony.fake(), b: colony.fake() }, { reload: 'auto' });
    await colony.apply();
    const before = await colony.pids();
    spoil(colony.file);
    const { config } = await waitFor('the mistake to be noticed', async () => {
      const status = await colony.status();
      return status.config.valid ? undefined : status;
    });
    expect(config.error).toBeTruthy();
    expect(await colony.pids()).toEqual(before);
    expect((await colony.run(['status'])).code).toBe(3);
    colony.write({ a: colony.fake(), b: colony.fake() }, { reload: 'auto' });
    await waitFor('the mistake to be forgotten', async () => (await colony.status()).config.valid);
    expect(await colony.pids()).toEqual(before);
  });

  test('takes away too much is held until it is confirmed', async () => {
    colony.write({ a: colony.fake(), b: colony.fake(), c: colony.fake() }, { reload: 'auto' });
    await colony.apply();
    const before = await colony.pids();
    colony.write({ a: colony.fake() }, { reload: 'auto' });
    const { config } = await waitFor('the question', async () => {
      const status = await colony.status();
      return status.config.valid ? undefined : status;
    });
    expect(config.error).toContain('colony apply --yes');
    expect(await colony.pids()).toEqual(before);
    expect((await colony.apply('--yes')).code).toBe(0);
    expect(await colony.pids()).toEqual({ a: before.a });
  });
});
