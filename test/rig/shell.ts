import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from './wait.ts';

/** A real shell in a real terminal, into which a test types as a person does. */
export class InteractiveShell {
  readonly #socket: string;

  private constructor(folder: string) {
    this.#socket = join(folder, 'shell.sock');
  }

  /** Start `argv` in `cwd` with this environment and nothing else, its terminal's socket in `folder`. */
  static async open(
    argv: readonly string[],
    { folder, cwd, env }: { folder: string; cwd: string; env: Readonly<Record<string, string>> },
  ): Promise<InteractiveShell> {
    const shell = new InteractiveShell(folder);
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const words = ['env', '-i', 'TERM=screen', ...variables, ...argv];
    await shell.#tmux('new-session', '-d', '-x', '100', '-y', '40', '-c', cwd, ...words);
    return shell;
  }

  /** Type text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text);
  }

  /** Press keys by their tmux names. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** The screen as soon as it shows what is waited for. */
  async shows(pattern: RegExp): Promise<string> {
    let screen = '';
    const seen = await waitFor(`a shell that shows ${pattern}`, async () => {
      screen = await this.#tmux('capture-pane', '-p');
      return pattern.test(screen) ? screen : undefined;
    }).catch((error: Error) => error);
    if (typeof seen === 'string') return seen;
    throw new Error(`${seen.message}, but:\n${screen.trimEnd()}`);
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => undefined);
  }

  async #tmux(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('tmux', ['-u', '-S', this.#socket, '-f', '/dev/null', ...args]);
    return stdout;
  }
}
