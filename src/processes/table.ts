import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import type { ProcessIdentity } from '../reconciler/types.ts';

/** One process as the kernel shows it. */
export type Proc = ProcessIdentity & { readonly ppid: number; readonly zombie: boolean };

/** Every process of the machine at one instant, by pid. */
export type Table = ReadonlyMap<number, Proc>;

const onLinux = process.platform === 'linux';

/**
 * Read every process at once.
 *
 * Synchronous on purpose: 300 entries of /proc take 4 ms this way and ten times as long through promises.
 */
export function readTable(): Table {
  return onLinux ? readStats(parseStat) : parsePs(runPs(['-axo', 'pid=,ppid=,stat=,lstart=']));
}

/** One process, or undefined if there is none with that pid; a zombie has ended and only waits to be reaped. */
export function readProcess(pid: number): Proc | undefined {
  if (onLinux) return parseStat(pid, readStat(pid));
  return parsePs(runPs(['-o', 'pid=,ppid=,stat=,lstart=', '-p', String(pid)])).get(pid);
}

/** Whether this very process still runs; a later one with the same pid does not count, nor does a zombie. */
export function isRunning(identity: ProcessIdentity): boolean {
  const proc = readProcess(identity.pid);
  return proc !== undefined && !proc.zombie && proc.start === identity.start;
}

/** What `parse` makes of each process's line in /proc; what it makes nothing of is left out. */
export function readStats<T>(parse: (pid: number, stat: string | undefined) => T | undefined): Map<number, T> {
  const table = new Map<number, T>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const proc = parse(pid, readStat(pid));
    if (proc) table.set(pid, proc);
  }
  return table;
}

const buffer = Buffer.allocUnsafe(4096);

function readStat(pid: number): string | undefined {
  try {
    const fd = openSync(`/proc/${pid}/stat`, 'r');
    try {
      return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/** The one of a process; see `fieldsOf`. */
export function parseStat(pid: number, stat: string | undefined): Proc | undefined {
  return procOf(pid, fieldsOf(stat, 20));
}

/**
 * The first fields of `pid (name) state ppid … starttime`, from `state` on, which is field 3 in proc(5). The name may
 * hold anything, so they are counted from its last bracket.
 */
export function fieldsOf(stat: string | undefined, count: number): readonly string[] {
  return stat ? stat.slice(stat.lastIndexOf(')') + 2).split(' ', count) : [];
}

/** What `fieldsOf` says of the process itself; undefined if it makes no sense. */
export function procOf(pid: number, fields: readonly string[]): Proc | undefined {
  const [state, ppid] = fields;
  const start = fields[19];
  if (!state || !ppid || !start) return undefined;
  return { pid, ppid: Number(ppid), start, zombie: state === 'Z' || state === 'X' };
}

/** Lines of `ps -o pid=,ppid=,stat=,lstart=`, for systems without /proc. */
export function parsePs(output: string): Table {
  const table = new Map<number, Proc>();
  for (const line of output.split('\n')) {
    const [, pid, ppid, stat, start] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (!pid || !ppid || !stat || !start) continue;
    table.set(Number(pid), { pid: Number(pid), ppid: Number(ppid), start, zombie: stat.startsWith('Z') });
  }
  return table;
}

function runPs(args: readonly string[]): string {
  try {
    return execFileSync('ps', args, {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

/** Identifies this boot of the machine; start times and pids mean nothing across boots. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return runSysctl();
  }
}

function runSysctl(): string {
  try {
    return execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
