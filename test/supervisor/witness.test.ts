import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadFile } from '../../src/supervisor/configuration.ts';
import { Remembered } from '../../src/supervisor/remembered.ts';
import type { Read } from '../../src/supervisor/stamps.ts';

let dir: string;
const environment = { HOME: '/nobody' };
const asked = { profiles: [], environment };

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'colony-witness-')));
  for (const folder of ['agents', 'work', 'elsewhere']) mkdirSync(join(dir, folder));
  symlinkSync('work', join(dir, 'link'));
  const agents = { db: { command: 'sleep 1', workdir: 'link' } };
  writeFileSync(at('colony.yaml'), JSON.stringify({ version: 1, include: 'agents/*.yaml', env_file: '.env', agents }));
  writeFileSync(at('agents/web.yaml'), 'agents: {web: {command: sleep 2}}\n');
  writeFileSync(at('.env'), 'A=1\n');
});

afterEach(() => rmSync(dir, { recursive: true }));

const at = (path: string) => join(dir, path);

function read(): Read {
  const loaded = loadFile(at('colony.yaml'), [], environment, false);
  if (!loaded.ok) throw new Error(loaded.error.text);
  return loaded.value;
}

test('what was read is known again while nothing has changed', () => {
  const first = read();
  expect(new Remembered(first, asked).again(asked)).toBe(first);
});

test.each<[string, () => void]>([
  ['the file is written', () => writeFileSync(at('colony.yaml'), '{}')],
  ['the file goes', () => rmSync(at('colony.yaml'))],
  ['another file takes its place', () => renameSync(at('agents/web.yaml'), at('colony.yaml'))],
  ['an included file is written', () => writeFileSync(at('agents/web.yaml'), '')],
  ['a further file fits the pattern', () => writeFileSync(at('agents/more.yaml'), 'agents: {}')],
  ['an included file goes', () => rmSync(at('agents/web.yaml'))],
  ['a file of variables is written', () => writeFileSync(at('.env'), 'A=22\n')],
  ['a working directory goes', () => rmSync(at('work'), { recursive: true })],
  [
    'a file takes the place of a working directory',
    () => {
      rmSync(at('link'));
      writeFileSync(at('link'), '');
    },
  ],
])('and not when %s', (_, happen) => {
  const remembered = new Remembered(read(), asked);
  happen();
  expect(remembered.again(asked)).toBeUndefined();
});

test.each([
  ['another profile', { ...asked, profiles: ['night'] }],
  ['another environment', { ...asked, environment: { HOME: '/nobody' } }],
])('nor for %s', (_, other) => {
  expect(new Remembered(read(), asked).again(other)).toBeUndefined();
});
