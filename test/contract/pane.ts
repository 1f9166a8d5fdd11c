import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from '../rig/remove.ts';
import { waitFor } from '../rig/wait.ts';

/** Within this a program that is well has answered, on a loaded machine too. */
const DEADLINE = 15_000;

/** How a program ended. */
export type Ended = { readonly code: number | undefined; readonly signal: number | undefined };

/** One program in a pane of a tmux server of its own, without colony. */
export class Pane {
  readonly dir: string;
  readonly #socket: string;
  readonly #size: readonly [number, number];

  constructor(size: readonly [number, number] = [120, 40]) {
    this.dir = mkdtempSync(join(tmpdir(), 'colony-pane-'));
    this.#socket = join(this.dir, 'tmux.sock');
    this.#size = size;
  }

  #tmux(args: readonly string[], stdin?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TERM: 'xterm-256color' };
      const flags = ['-u', '-S', this.#socket, '-f', '/dev/null'];
      const child = execFile('tmux', [...flags, ...args], { env }, (error, stdout) => {
        if (error) reject(error);
        else resolve(stdout.replace(/\n$/, ''));
      });
      // tmux may have answered before it has read what nobody asked it to read.
      child.stdin?.on('error', () => undefined).end(stdin ?? '');
    });
  }

  /** Start a program, the first one here or one in the place of a dead one. */
  async start(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<number> {
    const set = Object.entries(env).map(([key, value]) => `${key}=${value}`);
    const command = ['env', '-i', ...set, ...argv];
    const [columns, rows] = this.#size.map(String) as [string, string];
    if (this.#started) await this.#tmux(['respawn-pane', '-t', 'it', '-c', cwd, ...command]);
    else {
      const session = ['new-session', '-d', '-s', 'it', '-x', columns, '-y', rows, '-c', cwd, ...command];
      await this.#tmux([
        ...session,
        ';',
        'set-option',
        '-w',
        'remain-on-exit',
        'on',
        ';',
        'set-option',
        '-g',
        'focus-events',
        'on',
      ]);
    }
    this.#started = true;
    return Number(await this.ask('#{pane_pid}'));
  }
  #started = false;

  ask(format: string): Promise<string> {
    return this.#tmux(['display-message', '-p', '-t', 'it', format]);
  }

  /** What stands on the screen, without the blanks at the ends of lines; `all`: with what has scrolled off. */
  async screen(all = false): Promise<string> {
    const text = await this.#tmux(['capture-pane', '-p', '-t', 'it', ...(all ? ['-J', '-S', '-'] : [])]);
    return text.replaceAll(/[ \u00a0]+$/gm, '');
  }

  async title(): Promise<string> {
    return this.ask('#{pane_title}');
  }

  /** Whether the cursor is shown: Codex hides it in each of its dialogs. */
  async cursorShown(): Promise<boolean> {
    return (await this.ask('#{cursor_flag}')) === '1';
  }

  /** Press keys by their names. */
  async keys(...names: string[]): Promise<void> {
    await this.#tmux(['send-keys', '-t', 'it', ...names]);
  }

  /** Press a key until it has its effect: what has just appeared on a screen does not hear at once. */
  async insist(key: string, done: () => Promise<boolean>): Promise<void> {
    const every = 500;
    let next = 0;
    await waitFor(
      `the effect of ${key}`,
      async () => {
        if (await done()) return true;
        if (performance.now() < next) return false;
        next = performance.now() + every;
        await this.keys(key);
        return false;
      },
      DEADLINE,
    );
  }

  async isDead(): Promise<boolean> {
    return (await this.ask('#{pane_dead}')) === '1';
  }

  /** Type text key by key, with Enter in the same breath where `enter`. */
  async type(text: string, { enter = false } = {}): Promise<void> {
    await this.#tmux([
      'send-keys',
      '-t',
      'it',
      '-l',
      '--',
      text,
      ...(enter ? [';', 'send-keys', '-t', 'it', 'Enter'] : []),
    ]);
  }

  /** Paste as colony does, bracketed; and Enter, where it is not left out. */
  async paste(text: string, { enter = true } = {}): Promise<void> {
    const then = enter ? [';', 'send-keys', '-t', 'it', 'Enter'] : [];
    await this.#tmux(
      ['load-buffer', '-b', 'p', '-', ';', 'paste-buffer', '-p', '-d', '-b', 'p', '-t', 'it', ...then],
      text,
    );
  }

  /** The screen as soon as it shows all that is waited for. */
  async shows(...texts: readonly (string | RegExp)[]): Promise<string> {
    let last = '';
    const has = (screen: string) =>
      texts.every((text) => (typeof text === 'string' ? screen.includes(text) : text.test(screen)));
    try {
      return await waitFor(
        `a screen with ${texts.join(' and ')}`,
        async () => {
          last = await this.screen();
          return has(last) ? last : undefined;
        },
        DEADLINE,
      );
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}; it shows:\n${last}`);
    }
  }

  /** Wait until the program has ended, and how it did. */
  ended(): Promise<Ended> {
    return waitFor(
      'the program to end',
      async () => {
        const [dead, code, signal] = (await this.ask('#{pane_dead},#{pane_dead_status},#{pane_dead_signal}')).split(
          ',',
        );
        if (dead !== '1') return undefined;
        // tmux 3.3 may have missed how the child ended; another child makes it look again.
        if (!code && !signal) await this.#tmux(['run-shell', '-b', 'true']);
        return code || signal ? { code: number(code), signal: number(signal) } : undefined;
      },
      DEADLINE,
    );
  }

  async close(): Promise<void> {
    await this.#tmux(['kill-server']).catch(() => undefined);
    removeFolder(this.dir);
  }
}

const number = (text: string | undefined) => (text ? Number(text) : undefined);
