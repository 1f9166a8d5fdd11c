import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
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
  ['truncated and written in place, as nano does', (file, text) => writeFileSync(file, text)],
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
  ...[150, 700].map(
    (pause) =>
      [
        `truncated and written in three pieces, ${pause} ms apart`,
        async (file: string, text: string) => {
          truncateSync(file, 0);
          const third = Math.ceil(text.length / 3);
          for (const start of [0, third, 2 * third]) {
            appendFileSync(file, text.slice(start, start + third));
            await pauseFor(pause);
          }
        },
      ] as const,
  ),
  [
    'deleted and made again',
    (file, text) => {
      rmSync(file);
      writeFileSync(file, text);
    },
  ],
  [
    'deleted, and made again much later',
    async (file, text) => {
      rmSync(file);
      await pauseFor(1_200);
      writeFileSync(file, text);
    },
  ],
  [
    'emptied, and written much later',
    async (file, text) => {
      truncateSync(file, 0);
      await pauseFor(1_200);
      writeFileSync(file, text);
    },
  ],
  ['written by cat', (file, text) => shell('cat next > "$0"', file, text)],
  ['written by sed -i', (file, text) => shell(`sed -i -e '1r next' -e '1,$d' "$0"`, file, `\n${text}`)],
  ['written by ed', (file, text) => shell('printf "%s\\n" "1,\\$d" "r next" w q | ed -s "$0"', file, text)],
  ...['yes', 'no'].map(
    (copy) =>
      [
        `written by vim with backupcopy=${copy}`,
        (file: string, text: string) =>
          shell(
            `vim -Nu NONE -n -es -c 'set backup writebackup backupcopy=${copy}' -c '%!cat next' -c wq "$0"`,
            file,
            text,
          ),
      ] as const,
  ),
];

