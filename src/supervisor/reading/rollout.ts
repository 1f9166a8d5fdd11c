import {
  closeSync,
  type FSWatcher,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  watch,
} from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { emptyTranscript, withLine } from '../../agents/codex/transcript.ts';
import type { Transcript } from '../../agents/reading.ts';
import type { Bytes, Millis } from '../../reconciler/types.ts';

/** So much of the end of a conversation is read at first: the last turn stands there. */
const TAIL: Bytes = 512 * 1024;

/** Of what is added while nobody looks the end is enough, too. */
const STEP: Bytes = 1024 * 1024;

/** A longer line is the result of a tool, and says nothing. */
const LONGEST_LINE = 256 * 1024;

/** Processes below the main one that are asked which files they have open. */
const MOST_PROCESSES = 30;

/** How often the open files of a program are looked at: it may have begun another conversation. */
const AGAIN: Millis = 1_000;

/** Codex holds a lock of the conversation it is in from its start, and its file from the first prompt on. */
const LOCK = /\/thread-writer-locks\/([0-9a-f-]{36})\.lock$/;
const ROLLOUT = /\/rollout-[^/]*-([0-9a-f-]{36})\.jsonl$/;

/** Which conversation a Codex is in, and what is written of it: only what is added is read. */
export class Rollout {
  #at: Millis = Number.NEGATIVE_INFINITY;
  #open: { readonly id: string; readonly path: string | undefined } | undefined;
  #tail: Tail | undefined;
  #watcher: FSWatcher | undefined;
  readonly #onNews: () => void;

  /** `onNews` is told when something is added to the conversation. */
  constructor(onNews: () => void) {
    this.#onNews = onNews;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** What is known of the conversation of a process; undefined: it is in none, or nobody can tell. */
  of(main: number, now: Millis): Transcript | undefined {
    if (now - this.#at >= AGAIN) {
      this.#at = now;
      this.#open = conversationOf(main) ?? this.#open;
    }
    if (!this.#open) return undefined;
    const { id, path } = this.#open;
    if (path === undefined) return { ...emptyTranscript, session: id };
    if (this.#tail?.path !== path) {
      this.#tail = new Tail(path);
      this.#watch(path);
    }
    return { ...this.#tail.read(), session: id };
  }

  #watch(path: string): void {
    this.close();
    try {
      this.#watcher = watch(path, { persistent: false }, this.#onNews);
      this.#watcher.on('error', () => this.close());
    } catch {
      // Where the system has no more watches, looks have to do.
    }
  }
}

/** The newest one: ids begin with the time at which they were made, and those of former ones stay open. */
function conversationOf(main: number): { readonly id: string; readonly path: string | undefined } | undefined {
  const files = [main, ...below(main)].slice(0, MOST_PROCESSES).flatMap(openFiles);
  const written = new Map(
    files.flatMap((path): [string, string][] => {
      const id = ROLLOUT.exec(path)?.[1];
      return id === undefined ? [] : [[id, path]];
    }),
  );
  const inner = new Set([...written].flatMap(([id, path]) => (isSubAgents(path) ? [id] : [])));
  const ids = new Set([...files.flatMap((path) => LOCK.exec(path)?.[1] ?? []), ...written.keys()]);
  const [id] = [...ids]
    .filter((each) => !inner.has(each))
    .sort()
    .reverse();
  return id === undefined ? undefined : { id, path: written.get(id) };
}

function openFiles(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((fd) => linkIn(`${folder}/${fd}`));
  } catch {
    return [];
  }
}

function linkIn(path: string): readonly string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
}

/** A launcher may stand above the program itself. */
function below(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
    return children.slice(0, MOST_PROCESSES).flatMap((child) => [child, ...below(child)]);
  } catch {
    return [];
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

/** The end of a file that grows. */
class Tail {
  readonly path: string;
  #offset: Bytes | undefined;
  #decoder = new StringDecoder('utf8');
  #rest = '';
  #skipping = false;
  #said: Transcript = emptyTranscript;

  constructor(path: string) {
    this.path = path;
  }

  read(): Transcript {
    try {
      const fd = openSync(this.path, 'r');
      try {
        this.#readFrom(fd, fstatSync(fd).size);
      } finally {
        closeSync(fd);
      }
    } catch {
      // It is gone: what was read of it stays true.
    }
    return this.#said;
  }

  #readFrom(fd: number, size: Bytes): void {
    const from = this.#offset ?? 0;
    const most = this.#offset === undefined ? TAIL : STEP;
    if (size < from) this.#jump(0);
    else if (size - from > most) this.#jump(size - most);
    const start = this.#offset ?? 0;
    if (size <= start) return;
    const bytes = Buffer.alloc(size - start);
    const length = readSync(fd, bytes, 0, bytes.length, start);
    this.#offset = start + length;
    this.#add(this.#decoder.write(bytes.subarray(0, length)));
  }

  /** What lies before is not read: the first line from there on is only a part of one. */
  #jump(to: Bytes): void {
    this.#offset = to;
    this.#decoder = new StringDecoder('utf8');
    this.#rest = '';
    this.#skipping = to > 0;
  }

  #add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#skipping && lines.length > 0) {
      lines.shift();
      this.#skipping = false;
    }
    for (const line of lines) if (line.length <= LONGEST_LINE) this.#said = withLine(this.#said, line);
    if (this.#rest.length > LONGEST_LINE) {
      this.#rest = '';
      this.#skipping = true;
    }
  }
}
