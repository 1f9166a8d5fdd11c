/** The programs that colony knows something about; any other is a `shell`. */
export const KINDS = ['claude', 'codex', 'gemini', 'opencode', 'aider', 'shell'] as const;

/** What colony knows about a program. */
export type Kind = (typeof KINDS)[number];

/**
 * How a program of this kind is asked to leave where the file says nothing; undefined: as any other.
 *
 * Codex says goodbye to its hooks only when a person leaves it: by Ctrl-C on an empty line, after which it takes 2.5 to
 * 4 s. Gemini does not listen to SIGTERM.
 */
export function stopOfKind(kind: Kind): unknown {
  if (kind === 'codex') return { sequence: [{ keys: ['C-c'] }, { wait: '5s' }, { signal: 'TERM' }] };
  return kind === 'gemini' ? { grace: '5s' } : undefined;
}

/** Whoever is in a conversation is not interrupted in the middle of it for other settings, unless the file says so. */
export function updateOfKind(kind: Kind): unknown {
  return kind === 'shell' ? undefined : { mode: 'when_idle' };
}
