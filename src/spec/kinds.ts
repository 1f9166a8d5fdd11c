/** The programs that colony knows something about; any other is a `shell`. */
export const KINDS = ['claude', 'codex', 'gemini', 'opencode', 'aider', 'shell'] as const;

/** What colony knows about a program. */
export type Kind = (typeof KINDS)[number];

/**
 * How a program of this kind is asked to leave where the file says nothing; undefined: as any other.
 *
 * Codex leaves its terminal in disorder on SIGTERM and says nothing to its hooks; one Ctrl-C on an empty line ends it.
 */
export function stopOfKind(kind: Kind): unknown {
  return kind === 'codex' ? { sequence: [{ keys: ['C-c'] }, { wait: '2s' }, { signal: 'TERM' }] } : undefined;
}

/** Whoever is in a conversation is not interrupted in the middle of it for other settings, unless the file says so. */
export function updateOfKind(kind: Kind): unknown {
  return kind === 'shell' ? undefined : { mode: 'when_idle' };
}
