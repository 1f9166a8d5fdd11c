import { quoted } from '../hook-script.ts';

/**
 * What Claude Code is asked to tell. No event of single tools: there are many of them, and its own record says the same.
 *
 * An interruption by Esc is told by none of them.
 */
export const CLAUDE_EVENTS = [
  'SessionStart',
  'SessionEnd',
  'UserPromptSubmit',
  'Stop',
  'StopFailure',
  'Notification',
  'PermissionRequest',
  'PreCompact',
  'PostCompact',
] as const;

/** Seconds that a hook may take. It takes milliseconds, and the agent does not wait for it. */
const TIMEOUT = 5;

/** How a status line is asked for in settings of Claude Code, as far as it matters here. */
export type StatusLine = Readonly<Record<string, unknown>> & { readonly command?: unknown };

/**
 * The settings that are given to one Claude Code, so that it tells colony what it does.
 *
 * `hook` is the path of the script. `users` are settings that the user gives it by `--settings`: of two only the last
 * would count, so colony's are laid over them, and their hooks run as well. `looks` is the status line of the user's
 * settings files, whose place on the screen and rhythm are kept; what it shows is found when it is to be shown.
 */
export function claudeSettings(hook: string, users: object = {}, looks?: StatusLine): object {
  const { hooks, statusLine, ...others } = users as Readonly<Record<string, unknown>>;
  const own = asObject(statusLine);
  return { ...others, hooks: withOurs(asObject(hooks) ?? {}, hook), statusLine: lineOf(hook, own, looks) };
}

function withOurs(theirs: Readonly<Record<string, unknown>>, hook: string): Readonly<Record<string, unknown>> {
  const ours = CLAUDE_EVENTS.map((event): [string, readonly unknown[]] => {
    const call = { type: 'command', command: `${quoted(hook)} ${event}`, async: true, timeout: TIMEOUT };
    const before = theirs[event];
    return [event, [...(Array.isArray(before) ? before : []), { hooks: [call] }]];
  });
  return { ...theirs, ...Object.fromEntries(ours) };
}

/** One that is given with the settings is shown whatever stands in files, so it is named here. */
function lineOf(hook: string, own: StatusLine | undefined, looks: StatusLine | undefined): StatusLine {
  const { command: _, type: __, ...kept } = own ?? looks ?? {};
  const named = typeof own?.command === 'string' ? ` ${quoted(own.command)}` : '';
  return { ...kept, type: 'command', command: `${quoted(hook)} statusline${named}` };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
