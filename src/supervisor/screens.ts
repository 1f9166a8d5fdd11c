import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColonyPaths } from '../control/paths.ts';
import type { AgentName } from '../reconciler/types.ts';

const TAIL_LINES = 10;
const TAIL_WIDTH = 300;

/** The last lines of a screen that hold anything, cut to what fits into a journal entry. */
export function tailOf(screen: readonly string[]): readonly string[] {
  return withoutBlankEnd(screen)
    .slice(-TAIL_LINES)
    .map((line) => line.slice(0, TAIL_WIDTH));
}

/** Empty lines at the end of a screen are only the part of the terminal that was never written to. */
export function withoutBlankEnd(screen: readonly string[]): readonly string[] {
  const last = screen.findLastIndex((line) => line.trim() !== '');
  return screen.slice(0, last + 1);
}

/** How long a screen waits to be written: when many programs end at once their restarts come first. */
const LATER = 250;

/** Screens that are not written yet, by the path of their file. */
const waiting = new Map<string, string>();
let later: NodeJS.Timeout | undefined;

/**
 * Keep the screen of the life that has ended, for `logs --previous`.
 *
 * Not waited for: a restart must not wait for a disk. A full disk costs this screen and nothing else.
 */
export function keepScreen(paths: ColonyPaths, agent: AgentName, screen: readonly string[]): void {
  later ??= setTimeout(() => void writeScreens(), LATER).unref();
  waiting.set(screenPath(paths, agent), withoutBlankEnd(screen).join('\n'));
}

/** Write what waits; called once more before the process ends. */
export async function writeScreens(): Promise<void> {
  clearTimeout(later);
  later = undefined;
  await Promise.all([...waiting].map(([path, text]) => replace(path, text)));
}

async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  } catch {
    // The disk is full, or the folder is gone.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  if (waiting.get(path) === text) waiting.delete(path);
}

/** The screen of the agent's last life; undefined if none was kept. */
export async function previousScreen(paths: ColonyPaths, agent: AgentName): Promise<readonly string[] | undefined> {
  const path = screenPath(paths, agent);
  try {
    return (waiting.get(path) ?? (await readFile(path, 'utf8'))).split('\n');
  } catch {
    return undefined;
  }
}

function screenPath(paths: ColonyPaths, agent: AgentName): string {
  return join(paths.screens, `${agent}.txt`);
}
