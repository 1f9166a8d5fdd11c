// The hooks and the status line of the fake Claude Code: whose settings they come from, and how they are run.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { configFolder, readJson, VERSION } from './fake-claude-files.mjs';

/** What the status line of a model says of it. */
const WINDOW = 1_000_000;
/** How long a hook may take before it is killed. */
const PATIENCE = 60_000;

/** The settings of the user, the project, the person's own of the project, and of --settings, in this order. */
export function readSettings(cwd, flag) {
  const given = flag === undefined ? undefined : flag.trimStart().startsWith('{') ? JSON.parse(flag) : readJson(flag);
  return [
    readJson(join(configFolder(), 'settings.json')),
    readJson(join(cwd, '.claude', 'settings.json')),
    readJson(join(cwd, '.claude', 'settings.local.json')),
    given,
  ].filter((settings) => settings !== undefined);
}

export class Hooks {
  constructor(me, settings) {
    this.me = me;
    this.all = settings.map(({ hooks }) => hooks ?? {});
    this.statusLine = settings.findLast((some) => some.statusLine)?.statusLine;
    this.began = Date.now();
  }

  #commands(event, subject) {
    return this.all
      .flatMap((hooks) => hooks[event] ?? [])
      .filter(({ matcher }) => !matcher || matcher === '*' || new RegExp(`^(?:${matcher})$`).test(subject))
      .flatMap(({ hooks = [] }) => hooks)
      .filter(({ type }) => type === 'command');
  }

  #input(event, more) {
    const { id, transcript, cwd } = this.me;
    return JSON.stringify({ session_id: id, transcript_path: transcript.file, cwd, hook_event_name: event, ...more });
  }

  #environment() {
    const { id, cwd } = this.me;
    const { columns = 80, rows = 24 } = process.stdout;
    return {
      ...process.env,
      CLAUDECODE: '1',
      CLAUDE_PROJECT_DIR: cwd,
      CLAUDE_CODE_SESSION_ID: id,
      CLAUDE_PID: String(process.pid),
      CLAUDE_CODE_ENTRYPOINT: 'cli',
      COLUMNS: String(columns),
      LINES: String(rows),
    };
  }

  /** Run the hooks of an event; all are started at once, and those that are not `async` are waited for. */
  async fire(event, more = {}, subject = '') {
    const input = this.#input(event, more);
    const runs = this.#commands(event, subject).map(({ command, async }) => ({
      run: this.#run(command, input),
      async,
    }));
    await Promise.all(runs.filter(({ async }) => !async).map(({ run }) => run));
  }

  /** The same at the very end, when nobody waits for anything any more. */
  fireLast(event, more) {
    const input = this.#input(event, more);
    const options = {
      input,
      env: this.#environment(),
      cwd: this.me.cwd,
      timeout: 1500,
      stdio: ['pipe', 'ignore', 'ignore'],
    };
    for (const { command } of this.#commands(event, '')) spawnSync('sh', ['-c', command], options);
  }

  #run(command, input) {
    const options = {
      cwd: this.me.cwd,
      env: this.#environment(),
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: PATIENCE,
    };
    return new Promise((resolve) => {
      const child = spawn('sh', ['-c', command], options);
      let text = '';
      child.stdout.on('data', (piece) => {
        text += piece;
      });
      child.on('error', () => resolve(''));
      child.on('close', () => resolve(text));
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    });
  }

  /** Ask the status line command for its line, and show it. */
  async status() {
    const { me } = this;
    if (this.statusLine?.type !== 'command' || me.dialog?.first) return;
    const text = await this.#run(this.statusLine.command, this.#input('Status', this.#telemetry()));
    me.statusText = text.split('\n')[0];
    me.draw();
  }

  #telemetry() {
    const { me } = this;
    const { percent } = me.usage;
    const tokens = percent === undefined ? 0 : Math.round((percent * WINDOW) / 100);
    const current = {
      input_tokens: tokens,
      output_tokens: 42,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
    };
    return {
      ...(me.promptId ? { prompt_id: me.promptId } : {}),
      hook_event_name: undefined,
      effort: { level: 'medium' },
      model: { id: me.model, display_name: me.model === 'claude-opus-5-5' ? 'Opus 5.5' : me.model },
      workspace: { current_dir: me.cwd, project_dir: me.cwd, added_dirs: [] },
      version: VERSION,
      output_style: { name: 'default' },
      cost: {
        total_cost_usd: me.usage.cost,
        total_duration_ms: Date.now() - this.began,
        total_api_duration_ms: 0,
        total_lines_added: 0,
        total_lines_removed: 0,
      },
      context_window: {
        total_input_tokens: tokens,
        total_output_tokens: percent === undefined ? 0 : 42,
        context_window_size: WINDOW,
        current_usage: percent === undefined ? null : current,
        used_percentage: percent ?? null,
        remaining_percentage: percent === undefined ? null : 100 - percent,
      },
      exceeds_200k_tokens: tokens > 200_000,
      fast_mode: false,
      thinking: { enabled: true },
      ...(me.rateLimits ? { rate_limits: me.rateLimits } : {}),
    };
  }
}
