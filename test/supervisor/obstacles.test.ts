import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { AgentSpec, Desired, Obstacle } from '../../src/reconciler/types.ts';
import { obstaclesOf } from '../../src/supervisor/obstacles.ts';
import { base } from '../reconciler/base.ts';

const dir = realpathSync(mkdtempSync(join(tmpdir(), 'colony-obstacles-')));
writeFileSync(join(dir, 'runs'), '#!/bin/sh\n');
chmodSync(join(dir, 'runs'), 0o755);
writeFileSync(join(dir, 'text'), '');
afterAll(() => rmSync(dir, { recursive: true }));

const words = (...command: [string, ...string[]]): Partial<AgentSpec> => ({
  workdir: dir,
  command: { form: 'words', words: command },
});

test.each<[string, Partial<AgentSpec>, string[], Obstacle | undefined]>([
  ['nothing', words('runs'), [], undefined],
  ['a program by its path', words(join(dir, 'runs')), [], undefined],
  ['a program by a path from its folder', words('./runs'), [], undefined],
  [
    'a missing folder',
    { ...words('runs'), workdir: join(dir, 'no') },
    [],
    { code: 'workdir_missing', path: join(dir, 'no') },
  ],
  ['a missing program', words('no'), [], { code: 'command_not_found', program: 'no' }],
  [
    'a missing program whose name holds a variable',
    { ...words('hunter2'), settings: { command: 'secret:0123' } },
    [],
    { code: 'command_not_found', program: '(secret)' },
  ],
  ['a file that is no program', words('text'), [], { code: 'command_not_executable', program: 'text' }],
  [
    'a line for the shell, which finds out itself',
    { workdir: dir, command: { form: 'shell', line: 'no' } },
    [],
    undefined,
  ],
  ['a foreign session of its name', words('runs'), ['db'], { code: 'name_taken', session: 'db' }],
  ['that it is not enabled', { ...words('no'), enabled: false }, [], undefined],
])('%s', (_, change, foreign, expected) => {
  const { desired } = base();
  const db = { ...(desired.agents.get('db') as AgentSpec), ...change };
  const one: Desired = { ...desired, agents: new Map([['db', db]]) };
  const found = obstaclesOf(one, new Map(), new Set(foreign), { PATH: dir }, (agent) => agent);
  expect(found.get('db')).toEqual(expected);
});
