import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Saver } from '../../../src/supervisor/state/saver.ts';
import { removeFolder } from '../../rig/remove.ts';

let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'colony-saver-'));
  path = join(dir, 'place', 'file');
});

afterEach(() => removeFolder(dir));

test('what cannot be saved is said once, and the latest text is saved later', () => {
  const saver = new Saver();
  saver.save(path, 'one');
  const told: string[] = [];
  saver.tell(({ type }) => told.push(type));
  saver.save(path, 'two');
  saver.retry();
  expect(told).toEqual(['not_saved']);
  expect(saver.warnings).toEqual([`${path} could not be saved, and will be later: no such file or directory (ENOENT)`]);
  mkdirSync(join(dir, 'place'));
  saver.retry();
  expect(told).toEqual(['not_saved', 'saved']);
  expect(saver.warnings).toEqual([]);
  expect(readFileSync(path, 'utf8')).toBe('two');
});

test('what is forgotten is never written', () => {
  const saver = new Saver();
  saver.save(path, 'one');
  saver.forget(path);
  mkdirSync(join(dir, 'place'));
  saver.close();
  expect(existsSync(path)).toBe(false);
});
