import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../../reconciler/types.ts';
import type { Bytes } from '../../spec/define.ts';

/** Where the kernel tells of the machine; a test has a folder of its own. */
export type Places = { readonly proc: string; readonly cgroups: string };

const PLACES: Places = { proc: '/proc', cgroups: '/sys/fs/cgroup' };

/** What is known of the machine at present. */
export function readMachine(): Machine {
  if (process.platform === 'linux') return { memoryAvailable: linuxMemory(PLACES) };
  return { memoryAvailable: process.platform === 'darwin' ? macMemory() : freemem() };
}

/**
 * What can still be given to programs: of the machine, or of the nearest limit of a cgroup that this process is in
 * (version 2), whichever is less.
 */
export function linuxMemory({ proc, cgroups }: Places): Bytes | undefined {
  const machine = field(read(join(proc, 'meminfo')), /^MemAvailable:\s+(\d+) kB$/m);
  const own = /^0::(\/.*)$/m.exec(read(join(proc, 'self/cgroup')))?.[1];
  const groups = own === undefined ? [] : foldersUp(own).map((group) => leftIn(join(cgroups, group)));
  const known = [machine === undefined ? undefined : machine * 1024, ...groups].filter((left) => left !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Files that were read and can be forgotten count as used there, although the kernel gives that memory away at once. */
function leftIn(group: string): Bytes | undefined {
  const max = field(read(join(group, 'memory.max')), /^(\d+)$/m);
  if (max === undefined) return undefined;
  const used = field(read(join(group, 'memory.current')), /^(\d+)$/m) ?? 0;
  const files = field(read(join(group, 'memory.stat')), /^inactive_file (\d+)$/m) ?? 0;
  return Math.max(0, max - Math.max(0, used - files));
}

/** `/a/b` -> `/a/b`, `/a`, `/`. */
function foldersUp(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '');
  return Array.from({ length: names.length + 1 }, (_, i) => `/${names.slice(0, names.length - i).join('/')}`);
}

function macMemory(): Bytes {
  try {
    return parseVmStat(execFileSync('vm_stat', { encoding: 'latin1', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return freemem();
  }
}

/** Free pages, and those that macOS gives away when they are needed. */
export function parseVmStat(output: string): Bytes {
  const page = field(output, /page size of (\d+) bytes/) ?? 4096;
  const kinds = ['free', 'inactive', 'speculative', 'purgeable'];
  const pages = kinds.map((kind) => field(output, new RegExp(`^Pages ${kind}:\\s+(\\d+)\\.$`, 'm')) ?? 0);
  return page * pages.reduce((total, count) => total + count, 0);
}

function field(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
