/** What a program can say of itself. */
export type Report =
  | { readonly kind: 'ready' | 'heartbeat' }
  | { readonly kind: 'status'; readonly text: string }
  /** `ms`: for how long it asks to be left in peace, from now. */
  | { readonly kind: 'extend'; readonly ms: number }
  | { readonly kind: 'state'; readonly state: 'busy' | 'idle' | 'waiting' };

/** What an agent has told by a hook, or for its status line; `message` is its own, and nobody has looked at it yet. */
export type Message = {
  readonly kind: 'hook' | 'statusline';
  readonly event: string;
  readonly message: string;
};

/** Whose a report is. */
export type Author = { readonly v: 1; readonly run: string; readonly agent: string };

/** A report as it stands in its file: one JSON value on one line. A message follows on the lines below. */
export type Written = (Report | Omit<Message, 'message'>) & Author;

/** Characters of a status. */
export const STATUS_LIMIT = 200;

/** For how long a program can ask to be left in peace at a time, in milliseconds: an hour. */
export const EXTENSION_LIMIT = 3_600_000;

/** A text as one line that can be printed anywhere, at most so long as a status may be. */
export function statusText(text: string): string {
  const line = text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return [...line].slice(0, STATUS_LIMIT).join('');
}
