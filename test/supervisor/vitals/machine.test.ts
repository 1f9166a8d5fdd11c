import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linuxMemory, parseVmStat, readMachine } from '../../../src/supervisor/vitals/machine.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'colony-machine-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const GIBIBYTE = 1024 ** 3;

/** A machine with 8 GiB to give, and whatever else its files say. */
function memory(files: Readonly<Record<string, string>>): number | undefined {
  const all = { 'proc/meminfo': 'MemTotal: 16777216 kB\nMemAvailable:    8388608 kB\nSwapFree: 0 kB\n', ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return linuxMemory({ proc: join(dir, 'proc'), cgroups: join(dir, 'cgroup') });
}

const group = (path: string, max: string, current: number, files = 0) => ({
  [`cgroup${path}/memory.max`]: `${max}\n`,
  [`cgroup${path}/memory.current`]: `${current}\n`,
  [`cgroup${path}/memory.stat`]: `anon 1\ninactive_file ${files}\nactive_file 7\n`,
});

const own = { 'proc/self/cgroup': '4:memory:/elsewhere\n0::/user/colony\n' };

describe('what the machine can still give', () => {
  test.each<[string, Readonly<Record<string, string>>, number | undefined]>([
    ['without limits', {}, 8 * GIBIBYTE],
    ['in a group without a limit', { ...own, ...group('/user/colony', 'max', 5) }, 8 * GIBIBYTE],
    ['in a group with one', { ...own, ...group('/user/colony', `${2 * GIBIBYTE}`, GIBIBYTE) }, GIBIBYTE],
    [
      'in a group with more than the machine has',
      { ...own, ...group('/user/colony', `${64 * GIBIBYTE}`, 0) },
      8 * GIBIBYTE,
    ],
    ['in a group below one with a limit', { ...own, ...group('/user', `${3 * GIBIBYTE}`, GIBIBYTE) }, 2 * GIBIBYTE],
    ['as the root of a container', { 'proc/self/cgroup': '0::/\n', ...group('', `${GIBIBYTE}`, 0) }, GIBIBYTE],
    [
      'where files that can be forgotten fill the group',
      { ...own, ...group('/user/colony', `${2 * GIBIBYTE}`, 2 * GIBIBYTE, GIBIBYTE) },
      GIBIBYTE,
    ],
    ['in a group that uses more than it may', { ...own, ...group('/user/colony', '1000', 2000) }, 0],
    ['where nobody tells', { 'proc/meminfo': 'MemTotal: 5 kB\n' }, undefined],
  ])('%s', (_name, files, expected) => expect(memory(files)).toBe(expected));

  test('here', () => {
    const { memoryAvailable = 0 } = readMachine();
    expect(memoryAvailable).toBeGreaterThan(0);
    expect(memoryAvailable).toBeLessThanOrEqual(totalmem());
  });
});

test('the words of vm_stat', () => {
  const output = [
    'Mach Virtual Memory Statistics: (page size of 16384 bytes)',
    'Pages free:                               10.',
    'Pages active:                          77777.',
    'Pages inactive:                           20.',
    'Pages speculative:                         3.',
    'Pages throttled:                           0.',
    'Pages wired down:                      88888.',
    'Pages purgeable:                           4.',
    '',
  ].join('\n');
  expect(parseVmStat(output)).toBe(37 * 16_384);
});
