/** `[a-z][a-z0-9-]*`: what tmux keeps as it is in a session name, and a person can type. */
export type AgentName = string;
/** One life of one agent's process; unique on this machine. Stands in the child's environment as COLONY_RUN_ID. */
export type RunId = string;
/** The id under which a program keeps a conversation: its own word, which no other conversation has. */
export type ConversationId = string;
/** tmux's own id of a session, such as `$3`. */
export type SessionId = string;
/** tmux's own id of a pane, such as `%7`. */
export type PaneId = string;

/** Success with a value, or a failure that the caller must look at. Only bugs are thrown. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };
