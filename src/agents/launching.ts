import { aider } from './aider/launch.ts';
import { claude } from './claude/launch.ts';
import { codex } from './codex/launch.ts';
import type { Kind, Launcher } from './define.ts';
import { gemini } from './gemini/launch.ts';
import { opencode } from './opencode/launch.ts';
import { shell } from './shell/launch.ts';

/** How the programs of each kind are started. */
export const LAUNCHERS: { readonly [K in Kind]: Launcher } = { aider, claude, codex, gemini, opencode, shell };
