import { closeSync, constants, openSync, readlinkSync, readSync } from 'node:fs';

/** More than the kernel ever gives for one record. */
const RECORD = 8_192;

/** The namespace that the kernel's log names pids in: PROC_PID_INIT_INO of its `proc_ns.h`. */
const FIRST_NAMESPACE = 'pid:[4026531836]';

/**
 * The processes that the kernel's log says were killed for want of memory, oldest first. Some thousand short reads, so it
 * is for the moment when there was such a kill.
 *
 * undefined: the log may not be read here, or its pids are not those that this process sees (in a container).
 */
export function readVictims(): readonly number[] | undefined {
  let log: number | undefined;
  try {
    if (readlinkSync('/proc/self/ns/pid') !== FIRST_NAMESPACE) return undefined;
    log = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
    return victimsIn(recordsOf(log));
  } catch {
    return undefined;
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

/** Each read gives one record; one that was overwritten meanwhile is EPIPE, and the end of the log EAGAIN. */
function* recordsOf(log: number): Generator<string> {
  const buffer = Buffer.allocUnsafe(RECORD);
  for (;;) {
    try {
      const length = readSync(log, buffer, 0, RECORD, null);
      if (length === 0) return;
      yield buffer.toString('latin1', 0, length);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') return;
      if (code !== 'EPIPE') throw error;
    }
  }
}

/** The pids in `Out of memory: Killed process 4711 (node) …`, also of a cgroup's memory; only the kernel's own records. */
export function victimsIn(records: Iterable<string>): readonly number[] {
  const victims: number[] = [];
  for (const record of records) {
    // The facility is in the upper bits of the first number, and 0 is the kernel: others may write to the log as well.
    const [, priority, pid] = /^(\d+),[^;]*;.*?out of memory.*?: Killed process (\d+) /i.exec(record) ?? [];
    if (pid !== undefined && Number(priority) < 8) victims.push(Number(pid));
  }
  return victims;
}
