import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigWatch } from '../config/watch.ts';
import type { Problem } from '../control/protocol.ts';
import type { Colony } from './colony.ts';
import { loadFile, movedAway, unconfirmed } from './configuration.ts';
import { accept, reject } from './in-force.ts';
import { observe } from './observe.ts';

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
