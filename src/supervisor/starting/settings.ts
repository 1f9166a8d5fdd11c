import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { claudeSettings, type StatusLine } from '../../agents/claude/hooks.ts';
import { optionOf, wordsOf } from '../../agents/command.ts';
import type { Place } from '../../agents/launcher.ts';
import type { AgentSpec, Result } from '../../reconciler/types.ts';

/**
 * The settings that are given to a program, with those in them that its user gives it by the same option.
 *
 * undefined: it takes none; or what the user gives cannot be read, and then the program itself says so best.
 */
export async function settingsFor(spec: AgentSpec, hook: string, place: Place): Promise<object | undefined> {
  if (spec.kind !== 'claude') return undefined;
  const users = await givenSettings(spec, place);
  return users.ok ? claudeSettings(hook, users.value, await statusLineOf(spec, place)) : undefined;
}

async function givenSettings({ command, workdir }: AgentSpec, { home }: Place): Promise<Result<object, undefined>> {
  const given = optionOf(wordsOf(command), '--settings');
  if (!given) return { ok: true, value: {} };
  const text = given.text.trim();
  const path = text.startsWith('~/') ? join(home, text.slice(2)) : isAbsolute(text) ? text : join(workdir, text);
  const settings = text.startsWith('{') ? objectIn(text) : await objectAt(path);
  return settings && given.plain ? { ok: true, value: settings } : { ok: false, error: undefined };
}

/** The status line that Claude Code would show: the nearest file counts. */
async function statusLineOf({ workdir }: AgentSpec, { env, home }: Place): Promise<StatusLine | undefined> {
  const files = [
    join(workdir, '.claude', 'settings.local.json'),
    join(workdir, '.claude', 'settings.json'),
    join(env.CLAUDE_CONFIG_DIR || join(home, '.claude'), 'settings.json'),
  ];
  const found = await Promise.all(files.map(objectAt));
  const lines = found.map((settings) => (settings as { readonly statusLine?: unknown } | undefined)?.statusLine);
  return lines.find((line): line is StatusLine => typeof line === 'object' && line !== null && !Array.isArray(line));
}

async function objectAt(path: string): Promise<object | undefined> {
  try {
    return objectIn(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
