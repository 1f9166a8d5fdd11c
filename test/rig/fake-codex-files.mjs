// The files of the fake Codex: what its config says, the lock that tells which conversation it is in, and the rollout.
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

export const VERSION = '0.169.0';
export const codexHome = () => process.env.CODEX_HOME ?? join(homedir(), '.codex');

/** An id that grows with time, as those of Codex do. */
export function newId() {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

/** The strings in a list of TOML. */
const stringsOf = (text) =>
  (text.match(/"(?:[^"\\]|\\.)*"|'[^']*'/g) ?? []).map((word) =>
    word[0] === "'" ? word.slice(1, -1) : JSON.parse(word),
  );

/** What the program needs of config.toml and of what `-c` says instead; no parser, but enough for what tests write. */
export class Config {
  constructor(overrides) {
    const file = join(codexHome(), 'config.toml');
    this.file = file;
    this.text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    this.overrides = overrides;
  }

  /** The program to call at the end of a turn: a word each. */
  get notify() {
    const value = this.overrides.get('notify') ?? /^notify\s*=\s*(\[[^\]]*\])/m.exec(this.text)?.[1];
    return value === undefined ? [] : stringsOf(value);
  }

  get model() {
    return (
      this.overrides.get('model')?.replaceAll(/^["']|["']$/g, '') ?? /^model\s*=\s*"([^"]*)"/m.exec(this.text)?.[1]
    );
  }

  isTrusted(cwd) {
    const given = this.overrides.get('projects') ?? '';
    const section = this.text.split(/^\[/m).find((part) => part.startsWith(`projects."${cwd}"]`)) ?? '';
    return (given.includes(`"${cwd}"`) && given.includes('trusted')) || /trust_level\s*=\s*"trusted"/.test(section);
  }

  trust(cwd) {
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `\n[projects."${cwd}"]\ntrust_level = "trusted"\n`);
  }

  /** The commands of the hooks of an event, of the file and of `-c hooks.Event=…`. */
  hooks(event) {
    const parts = this.text.split(/^\[\[/m).filter((part) => part.startsWith(`hooks.${event}.hooks]]`));
    const given = [...this.overrides].flatMap(([key, value]) => (key === `hooks.${event}` ? [value] : []));
    return [...parts, ...given].flatMap((part) =>
      stringsOf(/command\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*')/.exec(part)?.[1] ?? ''),
    );
  }

  hides(notice) {
    return (
      this.overrides.get(`notice.${notice}`) === 'true' || new RegExp(`^${notice}\\s*=\\s*true`, 'm').test(this.text)
    );
  }
}

/** Where a conversation lies; undefined where there is none. */
export function findRollout(id) {
  const sessions = join(codexHome(), 'sessions');
  if (!existsSync(sessions)) return undefined;
  const name = readdirSync(sessions, { recursive: true }).find((path) => basename(path).endsWith(`-${id}.jsonl`));
  return name && join(sessions, name);
}

/** All conversations, the last used first: their ids. */
export function allRollouts() {
  const sessions = join(codexHome(), 'sessions');
  if (!existsSync(sessions)) return [];
  const files = readdirSync(sessions, { recursive: true }).filter((path) => path.endsWith('.jsonl'));
  const used = (path) => statSync(join(sessions, path)).mtimeMs;
  return files.sort((a, b) => used(b) - used(a)).map((path) => basename(path, '.jsonl').slice(-36));
}

/** The lines of a rollout that can be read. */
export function readRollout(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}

/** The conversation on disk: its lock is held from the start, the rollout is there from the first prompt on. */
export class Rollout {
  constructor(id, cwd, model, file) {
    this.id = id;
    this.cwd = cwd;
    this.model = model;
    this.began = new Date();
    this.ordinal = 0;
    const locks = join(codexHome(), 'thread-writer-locks');
    mkdirSync(locks, { recursive: true });
    this.lock = join(locks, `${id}.lock`);
    openSync(this.lock, 'w');
    if (file) this.#open(file);
  }

  #open(file) {
    this.file = file;
    this.descriptor = openSync(file, 'a');
  }

  #create() {
    const local = new Date(this.began.getTime() - this.began.getTimezoneOffset() * 60_000).toISOString();
    const folder = join(codexHome(), 'sessions', ...local.slice(0, 10).split('-'));
    mkdirSync(folder, { recursive: true });
    this.#open(join(folder, `rollout-${local.slice(0, 19).replaceAll(':', '-')}-${this.id}.jsonl`));
    this.#line('session_meta', {
      session_id: this.id,
      id: this.id,
      timestamp: this.began.toISOString(),
      cwd: this.cwd,
      originator: 'codex-tui',
      cli_version: VERSION,
      source: 'cli',
      thread_source: 'user',
      model_provider: 'stub',
    });
  }

  #line(type, payload) {
    const line = { timestamp: new Date().toISOString(), ordinal: this.ordinal++, type, payload };
    writeSync(this.descriptor, `${JSON.stringify(line)}\n`);
  }

  add(type, payload) {
    if (this.descriptor === undefined) this.#create();
    this.#line(type, payload);
  }

  event(type, payload) {
    this.add('event_msg', { type, ...payload });
  }

  message(role, text, turn) {
    const kind = role === 'user' ? 'input_text' : 'output_text';
    this.add('response_item', { type: 'message', role, content: [{ type: kind, text }] });
    const item =
      role === 'user'
        ? { type: 'UserMessage', content: [{ type: 'text', text }] }
        : { type: 'AgentMessage', content: [{ type: 'Text', text }] };
    this.event('item_completed', { thread_id: this.id, turn_id: turn, item });
  }

  /** At a clean exit the lock goes. */
  close() {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    rmSync(this.lock, { force: true });
  }
}
