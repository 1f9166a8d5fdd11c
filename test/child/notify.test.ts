import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Notice, notify } from '../../src/child/notify.ts';
import { removeFolder } from '../rig/remove.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'colony-notify-'));
});

afterEach(() => removeFolder(folder));

const inside = () => ({ COLONY_SPOOL: folder, COLONY_RUN_ID: 'api-1', COLONY_AGENT: 'api' });

test.each<[Notice, unknown]>([
  ['ready', { kind: 'ready' }],
  ['heartbeat', { kind: 'heartbeat' }],
  ['waiting', { kind: 'state', state: 'waiting' }],
  [{ status: ' one\ntwo ' }, { kind: 'status', text: 'one two' }],
  [{ status: '😀'.repeat(300) }, { kind: 'status', text: '😀'.repeat(200) }],
  [{ extend: 1500.4 }, { kind: 'extend', ms: 1500 }],
])('%j is one private file', (notice, said) => {
  expect(notify(notice, inside())).toBe(true);
  const [name = '', ...more] = readdirSync(folder);
  expect([name, more]).toEqual([expect.stringMatching(/^api-1\./), []]);
  expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).toEqual({
    v: 1,
    run: 'api-1',
    agent: 'api',
    ...(said as object),
  });
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

test.each([
  {},
  { COLONY_RUN_ID: 'api-1', COLONY_AGENT: 'api' },
  { COLONY_SPOOL: '/nowhere', COLONY_RUN_ID: 'api-1', COLONY_AGENT: 'api' },
  { COLONY_SPOOL: '/tmp', COLONY_RUN_ID: '../api', COLONY_AGENT: 'api' },
])('nobody is told in %j', (environment) => {
  expect(notify('ready', environment)).toBe(false);
});

test.each<unknown>([
  'steady',
  '',
  { extend: 0 },
  { extend: 3_600_001 },
  { extend: Number.NaN },
  { status: 7 },
  null,
  undefined,
])('%j cannot be meant', (notice) => {
  expect(() => notify(notice as Notice, inside())).toThrow(/^colony can be told ready, /);
  expect(() => notify(notice as Notice, {})).toThrow(TypeError);
  expect(readdirSync(folder)).toEqual([]);
});
