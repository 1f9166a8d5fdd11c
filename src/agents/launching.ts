import { aider } from './aider/launch.ts';
import { claude } from './claude/launch.ts';
import { codex } from './codex/launch.ts';
import type { Kind } from './define.ts';
import { gemini } from './gemini/launch.ts';
import type { Launcher } from './launcher.ts';
import { opencode } from './opencode/launch.ts';
import { shell } from './shell/launch.ts';

/** How the programs of each kind are started. */
export const LAUNCHERS: { readonly [K in Kind]: Launcher } = { aider, claude, codex, gemini, opencode, shell };

/**
 * The kind of the program that was started before, if the conversation it was in means nothing to one of this kind.
 *
 * A program without conversations has left the one before it as it was.
 */
export function foreignTo(kind: Kind, before: Kind | undefined): Kind | undefined {
  return before === undefined || before === kind || LAUNCHERS[before].ids === 'none' ? undefined : before;
}
