import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { type Ran, TestColony } from '../rig/colony.ts';
import { buildRelease } from '../rig/release.ts';
import { removeFolder } from '../rig/remove.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

/** This release is the older one of each pair. */
const NEXT = '98.0.0-rc.1';
const NEXT_PROTOCOL = '99.0.0';

let releases: string;
let next: string;
let nextProtocol: string;
let colony: TestColony;
let older: string;

beforeAll(async () => {
  releases = mkdtempSync(join(tmpdir(), 'colony-releases-'));
  next = await buildRelease(join(releases, 'next'), NEXT);
  nextProtocol = await buildRelease(join(releases, 'protocol'), NEXT_PROTOCOL, 2);
});

afterAll(() => removeFolder(releases));

beforeEach(async () => {
  colony = await TestColony.make();
  older = colony.program;
});

afterEach(async () => {
  await colony.end();
});

const REPLACED = `supervisor ${VERSION} replaced by ${NEXT}`;

/** Two agents, and the supervisor of this release over them. */
async function running(): Promise<Record<string, number>> {
  colony.write({ api: colony.fake(), db: colony.fake() });
  expect((await colony.apply()).code).toBe(0);
  return colony.pids();
}

const using = (program: string) => {
  colony.program = program;
};

const supervisor = async () => (await colony.status()).supervisor;
const linesOf = ({ stdout }: Ran) => stdout.split('\n');

describe('an apply by a newer release', () => {
  test('replaces the supervisor in one line, and nothing else', async () => {
    const before = await running();
    const seq = colony.journal().at(-1)?.seq ?? 0;
    const old = await colony.supervisorPid();
    using(next);
    const applied = await colony.apply();
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(applied).slice(0, 2)).toEqual([REPLACED, 'Nothing to do.']);
    expect(await isAlive(old)).toBe(false);
    expect(await supervisor()).toMatchObject({ version: NEXT });
    expect(await colony.pids()).toEqual(before);
    expect(colony.agents.lives).toHaveLength(2);
    const since = colony.journal().filter((entry) => entry.seq > seq);
    expect(since.map(({ seq: number }) => number)).toEqual(since.map((_, at) => seq + 1 + at));
    expect(since.map(({ type }) => type)).toEqual(['supervisor_stopped', 'supervisor_started']);
    expect((await colony.apply()).stdout).not.toContain('replaced');
  });

  test('brings its changes in the same go', async () => {
    const before = await running();
    colony.write({ api: colony.fake({}, '--changed'), db: colony.fake(), web: colony.fake() });
    using(next);
    const applied = await colony.apply();
    expect(applied.code).toBe(0);
    expect(applied.stdout).toMatch(/^supervisor .* replaced by .*\n-\/\+ api/);
    const after = await colony.pids();
    expect(after.db).toBe(before.db);
    expect(after.api).not.toBe(before.api);
    expect(Object.keys(after).sort()).toEqual(['api', 'db', 'web']);
  });

  test('that is refused leaves the new supervisor at work, with what was in force', async () => {
    const before = await running();
    writeFileSync(colony.file, '{"version": 1, "name": "lab", "agents": {"api": {"comand": "x"}}}');
    using(next);
    const applied = await colony.apply();
    expect(applied).toMatchObject({ code: 65, stderr: expect.stringContaining('comand') });
    expect(linesOf(applied)[0]).toBe(REPLACED);
    expect(await supervisor()).toMatchObject({ version: NEXT });
    expect(await colony.pids()).toEqual(before);
    process.kill(before.db ?? 0, 'SIGKILL');
    await colony.agents.alive('db', 2);
  });

  test('of a file with another name is refused as it would have been', async () => {
    const before = await running();
    const file = colony.file;
    writeFileSync(file, JSON.stringify({ version: 1, name: 'other', agents: { api: colony.fake() } }));
    using(next);
    const applied = await colony.apply();
    expect(applied).toMatchObject({ code: 1, stderr: expect.stringContaining('colony down') });
    expect(await supervisor()).toMatchObject({ version: NEXT });
    expect(await colony.pids()).toEqual(before);
  });

  test('and another one at the same moment: one replaces, the other uses the new one', async () => {
    const before = await running();
    using(next);
    const both = await Promise.all([colony.apply(), colony.apply(), colony.apply()]);
    expect(both.map(({ code, stderr }) => ({ code, stderr }))).toEqual(both.map(() => ({ code: 0, stderr: '' })));
    // Who comes while the older one is leaving finds none, and starts one as well as anybody.
    expect(both.filter(({ stdout }) => /replaced by|^Started the supervisor/.test(stdout))).toHaveLength(1);
    expect(await colony.pids()).toEqual(before);
    expect(colony.agents.lives).toHaveLength(2);
    const started = colony.journal().filter(({ type }) => type === 'supervisor_started');
    expect(started).toHaveLength(2);
  });

  test('over another protocol replaces it as well', async () => {
    const before = await running();
    using(nextProtocol);
    const asked = await colony.run(['status']);
    expect(asked.code).toBe(69);
    for (const word of [VERSION, NEXT_PROTOCOL, 'colony apply']) expect(asked.stderr).toContain(word);
    expect((await colony.apply()).stdout).toContain(`supervisor ${VERSION} replaced by ${NEXT_PROTOCOL}`);
    expect(await colony.pids()).toEqual(before);
  });

  test('of a supervisor that hangs kills nobody, and says who hangs', async () => {
    const before = await running();
    const pid = await colony.supervisorPid();
    process.kill(pid, 'SIGSTOP');
    using(next);
    const applied = await colony.apply();
    process.kill(pid, 'SIGCONT');
    expect(applied).toMatchObject({ code: 69, stdout: '' });
    for (const word of [`pid ${pid}`, `kill -9 ${pid}`, 'colony apply']) expect(applied.stderr).toContain(word);
    expect(await isAlive(pid)).toBe(true);
    expect(await colony.pids()).toEqual(before);
  });
});

