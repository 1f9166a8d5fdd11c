import type { Readings, Sign } from '../reading.ts';

/** The frames of the spinner that stands before the project's name while Codex works. */
const SPINNER = /^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]( |$)/;

/** It blinks once a second. */
const WAITS = /^\[ [!.] \] Action Required\b/;

/** The title of the terminal is Codex's word for its state; the title of what it asks for itself never shows there. */
export function codexTitleSign({ title, now, transcript }: Readings): Sign | undefined {
  if (title === undefined || title === '') return undefined;
  const by = { source: 'title', at: now, text: `the title of its terminal is "${title}"` } as const;
  if (SPINNER.test(title)) return { ...by, state: 'busy' };
  if (!WAITS.test(title)) return { ...by, state: 'idle' };
  return { ...by, state: 'waiting', for: transcript?.asks ? 'question' : 'permission' };
}
