import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Rollout } from '../../../src/supervisor/reading/rollout.ts';
import { SECOND } from '../../reconciler/base.ts';
import { removeFolder } from '../../rig/remove.ts';

const FIRST = '01900000-0000-7000-8000-000000000001';
const SECOND_ONE = '01900000-0000-7000-8000-000000000002';

/** When everything begins; its last output is a minute old then. */
const START = 1_800_000_000_000;
const LONG_AGO = START - 60 * SECOND;

describe.runIf(process.platform === 'linux')('which conversation a program is in', () => {
  let folder: string;
  let program: ChildProcessWithoutNullStreams;
  let rollout: Rollout;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'colony-rollout-'));
    // A shell holds open what it is told to.
    program = spawn('sh');
    rollout = new Rollout(() => undefined);
    await opens(3, FIRST);
  });
  afterEach(async () => {
    rollout.close();
    program.kill('SIGKILL');
    await removeFolder(folder);
  });

  async function opens(fd: number, id: string): Promise<void> {
    const path = join(folder, `rollout-2026-01-01-${id}.jsonl`);
    writeFileSync(path, '');
    program.stdin.write(`exec ${fd}< ${path}; echo opened\n`);
    await new Promise((resolve) => program.stdout.once('data', resolve));
  }

  const at = (now: number, output: number | undefined) => rollout.of(program.pid ?? 0, now, [], output)?.session;

  test.each<[string, number, number | undefined, string]>([
    ['is asked again when it has printed', START + 5 * SECOND, START + 4 * SECOND, SECOND_ONE],
    ['and where nobody tells whether it has', START + 5 * SECOND, undefined, SECOND_ONE],
    ['not while it is silent', START + 29 * SECOND, LONG_AGO, FIRST],
    ['but now and then', START + 30 * SECOND, LONG_AGO, SECOND_ONE],
    ['and at most once a second', START + SECOND - 1, START, FIRST],
  ])('%s', async (_when, now, output, expected) => {
    expect(at(START, LONG_AGO)).toBe(FIRST);
    await opens(4, SECOND_ONE);
    expect(at(now, output)).toBe(expected);
  });

  test('is asked for a while after its last word: it may open its file only then', async () => {
    expect(at(START, START)).toBe(FIRST);
    await opens(4, SECOND_ONE);
    expect(at(START + 5 * SECOND, START)).toBe(SECOND_ONE);
  });
});
