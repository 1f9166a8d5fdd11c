/** A tmux server of a test's own. */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Result } from '../../src/reconciler/types.ts';
import type { OpenOptions, TmuxPlace } from '../../src/tmux/types.ts';
import { removeFolder } from './remove.ts';

const run = promisify(execFile);

/** How long tmux may take for an answer. Generous: a loaded machine is not a bug. */
const PATIENCE = 15_000;

export type PrivateTmux = {
  /** A fresh folder; gone after `stop`. */
  readonly dir: string;
  readonly place: TmuxPlace;
  /** The whole environment of the server: nothing of the person's who runs the tests. */
  readonly environment: Readonly<Record<string, string>>;
  /** Run tmux on this server and give back what it prints; throws when tmux refuses. */
  tmux(...args: readonly string[]): Promise<string>;
  /** Options for `openTmux` at this place. */
  options(over?: Partial<OpenOptions>): OpenOptions;
  /** End this server, if it runs, and remove its folder. */
  stop(): Promise<void>;
};

/**
 * A place for a tmux server that nobody else uses. Nothing runs there until somebody starts it.
 *
 * `default` is what colony sees as the user's own server: reached without a flag, but in a folder of the test.
 */
export function privateTmux(kind: 'path' | 'default' = 'path'): PrivateTmux {
  const dir = mkdtempSync(join(tmpdir(), 'colony-tmux-'));
  const path = join(dir, 'tmux.sock');
  const place: TmuxPlace = kind === 'path' ? { kind, path } : { kind };
  const environment = { PATH: process.env.PATH ?? '', HOME: dir, LANG: 'C.UTF-8', SHELL: '/bin/sh', TMUX_TMPDIR: dir };
  const flags = kind === 'path' ? ['-S', path] : [];
  const tmux = async (...args: readonly string[]) => {
    const { stdout } = await run('tmux', ['-u', '-N', ...flags, ...args], { env: environment, timeout: PATIENCE });
    return stdout.replace(/\n$/, '');
  };
  const options = (over: Partial<OpenOptions> = {}): OpenOptions => ({
    place,
    colony: 'shop',
    conf: { historyLimit: 500, size: { columns: 100, rows: 30 }, config: undefined, path: join(dir, 'tmux.conf') },
    anchor: { session: kind === 'path' ? '_colony' : '_colony-shop', argv: ['sleep', '100000'] },
    environment,
    unset: [],
    start: true,
    onWake: () => {},
    onClosed: () => {},
    ...over,
  });
  const stop = async () => {
    await tmux('kill-server').catch(() => {});
    removeFolder(dir);
  };
  return { dir, place, environment, tmux, options, stop };
}

/** The value of a result that must be a success. */
export function good<T, E>(result: Result<T, E>): T {
  if (result.ok) return result.value;
  throw new Error(`expected a success, got ${JSON.stringify(result.error)}`);
}

/** The error of a result that must be a failure. */
export function bad<T, E>(result: Result<T, E>): E {
  if (!result.ok) return result.error;
  throw new Error(`expected a failure, got ${JSON.stringify(result.value)}`);
}
