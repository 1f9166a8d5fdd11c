import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { removeFolder } from '../rig/remove.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

const types = () => colony.journal().map(({ type }) => type);

describe('a journal that cannot be written', () => {
  beforeEach(async () => {
    colony = await TestColony.make();
    mkdirSync(colony.paths.dir, { recursive: true, mode: 0o700 });
    symlinkSync('/dev/full', colony.paths.journal);
  });

  afterEach(() => colony.end());

  test('costs no agent anything, and is written when that is possible again', async () => {
    colony.write({ api: colony.fake() });
    const applied = await colony.apply();
    expect(applied.code).toBe(0);
    expect(applied.stderr).toContain('the journal cannot be written: no space left on device (ENOSPC)');
    const first = await colony.agents.alive('api');
    first.tell({ do: 'exit', code: 1 });
    await colony.agents.alive('api', 2);
    const status = await colony.status();
    expect(status.warnings.join()).toContain('the journal cannot be written');
    expect((await colony.run(['status'])).stdout).toContain('warning: the journal cannot be written');
    rmSync(colony.paths.journal);
    await waitFor('no warnings', async () => (await colony.status()).warnings.length === 0);
    expect(types()).toEqual(expect.arrayContaining(['journal_unwritable', 'started', 'exited', 'journal_writable']));
    const numbers = colony.journal().map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    expect(readFileSync(colony.paths.log, 'utf8')).toContain('the journal cannot be written');
    const pids = await colony.pids();
    await colony.killSupervisor();
    expect((await colony.apply()).code).toBe(0);
    expect(await colony.pids()).toEqual(pids);
    expect((await colony.agent('api'))?.generation).toBe(2);
  });
});

/** Only root may mount, and not in every container. */
function canMount(): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'colony-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir], { stdio: 'ignore' });
    execFileSync('umount', [dir], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    removeFolder(dir);
  }
}

const mountable = canMount();
if (!mountable) console.warn('SKIPPED: a disk that is really full, because mounting a tmpfs is not permitted here');

describe.skipIf(!mountable)('a disk that is full', () => {
  let disk: string;

  beforeEach(async () => {
    colony = await TestColony.make();
    disk = join(colony.dir, 'state');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'tmpfs', disk]);
  });

  afterEach(async () => {
    rmSync(join(disk, 'filler'), { force: true });
    await colony.run(['down', '--yes']);
    await colony.tmux('kill-server');
    execFileSync('umount', ['-l', disk]);
    await colony.end();
  });

  /** Take all space that is left. */
  function fill(): void {
    try {
      for (let block = 65_536; ; ) writeFileSync(join(disk, 'filler'), Buffer.alloc(block), { flag: 'a' });
    } catch {
      try {
        for (;;) writeFileSync(join(disk, 'filler'), 'x', { flag: 'a' });
      } catch {
        // Now it is full.
      }
    }
  }

  test('stops neither agents nor an apply, and what was not saved is saved later', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    expect((await colony.apply()).code).toBe(0);
    const before = await colony.pids();
    fill();
    colony.write({ api: colony.fake({ labels: { note: 'x'.repeat(5_000) } }), db: colony.fake(), web: colony.fake() });
    const applied = await colony.apply();
    expect(applied.code).toBe(0);
    expect(applied.stderr).toContain(`${colony.paths.desired} could not be saved`);
    expect(await colony.pids()).toMatchObject(before);
    const db = await colony.agents.alive('db');
    db.tell({ do: 'exit', code: 1 });
    await colony.agents.alive('db', 2);
    const pids = await colony.pids();
    rmSync(join(disk, 'filler'));
    await waitFor('no warnings', async () => (await colony.status()).warnings.length === 0);
    expect(types()).toEqual(expect.arrayContaining(['not_saved', 'saved']));
    expect(readFileSync(colony.paths.desired, 'utf8')).toContain('web');
    const numbers = colony.journal().map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    await colony.killSupervisor();
    expect((await colony.apply()).code).toBe(0);
    expect(await colony.pids()).toEqual(pids);
  });

  test('does not keep a supervisor from starting', async () => {
    colony.write({ api: colony.fake() });
    expect((await colony.apply()).code).toBe(0);
    const before = await colony.pids();
    fill();
    await colony.killSupervisor();
    fill();
    expect((await colony.apply()).code).toBe(0);
    expect(await colony.pids()).toEqual(before);
    // Without the room that is kept for its lock it cannot hold the colony, and says so.
    await colony.killSupervisor();
    rmSync(`${colony.paths.lock}-spare`);
    fill();
    const again = await colony.apply();
    expect(again.code).toBe(69);
    expect(again.stderr).toContain('the lock of the colony "lab" cannot be written');
    expect(again.stderr).toContain('no space left on device (ENOSPC)');
  });
});