describe('a newer release that reads', () => {
  test('replaces nothing, and status gives a hint', async () => {
    await running();
    const old = await supervisor();
    using(next);
    const asked = await colony.run(['status', '-o', 'json']);
    expect(asked.code).toBe(0);
    expect(JSON.parse(asked.stdout)).toMatchObject({ supervisor: old });
    expect(asked.stderr).toContain(`the supervisor is version ${VERSION}, this program ${NEXT}`);
    expect((await colony.run(['plan'])).code).toBe(0);
    expect((await colony.run(['restart', 'api'])).code).toBe(0);
    expect(await supervisor()).toEqual(old);
  });
});

describe('an older release', () => {
  test('works with the supervisor of a newer one, and never replaces it', async () => {
    using(next);
    const before = await running();
    const new_ = await supervisor();
    using(older);
    const applied = await colony.apply();
    expect(applied).toMatchObject({ code: 0, stdout: 'Nothing to do.\n', stderr: '' });
    expect((await colony.run(['stop', 'api'])).code).toBe(0);
    expect((await colony.run(['start', 'api'])).code).toBe(0);
    expect((await colony.run(['status'])).stderr).toContain(`version ${NEXT}, newer than this program (${VERSION})`);
    expect(await supervisor()).toEqual(new_);
    expect((await colony.pids()).db).toBe(before.db);
  });

  test('of another protocol is told both versions and what to do', async () => {
    using(nextProtocol);
    const before = await running();
    const pid = await colony.supervisorPid();
    using(older);
    for (const command of [['apply'], ['status'], ['stop', 'api'], ['down', '--yes']]) {
      const ran = await colony.run(command);
      expect(ran).toMatchObject({ code: 69, stdout: '' });
      for (const word of [VERSION, NEXT_PROTOCOL, `kill ${pid}`]) expect(ran.stderr).toContain(word);
    }
    using(nextProtocol);
    expect(await colony.pids()).toEqual(before);
  });
});

test('the same release never replaces itself', async () => {
  await running();
  const before = await supervisor();
  colony.write({ api: colony.fake(), db: colony.fake(), web: colony.fake() });
  expect((await colony.apply()).stdout).not.toContain('replaced');
  expect(await supervisor()).toEqual(before);
});

test('a newer apply with no supervisor starts one, and has nothing to replace', async () => {
  const before = await running();
  await colony.killSupervisor();
  using(next);
  const applied = await colony.apply();
  expect(applied.stdout).toMatch(/^Started the supervisor/);
  expect(await colony.pids()).toEqual(before);
  await waitFor('the new one', async () => (await supervisor())?.version === NEXT);
});
