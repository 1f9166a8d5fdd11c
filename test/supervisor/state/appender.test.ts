import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Appender } from '../../../src/supervisor/state/appender.ts';
import { removeFolder } from '../../rig/remove.ts';

let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'colony-append-'));
  path = join(dir, 'lines');
});

afterEach(() => removeFolder(dir));

test('half a line that stands at the end is closed before the next', () => {
  writeFileSync(path, 'one\ntw');
  const file = new Appender(path);
  expect(file.append('three\n')).toBeUndefined();
  expect(readFileSync(path, 'utf8')).toBe('one\ntw\nthree\n');
  expect(file.size).toBe('one\ntw\nthree\n'.length);
});

test('after a failure it is opened by its path, whatever stands there then', () => {
  symlinkSync('/dev/full', path);
  const file = new Appender(path);
  expect(file.append('one\n')).toBe('no space left on device (ENOSPC)');
  rmSync(path);
  expect(file.append('two\n')).toBeUndefined();
  expect(readFileSync(path, 'utf8')).toBe('two\n');
});

test('a file that was closed goes on where another has taken its name', () => {
  const file = new Appender(path);
  file.append('one\n');
  file.close();
  renameSync(path, `${path}.1`);
  file.append('two\n');
  expect(readFileSync(path, 'utf8')).toBe('two\n');
  expect(file.size).toBe(4);
});
