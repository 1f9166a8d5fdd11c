import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentStatus } from '../../src/control/protocol.ts';
import { bootId, readProcess } from '../../src/processes/table.ts';
import { TestColony } from '../rig/colony.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

const MEBIBYTE = 1024 * 1024;

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

/** The agent as status shows it, as soon as it is so. */
const shown = (name: string, so: (agent: AgentStatus) => boolean) =>
  waitFor(`${name} in status`, async () => {
    const agent = await colony.agent(name);
    return agent && so(agent) ? agent : undefined;
  });

describe('status tells of each program and all that it has started', () => {
  test('memory and processes', async () => {
    colony.write({ api: colony.fake(), off: colony.fake({ enabled: false }) });
    await colony.apply();
    const life = await colony.agents.alive('api');
    const before = await shown('api', ({ processes }) => processes === 1);
    life.tell({ do: 'leak', mebibytes: 100 });
    await life.ask({ do: 'fork', away: true }, 'forked');
    const after = await shown(
      'api',
      ({ processes, memory_bytes }) => (processes ?? 0) >= 2 && (memory_bytes ?? 0) > 100 * MEBIBYTE,
    );
    expect((after.memory_bytes ?? 0) - (before.memory_bytes ?? 0)).toBeGreaterThan(90 * MEBIBYTE);
    expect(await colony.agent('off')).toMatchObject({ memory_bytes: null, cpu_percent: null, processes: null });
  });

  test('CPU, from the first time on that somebody asks', async () => {
    colony.write({ spin: { command: 'while :; do :; done' }, calm: { command: 'exec sleep 1000' } });
    await colony.apply();
    // How much it gets is up to what else runs on the machine; the other one may have been measured while it began.
    const spin = await shown('spin', ({ cpu_percent }) => (cpu_percent ?? 0) > 5);
    expect(spin.cpu_percent).toBeLessThan(130);
    await shown('calm', ({ cpu_percent }) => cpu_percent !== null && cpu_percent < 2);
  });

  test('without a supervisor too', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    await colony.killSupervisor();
    expect((await colony.agent('api'))?.memory_bytes).toBeGreaterThan(10 * MEBIBYTE);
  });
});

test('what tmux tells of output is understood although the clock of the machine was set', async () => {
  const monotonic = Number(process.hrtime.bigint() / 1_000n) / 1_000;
  const anchor = { boot: bootId(), wall: Date.now() + 3_600_000, monotonic };
  mkdirSync(dirname(colony.paths.dir), { recursive: true });
  writeFileSync(join(colony.environment.COLONY_HOME ?? '', 'clock.json'), JSON.stringify(anchor));
  colony.write({ loud: { command: 'while :; do echo tick; sleep 0.5; done' } });
  await colony.apply();
  const { activity } = await shown('loud', (agent) => agent.activity.state !== 'unknown');
  expect(activity).toMatchObject({ state: 'busy', source: 'output' });
  expect(activity.age_ms).toBeLessThan(20_000);
});

test('a stop takes a process that hid its environment and left, if it was seen before', async () => {
  const pids = join(colony.dir, 'hidden');
  const parent = join(colony.dir, 'parent.sh');
  const program = join(colony.dir, 'program.sh');
  const loop = `while [ ! -e ${pids}.go ]; do sleep 0.1; done`;
  writeFileSync(parent, `env -i setsid sh -c 'echo $$ > ${pids}; exec /bin/sleep 1000' &\n${loop}\n`);
  writeFileSync(program, `sh ${parent}\nexec sleep 1000\n`);
  colony.write({ sly: { command: ['sh', program] } });
  await colony.apply();
  const hidden = await waitFor('the hidden process', () => existsSync(pids) && Number(readFileSync(pids, 'utf8')));
  await shown('sly', ({ processes }) => (processes ?? 0) >= 3);
  const before = readProcess(hidden)?.ppid;
  writeFileSync(`${pids}.go`, '');
  await waitFor('it to be an orphan', () => readProcess(hidden)?.ppid !== before);
  expect((await colony.run(['stop', 'sly'])).code).toBe(0);
  expect(await isAlive(hidden)).toBe(false);
});

describe.skipIf(process.platform !== 'linux')('when memory is short', () => {
  test('agents are taken before tmux and the supervisor', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const { api = 0 } = await colony.pids();
    const score = (pid: number) => Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'));
    expect(score(api)).toBe(300);
    expect(score(await colony.supervisorPid())).toBeLessThan(300);
    expect(score(Number((await colony.tmux('display-message', '-p', '#{pid}')).stdout))).toBeLessThan(300);
  });

  const group = memoryGroup();

  test.skipIf(group === undefined)('a program that the kernel kills is said to be killed by it', async () => {
    colony.write({ big: colony.fake() });
    await colony.apply();
    const life = await colony.agents.alive('big');
    // What happened before the supervisor looked for the first time is not news to it.
    await colony.status();
    const limit = limited(group ?? '');
    try {
      limit.add(life.pid);
      for (let i = 0; i < 200 && !life.ended; i++) {
        life.tell({ do: 'leak', mebibytes: 4 });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await colony.agents.alive('big', 2);
    } finally {
      await waitFor('the group to be empty', () => limit.remove());
    }
    expect((await colony.agent('big'))?.last_exit).toMatchObject({ oom: true, signal: 9 });
    const exited = colony.journal().find((entry) => entry.type === 'exited');
    expect(exited).toMatchObject({ agent: 'big', oom: true, reason: { code: 'oom_killed' } });
  });

  test('one that a person kills is not', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const life = await colony.agents.alive('api');
    process.kill(life.pid, 'SIGKILL');
    await colony.agents.alive('api', 2);
    expect((await colony.agent('api'))?.last_exit).toMatchObject({ oom: false, signal: 9 });
  });
});

/** A folder of the kernel in which groups with a limit of memory can be made; undefined: not here. */
function memoryGroup(): string | undefined {
  try {
    const path = /^\d+:memory:(\/.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
    const folder = path === undefined ? undefined : join('/sys/fs/cgroup/memory', path);
    if (folder === undefined) return undefined;
    limited(folder).remove();
    return folder;
  } catch {
    return undefined;
  }
}

/** A group that may use no more than 96 MiB. */
function limited(folder: string) {
  const path = join(folder, `colony-test-${process.pid}`);
  mkdirSync(path);
  writeFileSync(join(path, 'memory.limit_in_bytes'), String(96 * MEBIBYTE));
  return {
    add: (pid: number) => writeFileSync(join(path, 'cgroup.procs'), String(pid)),
    remove: () => {
      try {
        rmdirSync(path);
        return true;
      } catch {
        return false;
      }
    },
  };
}
