import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hookScript } from '../../src/agents/hook-script.ts';
import { removeFolder } from '../rig/remove.ts';

let home: string;
let spool: string;
let script: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hook-'));
  spool = join(home, "spool with 'quotes' and $HOME");
  mkdirSync(spool);
  script = join(home, 'hook');
  const line = join(home, 'line.mjs');
  writeFileSync(
    line,
    `import { readFileSync } from 'node:fs';
     console.log(JSON.stringify({ argv: process.argv.slice(2), told: process.env.COLONY_TOLD, got: readFileSync(0, 'utf8') }));`,
  );
  writeFileSync(script, hookScript({ node: process.execPath, colony: line }));
  chmodSync(script, 0o700);
});

afterEach(() => removeFolder(home));

const identity = () => ({ COLONY_SPOOL: spool, COLONY_RUN_ID: 'api-0123', COLONY_AGENT: 'api' });

function call(event: readonly string[], input: string | Buffer, { shell = 'sh', env = identity() as object } = {}) {
  const { PATH } = process.env;
  return spawnSync(shell, [script, ...event], { input, encoding: 'utf8', env: { PATH, ...env }, timeout: 20_000 });
}

const files = () => readdirSync(spool).sort();
const text = (name: string | undefined) => readFileSync(join(spool, name ?? ''), 'utf8');

describe.each(['sh', 'dash', 'bash'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0))(
  'in %s',
  (shell) => {
    test('a message is left whole, with a head, and nothing is printed', () => {
      const message = '{"session_id":"x","prompt":"a \\"b\\" $HOME `c` \\\\ é 漢"}';
      const { status, stdout, stderr } = call(['Stop'], `${message}\n`, { shell });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
      const [name] = files();
      expect(files()).toHaveLength(1);
      expect(name).toMatch(/^api-0123\.h\d{13}-\d+$/);
      const [head = '', ...rest] = text(name).split('\n');
      expect(JSON.parse(head)).toEqual({ v: 1, run: 'api-0123', agent: 'api', kind: 'hook', event: 'Stop' });
      expect(rest.join('\n')).toBe(message);
    });

    test('of a message that is too long the beginning is left, and its sender is not blocked', () => {
      const { status, stdout } = call(['Stop'], `{"a":"${'x'.repeat(3_000_000)}`, { shell });
      expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
      expect(text(files()[0]).length).toBeLessThan(263_000);
    });

    test.each([
      ['a byte that is no text', Buffer.from([0x7b, 0, 0xff, 0x7d])],
      ['nothing at all', ''],
    ])('%s is borne', (_, input) => {
      expect(call(['Stop'], input, { shell })).toMatchObject({ status: 0, stdout: '', stderr: '' });
      expect(files()).toHaveLength(1);
    });

    test('while nobody reads, the newest stay', () => {
      for (let i = 0; i < 70; i++) call(['Stop'], `{"n":${i}}`, { shell });
      const left = files().map((name) => JSON.parse(text(name).split('\n')[1] ?? '').n);
      expect(left).toHaveLength(64);
      expect(left).toContain(69);
      expect(left).not.toContain(0);
    });

    test('a status line is left, and drawn from the same message by the command that is named', () => {
      const { status, stdout } = call(['statusline', "echo 'my own'"], '{"a":1}', { shell });
      expect(status).toBe(0);
      const drawn = JSON.parse(stdout);
      expect(drawn).toEqual({ argv: ['statusline', "echo 'my own'"], told: '1', got: '{"a":1}' });
      expect(text(files()[0])).toContain('"kind":"statusline"');
    });
  },
);

test.each([
  ['no agent', { COLONY_SPOOL: '' }],
  ['no run', { COLONY_RUN_ID: '' }],
  ['a run that is none', { COLONY_RUN_ID: '../../evil' }],
  ['a folder that is gone', { COLONY_SPOOL: '/nowhere/at/all' }],
])('with %s nothing is left, and nothing fails', (_, env) => {
  const result = call(['Stop'], '{}', { env: { ...identity(), ...env } });
  expect(result).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(files()).toEqual([]);
});

test('a disk that takes nothing leaves nothing behind', () => {
  if (!existsSync('/dev/full')) return;
  const result = spawnSync('sh', ['-c', `ulimit -f 0; trap '' XFSZ; exec sh "$0" Stop`, script], {
    input: '{"a":1}',
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...identity() },
  });
  expect(result).toMatchObject({ status: 0, stdout: '' });
  expect(files()).toEqual([]);
});

test('many at once are all whole', async () => {
  const calls = Array.from({ length: 40 }, (_, i) => {
    const child = spawn('sh', [script, 'Stop'], { env: { PATH: process.env.PATH, ...identity() } });
    child.stdin.end(`{"n":${i}}`);
    return new Promise((resolve) => child.on('close', resolve));
  });
  expect(new Set(await Promise.all(calls))).toEqual(new Set([0]));
  const said = files().map((name) => JSON.parse(text(name).split('\n')[1] ?? '').n);
  expect(said.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
});
