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

/**
 * Keep the screen of the life that has ended, for `logs --previous`.
 *
 * Not waited for: a restart must not wait for a disk. A full disk costs this screen and nothing else.
 */
export function keepScreen(paths: ColonyPaths, agent: AgentName, screen: readonly string[]): void {
  const path = screenPath(paths, agent);
  const temporary = `${path}.tmp`;
  const text = withoutBlankEnd(screen).join('\n');
  writeFile(temporary, text, { mode: 0o600 })
    .then(() => rename(temporary, path))
    .catch(() => rm(temporary, { force: true }))
    .catch(() => undefined);
}

/** The screen of the agent's last life; undefined if none was kept. */
export async function previousScreen(paths: ColonyPaths, agent: AgentName): Promise<readonly string[] | undefined> {
  try {
    return (await readFile(screenPath(paths, agent), 'utf8')).split('\n');
  } catch {
    return undefined;
  }
}

function screenPath(paths: ColonyPaths, agent: AgentName): string {
  return join(paths.screens, `${agent}.txt`);
}
