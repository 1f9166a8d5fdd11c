import { execFile } from 'node:child_process';
import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Coding, User } from './types.ts';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** The part of the machine that this folder reads and changes: all its effects, so that a test can stand in for it. */
export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly user: User;
  /** The text of a file, or what a link leads to; undefined: there is none, or it cannot be read. */
  read(path: string): string | undefined;
  /** Names in a folder; none if it cannot be read. */
  list(path: string): readonly string[];
  /** Whether there is such a program. */
  has(program: string): boolean;
  /** A program that is missing, or does not end, has the code -1. `coding` is that of `input` and of what it prints. */
  run(
    argv: readonly [string, ...string[]],
    environment: NodeJS.ProcessEnv,
    input?: string,
    coding?: Coding,
  ): Promise<Ran>;
  /** These three throw what the system says. */
  write(path: string, text: string, mode: number): void;
  link(path: string, to: string): void;
  remove(path: string): void;
};

/** A start that waits until the supervisor is ready may take as long as systemd grants it. */
const PATIENCE = 130_000;

/** This machine. */
export function thisMachine(): Machine {
  const { username, uid, homedir } = userInfo();
  return {
    platform: process.platform,
    environment: process.env,
    user: { name: username, uid, home: process.env.HOME || homedir },
    read,
    list,
    has,
    run,
    write,
    link,
    remove: (path) => rmSync(path, { force: true }),
  };
}

function read(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function has(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder || '.', program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function run(
  [program, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  input = '',
  coding: Coding = 'utf8',
): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { env, timeout: PATIENCE, killSignal: 'SIGKILL', encoding: 'buffer' } as const;
    const child = execFile(program, args, options, (error, out, err) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
      const said = err.toString('utf8') || (code === -1 ? (error?.message ?? '') : '');
      resolve({ code, out: out.toString(coding), err: said });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input, coding);
  });
}

function write(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { mode });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function link(path: string, to: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  symlinkSync(to, path);
}
