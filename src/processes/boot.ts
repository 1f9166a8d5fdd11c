import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

let known: { readonly id: string | undefined } | undefined;

/**
 * An id that is another one after each boot of the machine; undefined where the system does not tell.
 *
 * A container has that of its host: when it is started anew, nothing but its processes is.
 */
export function bootId(): string | undefined {
  known ??= { id: read() };
  return known.id;
}

function read(): string | undefined {
  try {
    const text =
      process.platform === 'darwin'
        ? execFileSync('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8', timeout: 2_000 })
        : readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}
