import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EXIT } from '../control/protocol.ts';
import type { Result } from '../reconciler/types.ts';
import type { Failure } from './failure.ts';

/** The names under which the file is looked for, the first one first. */
const FILES = ['colony.yaml', 'colony.yml'] as const;

export type LocateRequest = {
  /** From `-f`; then nothing is searched. */
  readonly file: string | undefined;
  readonly cwd: string;
  /** Whether a colony was ever applied from this path, so that it can be stopped after its file was deleted. */
  readonly known: (path: string) => boolean;
};

/**
 * The absolute path of colony.yaml: what `-f` says, else in this folder or the nearest one above, as git finds its
 * repository.
 *
 * The file may be missing: a colony whose file was deleted still runs, and can be asked and stopped.
 */
export function locate({ file, cwd, known }: LocateRequest): Result<string, Failure> {
  if (file !== undefined) return { ok: true, value: canonical(resolve(cwd, file)) };
  const candidates = above(cwd).flatMap((folder) => FILES.map((name) => canonical(join(folder, name))));
  const found = candidates.find((path) => existsSync(path)) ?? candidates.find(known);
  if (found !== undefined) return { ok: true, value: found };
  return {
    ok: false,
    error: {
      exit: EXIT.invalidConfig,
      text: `there is no colony.yaml in ${cwd} or any folder above it`,
      hint: '`colony init` writes one here; or go to the folder that has it, or name it with -f PATH',
    },
  };
}

function above(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...above(parent)];
}

/**
 * One colony has one path, however its folder was reached. The last part stays as it is written: a colony.yaml that is
 * a link to a file elsewhere belongs to the folder of the link.
 */
function canonical(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}
