import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bootId, readProcess } from '../../../src/processes/table.ts';
import { takeLock } from '../../../src/supervisor/state/lock.ts';
import { removeFolder } from '../../rig/remove.ts';

let dir: string;
let prefix: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'colony-lock-'));
  prefix = join(dir, 'lock');
});

afterEach(() => removeFolder(dir));

const locks = () => readdirSync(dir).sort();

describe('takeLock', () => {
  test('is granted to the first, and again to the one who has it', () => {
    expect(takeLock(prefix)).toEqual({ ok: true, value: undefined });
    expect(takeLock(prefix)).toEqual({ ok: true, value: undefined });
    expect(locks()).toEqual(['lock.1']);
  });

  test('is refused while the holder lives, and names it', () => {
    const holder = { pid: 1, start: startOf(1), boot: bootId() };
    writeFileSync(`${prefix}.4`, JSON.stringify(holder));
    expect(takeLock(prefix)).toEqual({ ok: false, error: holder });
  });

  test.each([
    ['dead', { pid: 2 ** 22 + 1, start: '1', boot: bootId() }],
    ['another process by now', { pid: 1, start: 'long ago', boot: bootId() }],
    ['of an earlier boot', { pid: 1, start: startOf(1), boot: 'another' }],
  ])('outnumbers a holder that is %s', (_name, holder) => {
    writeFileSync(`${prefix}.4`, JSON.stringify(holder));
    expect(takeLock(prefix).ok).toBe(true);
    expect(locks()).toEqual(['lock.5']);
  });

  test.each(['', '{', '[]', '{"pid":"x"}'])('outnumbers a lock that cannot be read: %j', (text) => {
    writeFileSync(`${prefix}.2`, text);
    expect(takeLock(prefix).ok).toBe(true);
    expect(locks()).toEqual(['lock.3']);
  });

  test('goes to one of many that find the same stale lock at the same moment', async () => {
    writeFileSync(`${prefix}.1`, JSON.stringify({ pid: 2 ** 22 + 1, start: '1', boot: bootId() }));
    const program = join(dir, 'lock-taker.mjs');
    const entry = fileURLToPath(new URL('./lock-taker.ts', import.meta.url));
    await build({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm' });
    const children = Array.from({ length: 8 }, () => fork(program, [prefix]));
    const ready = children.map((child) => message(child));
    await Promise.all(ready);
    const answers = children.map((child) => message(child));
    for (const child of children) child.send('go');
    const taken = (await Promise.all(answers)).filter((answer) => answer === true);
    for (const child of children) child.kill('SIGKILL');
    expect(taken).toHaveLength(1);
  });
});

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('message', resolve));
}

function startOf(pid: number): string {
  return readProcess(pid)?.start ?? '';
}
