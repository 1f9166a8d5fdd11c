import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { ConversationId, Millis } from '../../reconciler/types.ts';
import { openFilesOf } from './open-files.ts';

/** A conversation that a Codex holds open. It keeps those that a person has left in its window, too. */
export type Held = {
  readonly id: ConversationId;
  /** Where it is written; undefined: it was not given a prompt yet. */
  readonly path: string | undefined;
  /** When it was begun or taken up again, by the clock of the machine; 0: nobody can tell. */
  readonly opened: Millis;
};

/** Codex holds a lock of each conversation from when it opens it, and its file from the first prompt on. */
const LOCK = /\/thread-writer-locks\/([0-9a-f-]{36})\.lock$/;
const ROLLOUT = /\/rollout-[^/]*-([0-9a-f-]{36})\.jsonl$/;

/** A sub-agent has its lock before the file that tells what it is. */
const SETTLES: Millis = 1_000;

/** The conversations that a process holds open, without those of its sub-agents; the one that was opened last comes first. */
export function heldBy(main: number): readonly Held[] {
  const files = openFilesOf(main);
  const written = idsIn(files, ROLLOUT);
  const locks = idsIn(files, LOCK);
  const ids = [...new Set([...locks.keys(), ...written.keys()])];
  const all = ids.map((id) => ({ id, path: written.get(id), opened: changedAt(locks.get(id)) }));
  const own = all.filter(({ path }) => path === undefined || !isSubAgents(path));
  const settled = own.filter(({ path, opened }) => path !== undefined || Date.now() - opened > SETTLES);
  // Ids begin with the time at which they were made.
  return (settled.length > 0 ? settled : own).toSorted((a, b) => b.opened - a.opened || (a.id < b.id ? 1 : -1));
}

function idsIn(files: readonly string[], name: RegExp): ReadonlyMap<ConversationId, string> {
  return new Map(
    files.flatMap((path): [ConversationId, string][] => {
      const id = name.exec(path)?.[1];
      return id === undefined ? [] : [[id, path]];
    }),
  );
}

/** Whoever takes a lock empties it. */
function changedAt(lock: string | undefined): Millis {
  try {
    return lock === undefined ? 0 : statSync(lock).mtimeMs;
  } catch {
    return 0;
  }
}

/** Its first line tells who has begun a conversation. */
function isSubAgents(path: string): boolean {
  try {
    const fd = openSync(path, 'r');
    try {
      const head = Buffer.alloc(4096);
      const text = head.toString('utf8', 0, readSync(fd, head, 0, head.length, 0));
      return /"thread_source": ?"(?!user")/.test(text);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}
