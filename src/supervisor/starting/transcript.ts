import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transcript } from '../../agents/choice.ts';
import type { Launcher, Place } from '../../agents/launcher.ts';
import type { ConversationId } from '../../reconciler/types.ts';

/** What is left on disk of a conversation. */
export async function transcriptOf(launcher: Launcher, id: ConversationId, place: Place): Promise<Transcript> {
  const { transcript, said } = launcher;
  return transcript ? lookFor(transcript(id, place), said) : 'unknown';
}

/** Whether anything was said in a conversation, by what its file holds. */
type Said = (content: string) => boolean;

/** A file of more bytes than this is not read: something was said in it. */
const LARGE = 256 * 1024;

/**
 * Whether there is a file of this path, of which names may hold a `*` for any part of them, and whether anything was
 * said in it; without `said`, whether it holds anything. The first part is a folder that is taken as it is.
 *
 * The greatest names are looked at first: folders are often named by dates, and what is sought is seldom old. A folder
 * that may not be read leaves the question open, unless the file is found elsewhere.
 */
export async function lookFor([root, ...names]: readonly [string, ...string[]], said?: Said): Promise<Transcript> {
  const [name, ...rest] = names;
  if (name === undefined) return contentOf(root, said);
  const here = await matching(root, name);
  if (here === undefined) return 'unknown';
  let best: Transcript = 'missing';
  for (const each of here) {
    const found = await lookFor([join(root, each), ...rest], said);
    if (found === 'kept') return found;
    if (RANK[found] > RANK[best]) best = found;
  }
  return best;
}

const RANK: Readonly<Record<Transcript, number>> = { missing: 0, empty: 1, unknown: 2, kept: 3 };

async function contentOf(path: string, said: Said | undefined): Promise<Transcript> {
  try {
    const info = await stat(path);
    if (!info.isFile()) return 'missing';
    if (info.size === 0) return 'empty';
    if (!said || info.size > LARGE) return 'kept';
    return said(await readFile(path, 'utf8')) ? 'kept' : 'empty';
  } catch (error) {
    return isNotThere(error) ? 'missing' : 'unknown';
  }
}

/** undefined: nobody can tell. */
async function matching(folder: string, name: string): Promise<readonly string[] | undefined> {
  if (!name.includes('*')) return [name];
  const [before = '', after = ''] = [name.slice(0, name.indexOf('*')), name.slice(name.lastIndexOf('*') + 1)];
  const between = name.split('*').slice(1, -1);
  try {
    const names = await readdir(folder);
    return names
      .filter((each) => fits(each, before, between, after))
      .sort()
      .reverse();
  } catch (error) {
    return isNotThere(error) ? [] : undefined;
  }
}

function fits(name: string, before: string, between: readonly string[], after: string): boolean {
  if (name.length < before.length + after.length || !name.startsWith(before) || !name.endsWith(after)) return false;
  let rest = name.slice(before.length, name.length - after.length);
  for (const part of between) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return true;
}

function isNotThere(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
