import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fieldsOf } from './table.ts';

/** A program in the foreground of a terminal. */
export type Foreground = { readonly pid: number; readonly words: readonly string[] };

/**
 * What a person sees run in the terminal of a process: the leader of the process group that has the terminal at this
 * moment, which below a shell is the program that was typed last. undefined: nobody can tell.
 */
export function foregroundOf(pid: number): Foreground | undefined {
  const leader = process.platform === 'linux' ? leaderIn(`/proc/${pid}/stat`, pid) : leaderBy(pid);
  if (leader === undefined) return undefined;
  const own = wordsOf(leader);
  // Whoever leads the group may have ended, as the first part of a pipe does.
  if (own.length > 0) return { pid: leader, words: own };
  const words = wordsOf(pid);
  return words.length > 0 ? { pid, words } : undefined;
}

/** `tpgid` is field 8 in proc(5); the first of `fieldsOf` is field 3. */
function leaderIn(path: string, pid: number): number | undefined {
  try {
    const group = Number(fieldsOf(readFileSync(path, 'latin1'), 6)[5]);
    return group > 0 ? group : pid;
  } catch {
    return undefined;
  }
}

function leaderBy(pid: number): number | undefined {
  const group = Number(ps(['-o', 'tpgid=', '-p', String(pid)]));
  return group > 0 ? group : undefined;
}

/** The words that a process was started with. Where there is no /proc, blanks in words cannot be told from those between. */
function wordsOf(pid: number): readonly string[] {
  if (process.platform !== 'linux')
    return ps(['-ww', '-o', 'command=', '-p', String(pid)])
      .split(/\s+/)
      .filter(Boolean);
  try {
    return withoutPadding(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'));
  } catch {
    return [];
  }
}

/** A program that names itself anew leaves what was there before as empty words behind its name. */
function withoutPadding(words: readonly string[]): readonly string[] {
  const last = words.findLastIndex((word) => word !== '');
  return words.slice(0, last + 1);
}

function ps(args: readonly string[]): string {
  try {
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
