import { execFile } from 'node:child_process';

/** No program needs longer to say its version; one that asks a question instead never ends. */
const PATIENCE = 5_000;

/** What a program prints, without being able to ask anything; undefined: it failed, or did not end in time. */
export function output(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { env, timeout: PATIENCE, killSignal: 'SIGKILL', maxBuffer: 64 * 1024, cwd: '/' } as const;
    const child = execFile(program, args, options, (error, out) => resolve(error ? undefined : out.trim()));
    child.stdin?.on('error', () => undefined);
    child.stdin?.end();
  });
}
