import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { readProcess } from '../../../src/processes/table.ts';
import type { Sample } from '../../../src/reconciler/types.ts';
import { Gauge, type Subject } from '../../../src/supervisor/vitals/gauge.ts';
import { waitFor } from '../../rig/wait.ts';

const MEBIBYTE = 1024 * 1024;
const started: number[] = [];

afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  }
});

/** A program of a run, as the pane of an agent would hold it; the answer waits until it has printed so many pids. */
async function program(words: readonly [string, ...string[]], count = 0) {
  const run = `run-${randomUUID()}`;
  const [command, ...args] = words;
  const child: ChildProcess = spawn(command, args, {
    env: { PATH: process.env.PATH, COLONY_RUN_ID: run },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const pid = await waitFor('the program', () => child.pid);
  // With its whole group: what it starts and tells nobody of would outlive the test.
  started.push(-pid);
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  const printed = await waitFor(`${count} pids`, () => {
    const pids = text.split('\n').filter(Boolean).map(Number);
    return pids.length >= count ? pids : undefined;
  });
  started.push(...printed);
  const subject: Subject = { run, pid, pss: false, horizon: 60_000 };
  return { child, run, pid, printed, subject };
}

const nodeProgram = (script: string) => [process.execPath, '-e', script] as const;

/** A node program that keeps so much memory, and says its pid when it has it. */
const hoarder = (mebibytes: number) =>
  `const kept = Buffer.alloc(${mebibytes * MEBIBYTE}, 1); console.log(process.pid); setInterval(() => kept, 1e9);`;

const now = () => Math.round(performance.now());

async function look(gauge: Gauge, ...subjects: Subject[]): Promise<Sample | undefined> {
  await gauge.look(subjects, now());
  return gauge.samplesOf(subjects[0]?.run ?? '').at(-1);
}

describe('one look at real processes', () => {
  test('counts the memory of a grandchild', async () => {
    const script = `"${process.execPath}" -e '${hoarder(120)}' & wait`;
    const { subject } = await program(['sh', '-c', `sh -c '${script.replaceAll("'", `'\\''`)}' & wait`], 1);
    const sample = await look(new Gauge(), subject);
    expect(sample?.processes).toBe(3);
    expect(sample?.rss).toBeGreaterThan(120 * MEBIBYTE);
    expect(sample?.rss).toBeLessThan(320 * MEBIBYTE);
  });

  test('shares pages out only where it is asked for', async () => {
    const { subject } = await program(['sh', '-c', 'sleep 1000 & echo $!; wait'], 1);
    const gauge = new Gauge();
    expect((await look(gauge, subject))?.pss).toBeUndefined();
    const sample = await look(gauge, { ...subject, pss: true });
    if (process.platform === 'linux') {
      expect(sample?.pss).toBeGreaterThan(0);
      expect(sample?.pss).toBeLessThanOrEqual(sample?.rss ?? 0);
    }
  });

  test('finds what has left by setsid and a double fork', async () => {
    const away = '(setsid sh -c \'sh -c "echo \\$\\$; exec sleep 1000" & :\'); echo $$; exec sleep 1000';
    const { subject, pid, printed } = await program(['sh', '-c', away], 2);
    const escaped = printed.find((one) => one !== pid) ?? 0;
    await waitFor('it to be reparented', () => readProcess(escaped)?.ppid !== pid);
    const gauge = new Gauge();
    expect((await look(gauge, subject))?.processes).toBe(2);
    expect(gauge.ownerOf(escaped)).toBe(subject.run);
  });

  test('keeps what has hidden its environment and then left', async () => {
    const script = "env -i sh -c 'echo $$; exec /bin/sleep 1000' & echo $$; read -r _; exit 0";
    const { child, subject, pid, printed } = await program(['sh', '-c', `sh -c '${quoted(script)}'; sleep 1000`], 2);
    const hidden = await waitFor('the hidden one', () =>
      printed.find((one) => readProcess(one)?.ppid !== pid && one !== pid),
    );
    const gauge = new Gauge();
    expect((await look(gauge, subject))?.processes).toBe(3);
    const parent = readProcess(hidden)?.ppid;
    child.stdin?.write('\n');
    await waitFor('its parent to be gone', () => readProcess(hidden)?.ppid !== parent);
    await look(gauge, subject);
    expect(gauge.remembered(subject.run).map((member) => member.pid)).toContain(hidden);
    // Who looks for the first time cannot know whose it is.
    const stranger = new Gauge();
    await look(stranger, subject);
    expect(stranger.ownerOf(hidden)).toBeUndefined();
  });

  test('keeps two runs apart, and forgets those that are over', async () => {
    const [a, b] = await Promise.all([
      program(['sleep', '1000']),
      program(['sh', '-c', 'sleep 1000 & echo $!; wait'], 1),
    ]);
    const gauge = new Gauge();
    await look(gauge, a.subject, b.subject);
    expect(gauge.samplesOf(a.run).at(-1)?.processes).toBe(1);
    expect(gauge.samplesOf(b.run).at(-1)?.processes).toBe(2);
    gauge.keepOnly(new Set([b.run]));
    expect(gauge.samplesOf(a.run)).toEqual([]);
    expect(gauge.samplesOf(b.run)).toHaveLength(1);
  });

  test('keeps what it last saw of a program that has ended, and measures it no more', async () => {
    const { child, subject, printed } = await program(['sh', '-c', 'setsid sleep 1000 & echo $!; read -r _'], 1);
    const gauge = new Gauge();
    await look(gauge, subject);
    child.kill('SIGKILL');
    await waitFor('the end', () => child.signalCode !== null);
    await look(gauge, subject);
    expect(gauge.remembered(subject.run).map(({ pid }) => pid)).toContain(printed[0]);
    expect(gauge.samplesOf(subject.run)).toHaveLength(1);
  });
});

/** As one word in single quotes of a shell. */
function quoted(script: string): string {
  return script.replaceAll("'", `'\\''`);
}

/** What is left of a core for one program where many want it. */
const SHARE = 0.15;

describe('CPU', () => {
  /** The use of a program while it has used so much of a core. */
  async function useOf(words: readonly [string, ...string[]], wanted: (cpu: number) => boolean) {
    const { subject } = await program(words, 1);
    const gauge = new Gauge();
    await look(gauge, subject);
    return waitFor(
      'the use of the CPU',
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        const cpu = (await look(gauge, subject))?.cpu ?? 0;
        return wanted(cpu) ? cpu : undefined;
      },
      30_000,
    );
  }

  test('of a child that spins is about a core', async () => {
    await useOf(['sh', '-c', 'echo $$; while :; do :; done'], (cpu) => cpu > SHARE && cpu < 1.2);
  });
  test('of many that come and go is not lost', async () => {
    const busy = 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done';
    await useOf(['sh', '-c', `echo $$; while :; do sh -c '${busy}'; done`], (cpu) => cpu > SHARE && cpu < 1.2);
  });
  test('of one that sleeps is none', async () => {
    await useOf(['sh', '-c', 'echo $$; exec sleep 1000'], (cpu) => cpu < 0.02);
  });
});

test('memory that is only used stays flat', async () => {
  const { subject } = await program(nodeProgram(hoarder(60)), 1);
  const gauge = new Gauge();
  const first = await look(gauge, subject);
  for (let i = 0; i < 20; i++) await look(gauge, subject);
  const samples = gauge.samplesOf(subject.run).map(({ rss }) => rss);
  expect(Math.max(...samples) - Math.min(...samples)).toBeLessThan(10 * MEBIBYTE);
  expect(first?.rss).toBeGreaterThan(60 * MEBIBYTE);
});
