// The files of the fake Claude Code: where they are, the record about itself, the transcript of a conversation, trust.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export const VERSION = '2.1.329';

export const configFolder = () => process.env.CLAUDE_CONFIG_DIR ?? join(homedir(), '.claude');
const globalFile = () =>
  process.env.CLAUDE_CONFIG_DIR ? join(process.env.CLAUDE_CONFIG_DIR, '.claude.json') : join(homedir(), '.claude.json');

/** The value of a JSON file, or undefined where there is none that can be read. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether a person has said that this folder, or one above it, is to be trusted. */
export function isTrusted(cwd) {
  const projects = readJson(globalFile())?.projects ?? {};
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (projects[folder]?.hasTrustDialogAccepted) return true;
    if (folder === dirname(folder)) return false;
  }
}

/** Remember that a person trusts this folder. */
export function trust(cwd) {
  const all = readJson(globalFile()) ?? {};
  all.projects = { ...all.projects, [cwd]: { ...all.projects?.[cwd], hasTrustDialogAccepted: true } };
  writeFileSync(globalFile(), JSON.stringify(all, undefined, 2));
}

/** The folder of the transcripts of a working directory. */
const projectFolder = (cwd) => join(configFolder(), 'projects', cwd.replace(/[^a-zA-Z0-9]/g, '-'));

/** Where a conversation lies, whatever folder it was begun in; undefined where there is none. */
export function findTranscript(id) {
  const projects = join(configFolder(), 'projects');
  if (!existsSync(projects)) return undefined;
  return readdirSync(projects)
    .map((project) => join(projects, project, `${id}.jsonl`))
    .find((file) => existsSync(file));
}

/** The conversation on disk. Nothing is written before the first prompt. */
export class Transcript {
  constructor(id, cwd, file = join(projectFolder(cwd), `${id}.jsonl`)) {
    this.id = id;
    this.cwd = cwd;
    this.file = file;
    this.parent = null;
  }

  /** The messages that can still be read; a line that was cut off is no message. */
  read() {
    if (!existsSync(this.file)) return [];
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line)];
        } catch {
          return [];
        }
      });
  }

  #append(line) {
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }

  /** A line about the conversation, and not of it. */
  note(type, more) {
    this.#append({ type, ...more, sessionId: this.id });
  }

  /** A line of the conversation: it hangs below the one before. */
  add(type, more) {
    const uuid = crypto.randomUUID();
    this.#append({
      parentUuid: this.parent,
      isSidechain: false,
      type,
      ...more,
      uuid,
      timestamp: new Date().toISOString(),
      userType: 'external',
      entrypoint: 'cli',
      cwd: this.cwd,
      sessionId: this.id,
      version: VERSION,
      gitBranch: 'HEAD',
    });
    this.parent = uuid;
  }

  user(content, mode, promptId) {
    if (!existsSync(this.file)) {
      this.note('mode', { mode: 'normal' });
      this.note('permission-mode', { permissionMode: mode });
    }
    const typed = { permissionMode: mode, origin: { kind: 'human' }, promptSource: 'typed' };
    this.add('user', { promptId, message: { role: 'user', content }, ...(typeof content === 'string' ? typed : {}) });
  }

  assistant(content, model, usage, more = {}) {
    const message = { id: `msg_${crypto.randomUUID()}`, type: 'message', role: 'assistant', model, content, usage };
    this.add('assistant', { message, ...more });
  }
}

/** The file that a running Claude Code keeps about itself. It stays behind after a SIGKILL. */
export class SelfRecord {
  constructor(id, cwd, name) {
    this.file = join(configFolder(), 'sessions', `${process.pid}.json`);
    const { TMUX_PANE } = process.env;
    this.value = {
      pid: process.pid,
      sessionId: id,
      cwd,
      startedAt: Date.now(),
      procStart: startOf(process.pid),
      version: VERSION,
      kind: 'interactive',
      entrypoint: 'cli',
      ...(TMUX_PANE ? { tmux: `fake:@0.${TMUX_PANE}` } : {}),
      name,
      nameSource: 'derived',
    };
  }

  set(changes) {
    const now = Date.now();
    this.value = { ...this.value, waitingFor: undefined, ...changes, updatedAt: now, statusUpdatedAt: now };
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, JSON.stringify(this.value));
  }

  remove() {
    rmSync(this.file, { force: true });
  }
}

/** Field 22 of /proc/PID/stat: when the process started, in ticks after the boot. */
function startOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
