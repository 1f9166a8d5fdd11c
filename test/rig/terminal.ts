import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestColony } from './colony.ts';
import { waitFor } from './wait.ts';

const quote = (word: string) => `'${word}'`;

/**
 * A terminal in which a person has typed a command of colony. A second tmux server plays it: colony's own one sees a
 * client on a real pty. What the command ends with is shown as `exit=N`.
 */
export class PersonsTerminal {
  readonly #colony: TestColony;
  readonly #socket: string;

  private constructor(colony: TestColony, name: string) {
    this.#colony = colony;
    this.#socket = join(colony.dir, `${name}.sock`);
  }

  static async open(colony: TestColony, args: readonly string[], name = 'person'): Promise<PersonsTerminal> {
    const terminal = new PersonsTerminal(colony, name);
    const words = [process.execPath, colony.program, ...args].map(quote).join(' ');
    const line = `unset TMUX TMUX_PANE; ${words}; echo exit=$?; exec sleep 600`;
    const set = Object.entries(colony.environment).flatMap(([key, value]) => ['-e', `${key}=${value ?? ''}`]);
    await terminal.#tmux('new-session', '-d', '-x', '100', '-y', '30', '-c', colony.work, ...set, 'sh', '-c', line);
    return terminal;
  }

  /** Press keys, each a tmux key name or text. */
  async type(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** The screen as soon as it shows what is waited for. */
  shows(pattern: RegExp): Promise<string> {
    return waitFor(`a terminal that shows ${pattern}`, async () => {
      const screen = await this.#tmux('capture-pane', '-p');
      return pattern.test(screen) ? screen : undefined;
    });
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => undefined);
  }

  async #tmux(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('tmux', ['-u', '-S', this.#socket, '-f', '/dev/null', ...args], {
      env: this.#colony.environment,
    });
    return stdout;
  }
}
