import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../../rig/colony.ts';
import { Terminal } from '../../rig/terminal.ts';

let colony: TestColony;
let shell: Terminal | undefined;

beforeEach(async () => {
  colony = await TestColony.make();
  mkdirSync(join(colony.dir, 'bin'));
  symlinkSync(colony.program, join(colony.dir, 'bin', 'colony'));
  const sleeper = { command: ['sleep', '1000'] };
  colony.write({
    web: { ...sleeper, description: 'serves pages', labels: { team: 'core' } },
    worker: { ...sleeper, replicas: 2, labels: { team: 'edge' } },
    late: { ...sleeper, profiles: ['night'] },
  });
  mkdirSync(join(colony.work, 'sub folder'));
  writeFileSync(join(colony.work, 'sub folder', 'other.yaml'), '');
});

afterEach(async () => {
  await shell?.close();
  shell = undefined;
  await colony.end();
});

const environment = (): Record<string, string> => ({
  ...(colony.environment as Record<string, string>),
  PATH: `${join(colony.dir, 'bin')}:${colony.environment.PATH}`,
});

/** What `colony complete` prints for this line, in the form for fish. */
async function complete(...words: string[]): Promise<string[]> {
  const { stdout, stderr, code } = await colony.run(['complete', 'fish', '--', ...words]);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout.split('\n').filter(Boolean);
}

const NAMES = ['web\tserves pages', 'worker-1', 'worker-2'];

describe('the names of agents', () => {
  test('are those of the file before the first apply, and those that are in force after it', async () => {
    expect(await complete('attach', '')).toEqual(NAMES);
    await colony.apply('--no-wait');
    colony.write({ fresh: { command: ['sleep', '1000'] } });
    expect(await complete('attach', '')).toEqual(NAMES);
    await colony.killSupervisor();
    expect(await complete('attach', '')).toEqual(NAMES);
    expect(await complete('status', '-l', '')).toEqual(['team=core', 'team=edge']);
    await colony.run(['down', '--yes']);
    expect(await complete('attach', '')).toEqual(['fresh']);
  });

  test('are those of the file that the line names', async () => {
    const other = join(colony.dir, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'colony.yaml'), 'version: 1\nagents: {elsewhere: {command: "true"}}');
    expect(await complete('attach', '-f', join(other, 'colony.yaml'), '')).toEqual(['elsewhere']);
    expect(await complete('attach', `--file=${join(other, 'colony.yaml')}`, '')).toEqual(['elsewhere']);
  });

  test('are none where there is no file, or one that is wrong', async () => {
    writeFileSync(colony.file, 'agents: [');
    expect(await complete('attach', '')).toEqual([]);
    expect(await complete('attach', '-f', '/nowhere/colony.yaml', '')).toEqual([]);
  });

  test('are said by the small program alone, for a person who waits', async () => {
    await colony.apply('--no-wait');
    // What it loads, not how long it takes: other tests run beside this one. Node lists each script that it ran.
    const seen = join(colony.dir, 'scripts');
    await colony.run(['complete', 'fish', '--', 'attach', ''], { NODE_V8_COVERAGE: seen });
    const ran = readdirSync(seen).flatMap((file) => {
      const { result } = JSON.parse(readFileSync(join(seen, file), 'utf8')) as { result: { url: string }[] };
      return result.map(({ url }) => url).filter((url) => !url.startsWith('node:'));
    });
    expect(ran).toEqual([pathToFileURL(colony.program).href]);
  });
});

test('profiles, files, commands, options and their choices', async () => {
  expect(await complete('apply', '--profile', '')).toEqual(['night']);
  expect(await complete('plan', '-f', '')).toEqual([':files']);
  expect(await complete('wait', '--for', 's')).toEqual(['stopped']);
  expect(await complete('down', '--s')).toEqual([expect.stringMatching(/^--supervisor-only\t\S/)]);
  expect(await complete('vali')).toEqual([expect.stringMatching(/^validate\t\S/)]);
  expect(await complete('help', 'comp')).toEqual([expect.stringMatching(/^completion\t\S/)]);
  expect(await complete('nothing', '')).toEqual([]);
});

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

const SHELLS = {
  bash: { argv: ['bash', '--norc', '--noprofile', '-i'], load: 'source <(colony completion bash)' },
  zsh: {
    argv: ['zsh', '-f', '-i'],
    load: 'autoload -Uz compinit; compinit -u -D; source <(colony completion zsh)',
  },
  fish: {
    argv: ['fish', '--no-config', '-i'],
    load: 'colony completion fish | source',
  },
} as const;

describe.each(Object.entries(SHELLS))('a person who presses Tab in %s', (name, { argv, load }) => {
  // Where that shell is not installed there is nobody to press it.
  test.runIf(has(name))('gets the rest of the word', async () => {
    const place = { cwd: colony.work, env: environment() };
    shell = await Terminal.open(join(colony.dir, 'shell.sock'), argv, place);
    await shell.type(`${load}; echo "lo""aded"`);
    await shell.press('Enter');
    await shell.shows(/^loaded/m);
    const LINES = [
      ['colony valid', /colony validate/],
      ['colony attach we', /colony attach web/],
      ['colony status worker-1 wo', /colony status worker-1 worker-2/],
      ['colony wait --for=rea', /colony wait --for=ready/],
      ['colony wait --for stopp', /colony wait --for stopped/],
      ['colony status -l team=c', /colony status -l team=core/],
      ['colony down --superv', /colony down --supervisor-only/],
      ['colony plan -f sub', /colony plan -f sub\\ folder\//],
    ] as const;
    for (const [line, whole] of LINES) {
      await shell.type(line);
      await shell.press('Tab');
      await shell.shows(whole);
      await shell.press('C-u');
      await shell.press('C-l');
      await shell.shows(/^(?![\s\S]*colony )/);
    }
    await shell.type('colony attach ');
    // Bash completes what is common, and tells of the rest after two more.
    await shell.press('Tab', 'Tab', 'Tab');
    const screen = await shell.shows(/web[\s\S]*worker-/);
    if (name !== 'bash') expect(screen).toContain('serves pages');
  });
});
