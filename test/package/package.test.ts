import { execFile, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };
import { type Ran, TestColony } from '../rig/colony.ts';
import { expectSound } from '../rig/invariants.ts';
import { removeFolder } from '../rig/remove.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

type Packed = {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
};

let folder: string;
let packed: Packed;

const prefix = () => join(folder, 'prefix');
const installed = () => join(prefix(), 'lib', 'node_modules', pkg.name);

/** npm with a home of its own, and no network. */
function npm(cwd: string, ...args: string[]): string {
  const env = {
    PATH: process.env.PATH,
    HOME: join(folder, 'home'),
    npm_config_cache: join(folder, 'cache'),
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'colony-package-'));
  mkdirSync(join(folder, 'home'));
  // A clone of its own: packing builds anew, while other tests use what was built here.
  const clone = join(folder, 'clone');
  const parts = ['package.json', 'README.md', 'LICENSE', 'src', 'scripts', 'test/rig', ...pkg.files];
  for (const part of parts.filter((part) => part !== 'dist'))
    cpSync(join(root, part), join(clone, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  const [made] = JSON.parse(npm(clone, 'pack', '--json', '--pack-destination', folder)) as Packed[];
  if (!made) throw new Error('npm packed nothing');
  packed = made;
  rmSync(clone, { recursive: true });
  npm(folder, 'install', '--global', '--prefix', prefix(), join(folder, packed.filename));
});

afterAll(() => removeFolder(folder));

describe('what is packed', () => {
  test('is the bundle and what a person reads', () => {
    const paths = packed.files.map(({ path }) => path);
    const expected = [
      ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'colony.schema.json', 'examples/colony.yaml'],
      ...['dist/colony.cjs', 'dist/child.js', 'dist/child.d.ts', 'dist/LICENCES.txt', 'dist/lib/main.js'],
    ];
    expect(paths).toEqual(expect.arrayContaining(expected));
    expect(paths.filter((path) => /^(src|test|scripts|node_modules)\/|\.ts$/.test(path))).toEqual(['dist/child.d.ts']);
    expect(packed.size).toBeLessThan(2 * 1024 * 1024);
  });

  test('every command loads the command line whole, so what only some need is not in it', () => {
    const program = join(installed(), 'dist', 'colony.cjs');
    // With the parser and the checker of files in it, it is three times as large, and every command takes 40 ms longer.
    expect(statSync(program).size).toBeLessThan(320 * 1024);
  });

  test('needs no other package', () => {
    const { dependencies, bin, engines } = JSON.parse(readFileSync(join(installed(), 'package.json'), 'utf8'));
    expect({ dependencies, bin, engines }).toEqual({ bin: pkg.bin, engines: pkg.engines });
    expect(readdirSync(join(prefix(), 'lib', 'node_modules'))).toEqual([pkg.name]);
  });

  test('does not know where it was built', () => {
    const files = readdirSync(join(installed(), 'dist'), { recursive: true, encoding: 'utf8' });
    const texts = files.filter((path) => /\.c?js$/.test(path)).map((path) => join(installed(), 'dist', path));
    for (const path of texts) {
      const text = readFileSync(path, 'utf8');
      expect(text.includes(folder), path).toBe(false);
      expect(/["'](?:\.\.)?\/[^"'\s]*node_modules\//.exec(text)?.[0], path).toBeUndefined();
    }
  });

  test('passes on the licences of what it holds', () => {
    const text = readFileSync(join(installed(), 'dist', 'LICENCES.txt'), 'utf8');
    for (const name of ['commander', 'winston', 'yaml', 'ajv', 'execa', 'chokidar', 'cron-parser', 'typebox'])
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
  });
});

describe('installed globally, in an empty folder with an empty HOME', () => {
  let colony: TestColony;

  beforeEach(async () => {
    colony = await TestColony.atHome('packed');
  });

  afterEach(() => colony.end());

  /** As a person calls it: by its name, through the link that npm has made. */
  const run = (...args: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      const PATH = [join(prefix(), 'bin'), colony.environment.PATH].join(delimiter);
      const env = { ...colony.environment, PATH };
      execFile('colony', args, { cwd: colony.work, env, timeout: 60_000 }, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
        resolve({ code, stdout, stderr });
      });
    });

  test('it does its whole work', async () => {
    expect(await run('--version')).toEqual({ code: 0, stdout: `${pkg.version}\n`, stderr: '' });
    expect(await run('validate')).toMatchObject({ code: 65 });
    writeFileSync(colony.file, 'version: 1\nname: packed\nagents:\n  a:\n    command: exec sleep 1000\n');
    expect(await run('validate')).toMatchObject({ code: 0, stderr: '' });
    expect(await run('plan')).toMatchObject({ code: 2 });
    expect(await run('apply')).toMatchObject({ code: 0, stderr: '' });
    expect(await run('apply')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
    expect(await run('status', '-o', 'name')).toEqual({ code: 0, stdout: 'a\n', stderr: '' });
    expect(await run('status', '-o', 'yaml')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('phase: ready'),
    });
    await expectSound(colony, { a: 1 });
    expect(await run('restart', 'a')).toMatchObject({ code: 0 });
    expect(await run('history', 'a')).toMatchObject({ code: 0 });
    expect(await run('complete', 'bash', '--', 'attach', '')).toMatchObject({ code: 0, stdout: 'a\n' });
    expect(await run('down', '--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('packed is down.') });
    await expectSound(colony, {});
    expect(readdirSync(colony.work)).toEqual(['colony.yaml']);
    expect(readdirSync(join(colony.dir, 'home'))).toEqual(['.local']);
  });

  test('the program of a clone of the repository goes on with what it began, and the other way round', async () => {
    writeFileSync(colony.file, 'version: 1\nname: packed\nagents:\n  a:\n    command: exec sleep 1000\n');
    expect(await run('apply')).toMatchObject({ code: 0 });
    const before = await colony.pids();
    expect(await run('down', '--supervisor-only')).toMatchObject({ code: 0 });
    expect(await colony.apply()).toMatchObject({ code: 0, stderr: '' });
    expect(await colony.pids()).toEqual(before);
    expect(await run('status')).toMatchObject({ code: 0, stderr: '' });
  });

  test('it prints the schema that lies beside it, and the scripts of shells', async () => {
    const { stdout } = await run('schema');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(installed(), 'colony.schema.json'), 'utf8')));
    expect(await run('completion', 'zsh')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('#compdef colony'),
    });
  });

  test('programs that it starts find its helper', () => {
    const text = "const { colonyContext } = await import('agent-colony/child'); console.log(typeof colonyContext)";
    const own = join(colony.work, 'node_modules', pkg.name);
    mkdirSync(dirname(own));
    symlinkSync(installed(), own);
    const args = ['--input-type=module', '-e', text];
    expect(spawnSync(process.execPath, args, { cwd: colony.work, encoding: 'utf8' }).stdout).toBe('function\n');
  });

  test('uninstalled, it leaves nothing in the prefix', () => {
    npm(folder, 'uninstall', '--global', '--prefix', prefix(), pkg.name);
    expect(readdirSync(join(prefix(), 'lib', 'node_modules'))).toEqual([]);
    expect(readdirSync(join(prefix(), 'bin'))).toEqual([]);
  });
});
