import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestColony } from './colony.ts';
import { waitFor } from './wait.ts';

type Place = { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> };

/** A real terminal, in which a test types as a person does. A tmux server of its own plays it. */
export class Terminal {
  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  /** Start `argv` in a terminal whose server is at `socket`, with this environment and nothing else. */
  static async open(socket: string, argv: readonly string[], { cwd, env }: Place): Promise<Terminal> {
    const terminal = new Terminal(socket);
    const variables = Object.entries({ ...env, TERM: 'screen' }).map(([name, value]) => `${name}=${value ?? ''}`);
    await terminal.#tmux('new-session', '-d', '-x', '100', '-y', '30', '-c', cwd, 'env', '-i', ...variables, ...argv);
    return terminal;
  }

  /** Type text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text);
  }

  /** Press keys, each a tmux key name or text. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** The screen as soon as it shows what is waited for. */
  async shows(pattern: RegExp): Promise<string> {
    let screen = '';
    const seen = await waitFor(`a terminal that shows ${pattern}`, async () => {
      screen = (await this.#tmux('capture-pane', '-p')).trimEnd();
      return pattern.test(screen) && { screen };
    }).catch((error: Error) => error);
    if ('screen' in seen) return seen.screen;
    throw new Error(`${seen.message}, but:\n${screen}`);
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => undefined);
  }

  async #tmux(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('tmux', ['-u', '-S', this.#socket, '-f', '/dev/null', ...args]);
    return stdout;
  }
}

/** A terminal in which a person has typed a command of colony; what that ends with is shown as `exit=N`. */
export function personsTerminal(colony: TestColony, args: readonly string[], name = 'person'): Promise<Terminal> {
  const words = [process.execPath, colony.program, ...args].map((word) => `'${word}'`).join(' ');
  const argv = ['sh', '-c', `${words}; echo exit=$?; exec sleep 600`];
  return Terminal.open(join(colony.dir, `${name}.sock`), argv, { cwd: colony.work, env: colony.environment });
}
