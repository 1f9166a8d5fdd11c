import { appendFileSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { conversationOf, markIn } from '../../../src/agents/opencode/log.ts';
import { logOf, SharedLog } from '../../../src/supervisor/reading/shared-log.ts';
import { waitFor } from '../../rig/wait.ts';

const MARK = markIn('/f', '0aaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee');
const BEGUN = `level=INFO run=4aaee9d6 message=loading path=${MARK}\n`;
const loop = (id: string) => `level=INFO run=4aaee9d6 message=loop session.id=${id} step=0\n`;

let folder: string;
let path: string;
let log: SharedLog | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shared-log-'));
  mkdirSync(join(folder, 'opencode', 'log'), { recursive: true });
  path = join(folder, 'opencode', 'log', 'opencode.log');
});

afterEach(() => {
  log?.close();
  rmSync(folder, { recursive: true });
});

test('what is added is told of if it says something new, a line in pieces too', async () => {
  writeFileSync(path, BEGUN);
  let news = 0;
  log = new SharedLog(path, () => {
    news += 1;
  });
  expect(conversationOf(log.read(), MARK)).toBeUndefined();
  appendFileSync(path, loop('ses_a1').slice(0, 40));
  appendFileSync(path, loop('ses_a1').slice(40));
  await waitFor('the news', () => news === 1);
  expect(conversationOf(log.read(), MARK)).toBe('ses_a1');
  appendFileSync(path, `${loop('ses_a1')}nothing that matters\n`);
  appendFileSync(path, loop('ses_b2'));
  await waitFor('more news', () => news === 2);
  expect(conversationOf(log.read(), MARK)).toBe('ses_b2');
});

test('of a long log the end is read, and one that was begun anew from its beginning', () => {
  writeFileSync(path, `${loop('ses_a1')}${'x'.repeat(99)}\n`.repeat(40_000));
  appendFileSync(path, `${BEGUN}${loop('ses_b2')}`);
  log = new SharedLog(path, () => undefined);
  expect(conversationOf(log.read(), MARK)).toBe('ses_b2');
  writeFileSync(path, loop('ses_c3'));
  expect(conversationOf(log.read(), MARK)).toBe('ses_c3');
  rmSync(path);
  expect(conversationOf(log.read(), MARK)).toBe('ses_c3');
});

test.runIf(process.platform === 'linux')('the log of a process is the one that it holds open', () => {
  expect(logOf(process.pid)).toBeUndefined();
  const fd = openSync(path, 'a');
  expect(logOf(process.pid)).toBe(path);
  closeSync(fd);
  expect(logOf(process.pid)).toBeUndefined();
});
