import {
  closeSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { bootId, isRunning, readProcess } from '../../processes/table.ts';
import type { ProcessIdentity, Result } from '../../reconciler/types.ts';
import { writeWhole } from './files.ts';

/** Who holds a colony. */
export type Holder = ProcessIdentity & {
  readonly boot: string;
  /** In which the pid means something: a container has its own. Undefined where the system has none of them. */
  readonly namespace?: string | undefined;
};

/**
 * Take the colony for this process, or say which process has it.
 *
 * Lock files are numbered, and the highest number whose holder lives is the lock. A dead holder's lock is not removed
 * but outnumbered: creating the next number succeeds for one process only, so two that find the same stale lock cannot
 * both break it. The kernel has no lock that Node can take without a native module, and this one needs no clean-up
 * after SIGKILL. Throws what the system says if a lock file cannot be written.
 */
export function takeLock(prefix: string): Result<void, Holder> {
  for (;;) {
    const { top, holder } = current(prefix);
    if (holder) return holder.pid === process.pid ? { ok: true, value: undefined } : { ok: false, error: holder };
    if (!create(prefix, top + 1)) continue;
    const outnumbered = numbers(prefix).filter((number) => number <= top);
    for (const number of outnumbered) rmSync(`${prefix}.${number}`, { force: true });
    return { ok: true, value: undefined };
  }
}

/**
 * Whether the lock is that of another container of this machine. Nobody can tell from here whether its process lives, and
 * `takeLock` takes it for dead.
 */
export function isHeldOutOfSight(prefix: string): boolean {
  const holder = readHolder(`${prefix}.${Math.max(0, ...numbers(prefix))}`);
  return holder?.boot === bootId() && isStranger(holder);
}

function isStranger({ namespace }: Holder): boolean {
  return namespace !== undefined && namespace !== pidNamespace();
}

function pidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

/** The highest number, and its holder if that process lives. */
function current(prefix: string): { top: number; holder: Holder | undefined } {
  const top = Math.max(0, ...numbers(prefix));
  const holder = top === 0 ? undefined : readHolder(`${prefix}.${top}`);
  const alive = holder?.boot === bootId() && !isStranger(holder) && isRunning(holder);
  return { top, holder: alive ? holder : undefined };
}

/** Written elsewhere and linked into place, so that nobody ever reads half a lock; false: another was faster. */
function create(prefix: string, number: number): boolean {
  const temporary = `${prefix}-new-${process.pid}`;
  const self = readProcess(process.pid);
  const holder: Holder = { pid: process.pid, start: self?.start ?? '', boot: bootId(), namespace: pidNamespace() };
  try {
    write(temporary, JSON.stringify(holder), prefix);
    linkSync(temporary, `${prefix}.${number}`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Longer than any lock. */
const SPARE_BYTES = 512;

/** Keep room for the lock of the next supervisor, which has to start on a full disk too. */
export function keepSpare(prefix: string): void {
  try {
    writeFileSync(spareOf(prefix), ' '.repeat(SPARE_BYTES), { mode: 0o600, flag: 'wx' });
  } catch {
    // There is one already, or no room for it: then the next start on a full disk says so.
  }
}

/** Where there is no space, the spare's is used: writing over what is there needs none. */
function write(path: string, text: string, prefix: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    try {
      renameSync(spareOf(prefix), path);
    } catch {
      throw error;
    }
    const fd = openSync(path, 'r+');
    writeWhole(fd, Buffer.from(text.padEnd(SPARE_BYTES)));
    closeSync(fd);
  }
}

function spareOf(prefix: string): string {
  return `${prefix}-spare`;
}

function numbers(prefix: string): readonly number[] {
  const start = `${basename(prefix)}.`;
  return readdirSync(dirname(prefix)).flatMap((name) => {
    const number = name.startsWith(start) ? Number(name.slice(start.length)) : Number.NaN;
    return Number.isInteger(number) && number > 0 ? [number] : [];
  });
}

/** Undefined if the file is gone or unreadable: then nobody can be shown to hold it. */
function readHolder(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    const { pid, start, boot, namespace } = holder;
    return typeof pid === 'number' && typeof start === 'string' && typeof boot === 'string'
      ? { pid, start, boot, ...(namespace === undefined ? {} : { namespace }) }
      : undefined;
  } catch {
    return undefined;
  }
}
