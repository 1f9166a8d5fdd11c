import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { removeFolder } from '../rig/remove.ts';

const DIST = dirname(fileURLToPath(new URL('../../dist/colony.cjs', import.meta.url)));

/** Nobody on this machine, as users in containers often are. */
const NOBODY = 54_321;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'colony-home-'));
  chmodSync(folder, 0o755);
  // That user may not be allowed to look into the repository.
  cpSync(DIST, join(folder, 'dist'), { recursive: true });
  mkdirSync(join(folder, 'work'));
  mkdirSync(join(folder, 'state'));
  chownSync(join(folder, 'state'), NOBODY, NOBODY);
  writeFileSync(join(folder, 'work', 'colony.yaml'), 'version: 1\nagents: {a: {command: exec sleep 1000}}');
});

afterEach(() => removeFolder(folder));

function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  return spawnSync(process.execPath, [join(folder, 'dist', 'colony.cjs'), ...args], {
    cwd: join(folder, 'work'),
    env: { PATH: process.env.PATH, ...env },
    uid: NOBODY,
    gid: NOBODY,
    encoding: 'utf8',
  });
}

describe.runIf(process.getuid?.() === 0)('a user whom the machine does not know, without a HOME', () => {
  test('needs COLONY_HOME', () => {
    const { status, stderr } = run(['apply'], {});
    expect(stderr).toMatch(
      /^colony: nothing can be written in \/\.local\/state\/colony: .*\nmake it writable .* COLONY_HOME\n$/,
    );
    expect(status).toBe(69);
  });

  test('with it, the whole work is done', () => {
    const env = { COLONY_HOME: join(folder, 'state') };
    expect(run(['apply'], env)).toMatchObject({ status: 0, stderr: '' });
    expect(run(['status'], env)).toMatchObject({ status: 0, stderr: '' });
    expect(run(['down', '--yes'], env)).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'state', 'work', 'supervisor.log'), 'utf8')).not.toContain('bug');
  });

  test.each([
    ['plan', 2],
    ['validate', 0],
    ['status', 3],
  ])('with it, `colony %s` says what it has to say', (command, code) => {
    const { status, stderr } = run([command], { COLONY_HOME: join(folder, 'state') });
    expect(stderr).not.toContain('bug');
    expect(status).toBe(code);
  });
});
