import { basename, join } from 'node:path';
import type { ConversationId } from '../../reconciler/types.ts';

/**
 * What the log of opencode 1.18 has come to.
 *
 * All opencodes of a person write into one log, each line with a word for its process. It is no documented format: what
 * is missing there is missing here.
 */
export type Log = {
  /** The process that was the first to load a mark, by marks. */
  readonly processes: ReadonlyMap<string, string>;
  /** The conversation in which a process has worked last. */
  readonly conversations: ReadonlyMap<string, ConversationId>;
  /** Conversations of sub-agents. */
  readonly inner: ReadonlySet<ConversationId>;
};

export const emptyLog: Log = { processes: new Map(), conversations: new Map(), inner: new Set() };

/** More of each than are in use at a time: the oldest are forgotten. */
const MOST = 1_000;

/**
 * The path of a configuration that is not there, for one life alone.
 *
 * A process writes down where it looks for its configuration, and so it tells which lines of the log are its own.
 */
export function markIn(folder: string, life: string): string {
  return join(folder, `opencode-${life}.json`);
}

/** Whether a configuration is such a mark, and not one of the user's. */
export function isMark(path: string | undefined): path is string {
  return path !== undefined && /^opencode-[0-9a-f-]{36}\.json$/.test(basename(path));
}

/** The conversation of the process that was started with a mark; undefined: it has begun none, or nobody can tell. */
export function conversationOf({ processes, conversations }: Log, mark: string): ConversationId | undefined {
  const process = processes.get(mark);
  return process === undefined ? undefined : conversations.get(process);
}

/** The log with one more line; the same one if the line says nothing new. */
export function withLogLine(log: Log, line: string): Log {
  const process = wordIn(line, PROCESS);
  if (process === undefined) return log;
  switch (wordIn(line, MESSAGE)) {
    case 'loading':
      return marked(log, process, wordIn(line, PATH));
    case 'created':
      return created(log, wordIn(line, ID), wordIn(line, PARENT));
    case 'loop':
      return worked(log, process, wordIn(line, SESSION));
    default:
      return log;
  }
}

/** What a program starts inherits its variables: of several processes with one mark the first is the agent's. */
function marked(log: Log, process: string, path: string | undefined): Log {
  if (!isMark(path) || log.processes.has(path)) return log;
  return { ...log, processes: withOne(log.processes, path, process) };
}

function created(log: Log, id: string | undefined, parent: string | undefined): Log {
  if (!isId(id) || !isId(parent)) return log;
  return { ...log, inner: new Set([...log.inner, id].slice(-MOST)) };
}

/** It begins a step of a turn. A conversation in which nothing was said is none that could be gone on with. */
function worked(log: Log, process: string, id: string | undefined): Log {
  if (!isId(id) || log.inner.has(id) || log.conversations.get(process) === id) return log;
  return { ...log, conversations: withOne(log.conversations, process, id) };
}

function withOne(map: ReadonlyMap<string, string>, key: string, value: string): ReadonlyMap<string, string> {
  const others = [...map].filter(([each]) => each !== key);
  return new Map([...others, [key, value] as const].slice(-MOST));
}

function isId(word: string | undefined): word is ConversationId {
  return word !== undefined && /^ses_[A-Za-z0-9]{1,100}$/.test(word);
}

/** A value stands bare if it is one plain word, and else as a JSON string. */
const fieldOf = (key: string): RegExp => new RegExp(`(?:^| )${key}=("(?:[^"\\\\]|\\\\.)*"|[^\\s"]+)`);

const PROCESS = fieldOf('run');
const MESSAGE = fieldOf('message');
const PATH = fieldOf('path');
const ID = fieldOf('id');
const PARENT = fieldOf('parentID');
const SESSION = fieldOf('session\\.id');

function wordIn(line: string, value: RegExp): string | undefined {
  const found = value.exec(line)?.[1];
  if (!found?.startsWith('"')) return found;
  try {
    return String(JSON.parse(found));
  } catch {
    return undefined;
  }
}
