import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAKE_CLAUDE, FAKE_CODEX, FAKE_GEMINI, FAKE_OPENCODE, KindsHome } from '../rig/fake-kinds.ts';
import { removeFolder } from '../rig/remove.ts';
import { isAlive, waitFor } from '../rig/wait.ts';
import { exportsOf, filesIn, type Memory } from './memory.ts';
import { type Ended, Pane } from './pane.ts';

/** What a program is started as: the fake one or the real one. */
export type Program = {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The environment of an account that has usage limits. */
  readonly subscription: Readonly<Record<string, string>>;
  /** What the real one needs in its home, beside what the fake one needs. */
  seed(home: KindsHome): void;
  /** What it keeps of its conversations. */
  memory(home: KindsHome): Memory;
};

/** One call of a hook, of the status line or of notify. */
export type Call = { readonly event: string; readonly [field: string]: unknown };

const EVENTS = [
  'SessionStart',
  'SessionEnd',
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'PermissionRequest',
  'Notification',
  'Stop',
  'StopFailure',
  'SubagentStart',
  'SubagentStop',
  'PreCompact',
  'PostCompact',
];

/** One program under test, in a home and a folder of its own; all that it calls is written down. */
export class Subject {
  readonly root: string;
  readonly work: string;
  readonly home: KindsHome;
  readonly pane = new Pane();
  readonly #program: Program;
  readonly #log: string;
  pid = 0;

  constructor(program: Program, trusted = true) {
    this.root = mkdtempSync(join(tmpdir(), 'colony-contract-'));
    this.work = join(this.root, 'work');
    this.#log = join(this.root, 'calls');
    mkdirSync(this.work);
    this.home = new KindsHome(join(this.root, 'home'), trusted ? [this.work] : []);
    this.#program = program;
    program.seed(this.home);
    mkdirSync(this.#log);
    // A file for each call, whole by a rename, whatever calls at the same time; the names are in their order.
    writeFileSync(
      join(this.root, 'call.sh'),
      `name=$(date +%s%N)-$$; cat > "$0.$$"; mv "$0.$$" '${this.#log}'/"$name"\n`,
    );
  }

  /** A settings file for Claude Code whose hooks and status line are written down. */
  settings(): string {
    const command = `sh '${join(this.root, 'call.sh')}'`;
    const hooks = Object.fromEntries(EVENTS.map((event) => [event, [{ hooks: [{ type: 'command', command }] }]]));
    const file = join(this.root, 'settings.json');
    const line = `sh '${join(this.root, 'call.sh')}'; echo the status line`;
    writeFileSync(file, JSON.stringify({ hooks, statusLine: { type: 'command', command: line } }));
    return file;
  }

  /** The words for Codex with which the program of `notify` is written down. */
  notify(): string[] {
    const line = `printf '%s' "$1" | sh '${join(this.root, 'call.sh')}'`;
    return ['-c', `notify=${JSON.stringify(['sh', '-c', line, 'sh'])}`];
  }

  /** Start it, with these words behind its command. */
  async start(words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<void> {
    const { command, env } = this.#program;
    const { PATH = '/usr/bin:/bin' } = process.env;
    const base = { PATH, HOME: this.home.home, LANG: 'C.UTF-8', TERM: 'xterm-256color', SHELL: '/bin/bash' };
    this.pid = await this.pane.start([...command, ...words], this.work, { ...base, ...env, ...more });
  }

  get subscription(): Readonly<Record<string, string>> {
    return this.#program.subscription;
  }

  /** All calls so far; of one event, or all. */
  calls(event?: string): readonly Call[] {
    const parsed = readdirSync(this.#log)
      .sort()
      .map((name) => readFileSync(join(this.#log, name), 'utf8'))
      // A hook of a program that is killed is called with nothing.
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .map((value) => ({ ...value, event: String(value.hook_event_name ?? value.type ?? 'status') }));
    return parsed.filter((call) => event === undefined || call.event === event);
  }

  /** Wait until an event was called at least so often, and give back the last call. */
  called(event: string, times = 1): Promise<Call> {
    return waitFor(`${times} calls of ${event}`, () => {
      const calls = this.calls(event);
      return calls.length >= times ? calls.at(-1) : undefined;
    });
  }

  /** Wait until the record of Claude Code says this. */
  async says(status: string, waitingFor?: string): Promise<void> {
    await waitFor(`a record that says ${status} ${waitingFor ?? ''}`, () => {
      const record = this.home.claudeRecord(this.pid);
      return record?.status === status && record.waitingFor === waitingFor;
    });
  }

  /** Wait until the title of the terminal is like this. */
  async titled(pattern: RegExp): Promise<string> {
    return waitFor(`a title like ${pattern}`, async () => {
      const title = await this.pane.title();
      return pattern.test(title) ? title : undefined;
    });
  }

  /** SIGKILL it, and wait until it is gone. */
  async kill(): Promise<Ended> {
    process.kill(this.pid, 'SIGKILL');
    return this.pane.ended();
  }

  async end(): Promise<void> {
    await this.pane.close();
    // Whoever ignores that its terminal is gone still writes into its home.
    if (this.pid !== 0 && (await isAlive(this.pid))) process.kill(this.pid, 'SIGKILL');
    await waitFor('the program to be gone', async () => !(await isAlive(this.pid)));
    // Its hooks may still be at it: what they write is taken away with the rest.
    await waitFor('its folder to be gone', () => gone(this.root));
  }
}

/** Remove a folder; false where somebody has just written into it. */
function gone(folder: string): boolean {
  try {
    removeFolder(folder);
    return true;
  } catch {
    return false;
  }
}

export const fakeClaude: Program = {
  command: FAKE_CLAUDE,
  env: { CLAUDE_CODE_MAX_RETRIES: '1' },
  subscription: { CLAUDE_CODE_OAUTH_TOKEN: 'a-token' },
  seed: () => undefined,
  memory: (home) => filesIn(home, 'claude'),
};

export const fakeCodex: Program = {
  command: FAKE_CODEX,
  env: { FAKE_CODEX_RETRY: '100' },
  subscription: {},
  seed: () => undefined,
  memory: (home) => filesIn(home, 'codex'),
};

export const fakeGemini: Program = {
  command: FAKE_GEMINI,
  env: {},
  subscription: {},
  seed: (home) => writeFileSync(join(home.home, '.gemini', 'settings.json'), '{}'),
  memory: (home) => filesIn(home, 'gemini'),
};

export const fakeOpencode: Program = {
  command: FAKE_OPENCODE,
  env: {},
  subscription: {},
  seed: (home) => {
    mkdirSync(join(home.home, '.config', 'opencode'), { recursive: true });
    writeFileSync(join(home.home, '.config', 'opencode', 'opencode.json'), '{}');
  },
  memory: (home) => exportsOf(home, FAKE_OPENCODE),
};
