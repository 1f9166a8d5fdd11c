import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endianness } from 'node:os';
import { describe, expect, test } from 'vitest';
import { readProcess } from '../../src/processes/table.ts';
import { parseAuxv, readUnits } from '../../src/processes/units.ts';
import { askPidusage, parseUsage, presentForStarts, readPss, snapshot, startOf } from '../../src/processes/usage.ts';
import { waitFor } from '../rig/wait.ts';

const linux = process.platform === 'linux';
const MEBIBYTE = 1024 * 1024;

describe('the line of a process', () => {
  const units = { tick: 10, page: 4096 };
  const stat = '42 (a) b) R 7 42 42 0 -1 0 0 0 0 0 100 20 3 4 20 0 1 0 98765 1000 256 18446744073709551615 1';
  test('CPU time, that of ended children, and memory', () => {
    expect(parseUsage(42, stat, units)).toMatchObject({
      ppid: 7,
      start: '98765',
      own: 1200,
      reaped: 70,
      rss: MEBIBYTE,
    });
  });
  test.each([undefined, '', '42 (half'])('makes no sense: %j', (text) => {
    expect(parseUsage(42, text, units)).toBeUndefined();
  });
});

describe('units', () => {
  test.skipIf(!linux)('are those that getconf tells', () => {
    const conf = (name: string) => Number(execFileSync('getconf', [name], { encoding: 'utf8' }));
    expect(readUnits()).toEqual({ tick: 1000 / conf('CLK_TCK'), page: conf('PAGESIZE') });
  });
  test.skipIf(endianness() !== 'LE')('of a machine with large pages and words of 32 bits', () => {
    const auxv = Buffer.alloc(24);
    for (const [i, word] of [6, 65_536, 17, 250, 0, 0].entries()) auxv.writeUInt32LE(word, i * 4);
    expect(parseAuxv(auxv, 4)).toEqual({ tick: 4, page: 65_536 });
  });
  test('that nobody tells are the usual ones', () => {
    expect(parseAuxv(Buffer.alloc(0), 8)).toEqual({ tick: 10, page: 4096 });
  });
});

describe('real processes', () => {
  test('this one, as node sees itself', async () => {
    const { table, usageOf } = snapshot();
    const me = table.get(process.pid);
    if (!me) throw new Error('this process is not in the table');
    const usage = (await usageOf([me])).get(process.pid);
    const { user, system } = process.cpuUsage();
    expect(Math.abs((usage?.rss ?? 0) - process.memoryUsage.rss())).toBeLessThan(30 * MEBIBYTE);
    expect(Math.abs((usage?.own ?? 0) - (user + system) / 1000)).toBeLessThan(500);
  });

  test('the age of a process', async () => {
    const child = spawn('sleep', ['100'], { stdio: 'ignore' });
    const proc = await waitFor('the process', () => readProcess(child.pid ?? 0));
    const age = presentForStarts() - startOf(proc);
    child.kill('SIGKILL');
    expect(age).toBeGreaterThan(-50);
    expect(age).toBeLessThan(20_000);
  });

  test('pidusage answers for those that are there, and the others are left out', async () => {
    const child = spawn('sleep', ['100'], { stdio: 'ignore' });
    const gone = await waitFor('the process', () => readProcess(child.pid ?? 0));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const me = await waitFor('this process', () => readProcess(process.pid));
    const usage = await askPidusage([me, gone]);
    expect([...usage.keys()]).toEqual([process.pid]);
    expect(usage.get(process.pid)?.rss).toBeGreaterThan(10 * MEBIBYTE);
    expect(await askPidusage([gone])).toEqual(new Map());
  });

  test.skipIf(!linux)('proportional memory is less than the resident one, and unknown of who is gone', async () => {
    const me = await waitFor('this process', () => readProcess(process.pid));
    const pss = readPss(me) ?? 0;
    expect(pss).toBeGreaterThan(5 * MEBIBYTE);
    expect(pss).toBeLessThan(process.memoryUsage.rss() + 30 * MEBIBYTE);
    expect(readPss({ pid: 2 ** 30, start: '' })).toBeUndefined();
  });
});
