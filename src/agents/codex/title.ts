import type { Readings, Sign } from '../reading.ts';

/** The frames of the spinner that stands before the project's name while Codex works. */
const SPINNER = /^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]( |$)/;

/** It blinks once a second. */
const WAITS = /^\[ [!.] \] Action Required\b/;

/** The title of the terminal is Codex's word for its state; the title of what it asks for itself never shows there. */
export function codexTitleSign({ title, transcript }: Readings): Sign | undefined {
  if (!title) return undefined;
  const { text, at } = title;
  const by = { source: 'title', at, text: `the title of its terminal is "${text}"` } as const;
  if (SPINNER.test(text)) return { ...by, state: 'busy' };
  if (!WAITS.test(text)) return { ...by, state: 'idle' };
  return { ...by, state: 'waiting', for: transcript?.asks ? 'question' : 'permission' };
}
