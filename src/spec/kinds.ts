/** The programs that colony knows something about; any other is a `shell`. */
export const KINDS = ['claude', 'codex', 'gemini', 'opencode', 'aider', 'shell'] as const;

/** What colony knows about a program. */
export type Kind = (typeof KINDS)[number];