const pauseFor = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Let a real program save the file, whose new text is in `next`. */
function shell(line: string, file: string, text: string): void {
  const cwd = mkdtempSync(join(colony.dir, 'editor-'));
  writeFileSync(join(cwd, 'next'), text);
  execFileSync('sh', ['-c', line, file], { cwd, env: colony.environment, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The editor that a way of saving needs; not every machine has it. */
function isThere(name: string): boolean {
  const program = / by (vim|ed)\b/.exec(name)?.[1];
  return program === undefined || spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Apply `a` and `b`; what is to be saved leaves `a` alone, changes `b` and adds `c`. */
async function applied(): Promise<{ readonly pids: Record<string, number>; readonly text: string }> {
  colony.write({ a: colony.fake(), b: colony.fake() }, { reload: 'auto' });
  await colony.apply();
  const text = textWith({ a: colony.fake(), b: colony.fake({}, '--changed'), c: colony.fake() });
  return { pids: await colony.pids(), text };
}

/** What was saved is in force, and nothing else has happened. */
async function afterwards(pids: Record<string, number>): Promise<void> {
  await colony.agents.alive('c');
  await colony.agents.alive('b', 2);
  await waitFor('everything to be ready', async () => (await colony.run(['status'])).code === 0);
  expect((await colony.pids()).a).toBe(pids.a);
  expect(colony.agents.lives.map(({ agent }) => agent).sort()).toEqual(['a', 'b', 'b', 'c']);
}

describe('a file that was', () => {
  test.each(SAVES.filter(([name]) => isThere(name)))('%s is put in force', async (_name, save) => {
    const { pids, text } = await applied();
    await save(colony.file, text);
    await afterwards(pids);
  });

  /** Two versions of the configuration in folders, the first one in force by a link. */
  async function linked(from: string, link: (to: string) => void): Promise<Record<string, number>> {
    const { text } = await applied();
    for (const version of ['..one', '..two']) mkdirSync(join(colony.work, version));
    renameSync(colony.file, join(colony.work, '..one', 'colony.yaml'));
    writeFileSync(join(colony.work, '..two', 'colony.yaml'), text);
    link('..one');
    symlinkSync(from, colony.file);
    await colony.apply();
    return colony.pids();
  }

  test('a link, made anew by ln -sfn, is put in force', async () => {
    const pids = await linked('current/colony.yaml', (to) => symlinkSync(to, join(colony.work, 'current')));
    execFileSync('ln', ['-sfn', '..two', 'current'], { cwd: colony.work });
    await afterwards(pids);
  });

  test('mounted, and switched by a rename of ..data as Kubernetes does, is put in force', async () => {
    const pids = await linked('..data/colony.yaml', (to) => symlinkSync(to, join(colony.work, '..data')));
    symlinkSync('..two', join(colony.work, '..data_tmp'));
    renameSync(join(colony.work, '..data_tmp'), join(colony.work, '..data'));
    await afterwards(pids);
  });

  test('swapped by a symlink is put in force', async () => {
    const pids = await linked('..one/colony.yaml', () => undefined);
    symlinkSync('..two/colony.yaml', join(colony.work, 'next'));
    renameSync(join(colony.work, 'next'), colony.file);
    await afterwards(pids);
  });

  test('changed by a git checkout, with an include and an env file, is put in force', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
        cwd: colony.work,
        env: colony.environment,
      });
    const commit = (message: string) => {
      git('add', '.');
      git('commit', '-qm', message);
    };
    const top = { reload: 'auto', include: ['more/*.yaml'] };
    const included = (agents: object) =>
      writeFileSync(join(colony.work, 'more', 'more.yaml'), JSON.stringify({ agents }));
    const mode = (value: string) => writeFileSync(join(colony.work, 'b.env'), `MODE=${value}\n`);
    mkdirSync(join(colony.work, 'more'));
    colony.write({ a: colony.fake(), b: colony.fake({ env_file: ['b.env'] }) }, top);
    included({ d: colony.fake() });
    mode('one');
    git('init', '-q', '-b', 'main');
    commit('three agents');
    git('checkout', '-qb', 'more');
    colony.write({ a: colony.fake(), b: colony.fake({ env_file: ['b.env'] }), c: colony.fake() }, top);
    included({ d: colony.fake({}, '--changed') });
    mode('two');
    commit('four agents');
    git('checkout', '-q', 'main');
    await colony.apply();
    const { a } = await colony.pids();
    git('checkout', '-q', 'more');
    for (const [agent, generation] of [
      ['b', 2],
      ['c', 1],
      ['d', 2],
    ] as const) {
      await colony.agents.alive(agent, generation);
    }
    const { env } = await (await colony.agents.alive('b', 2)).ask({ do: 'env' }, 'env');
    expect(env).toMatchObject({ MODE: 'two' });
    git('checkout', '-q', 'main');
    await colony.agents.alive('b', 3);
    await colony.agents.alive('d', 3);
    await waitFor('c to be gone', async () => (await colony.agent('c')) === undefined);
    expect((await colony.pids()).a).toBe(a);
    expect(colony.agents.lives).toHaveLength(8);
  });

  test('saved again while it is being put in force is not forgotten', async () => {
    const { pids, text } = await applied();
    const server = Number((await colony.tmux('display-message', '-p', '#{pid}')).stdout);
    // A reload looks at the world, and so it takes until tmux answers.
    process.kill(server, 'SIGSTOP');
    try {
      writeFileSync(colony.file, textWith({ a: colony.fake(), b: colony.fake(), x: colony.fake() }));
      await pauseFor(1_500);
      writeFileSync(colony.file, text);
      await pauseFor(1_000);
    } finally {
      process.kill(server, 'SIGCONT');
    }
    await colony.agents.alive('c');
    await colony.agents.alive('b', 2);
    expect((await colony.pids()).a).toBe(pids.a);
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

  test('saved again and again with the same mistake is written down once', async () => {
    colony.write({ a: colony.fake() }, { reload: 'auto' });
    await colony.apply();
    const wrong = '{"version": 1, "name": "lab", "agents": {"a": {"comand": "x"}}}';
    const refusals = () => colony.journal().filter(({ type }) => type === 'config_rejected').length;
    for (const text of [wrong, `${wrong}\n`, `${wrong} `]) {
      writeFileSync(colony.file, text);
      await waitFor('the mistake', async () => !(await colony.status()).config.valid);
      await pauseFor(800);
    }
    // Whoever applies it sees it in colour, if that is wanted; what is kept for others is plain.
    expect((await colony.run(['apply'], { FORCE_COLOR: '1' })).code).toBe(65);
    expect(refusals()).toBe(1);
    expect((await colony.status()).config.error).not.toContain('\x1b');
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
