import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigWatch } from '../config/watch.ts';
import type { Problem } from '../control/protocol.ts';
import type { Colony } from './colony.ts';
import { accept, loadFile, movedAway, reject, unconfirmed } from './configuration.ts';
import { observe } from './observe.ts';
import { type Stamps, stampOf } from './stamps.ts';

/**
 * Put the file in force after it changed.
 *
 * What is empty, missing, half-written or wrong changes nothing, and neither does a file that would end more than
 * half of what runs: nobody is there to ask, so it is held until an `apply`. Status says either.
 */
export async function reload(colony: Colony): Promise<void> {
  const { desired } = colony;
  if (desired?.reload !== 'auto' || colony.goal !== 'run' || !colony.armed) return;
  const loaded = loadFile(colony.path, desired.profiles, colony.environment, false);
  if (!loaded.ok) return reject(colony, loaded.error);
  const next = loaded.value.desired;
  const moved = movedAway(desired, next);
  if (moved) return reject(colony, moved);
  const { observed } = await observe(colony, next);
  const question = unconfirmed(next, observed);
  if (question) return reject(colony, held(question));
  accept(colony, next, loaded.value);
}

/** The same question, for somebody who reads it later. */
export function held(question: Problem): Problem {
  return { ...question, text: `${question.text}. Held until it is confirmed with \`colony apply --yes\`.` };
}

/**
 * Knows whether the files of the configuration are still those that were read.
 *
 * It asks the file system itself, so it also finds what no watch can tell: changes on a network file system, or the
 * switch of a link further up. Asking costs microseconds, and is part of the slow resync.
 */
export class FileState {
  #known = '';
  #seen = '';

  /** Take the files for known, as they are or, where that is given, as they were when they were read. */
  note(files: readonly string[], stamps: Stamps = new Map()): void {
    this.#known = files.map((file) => stamps.get(file) ?? stampOf(file)).join('\n');
  }

  changed(files: readonly string[]): boolean {
    return looks(files) !== this.#known;
  }

  /** Changed, and the same as when this was asked before: nobody is writing at this moment. */
  changedAndAtRest(files: readonly string[]): boolean {
    const now = looks(files);
    const atRest = now === this.#seen;
    this.#seen = now;
    return atRest && now !== this.#known;
  }
}

function looks(files: readonly string[]): string {
  return files.map(stampOf).join('\n');
}

/** Everything whose change can change the configuration: files, what links lead to, and folders of include patterns. */
export function follow(watch: ConfigWatch, colony: Colony): void {
  const files = colony.sources.files.flatMap((file) => [file, resolved(file)]);
  const folders = colony.sources.patterns.map((pattern) => dirname(pattern));
  watch.follow({ files: [...new Set(files)], folders: [...new Set(folders)] });
}

function resolved(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
