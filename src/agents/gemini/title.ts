import type { Readings, Sign } from '../reading.ts';

/** Gemini CLI puts a sign of its state before the title of its terminal. */
const SIGNS = { '◇': 'idle', '✦': 'busy', '⏲': 'busy', '✋': 'waiting' } as const;

/** What the title says of what the program does. While it asks about a used up limit it calls itself busy, and is not. */
export function geminiTitleSign({ title, screen }: Readings): Sign | undefined {
  const state = SIGNS[[...(title?.text ?? '')][0] as keyof typeof SIGNS];
  if (!title || !state || (state === 'busy' && screen?.says.state === 'limited')) return undefined;
  const by = { source: 'title', at: title.at, text: `the title of its terminal is "${title.text}"` } as const;
  return state === 'waiting' ? { ...by, state, for: 'permission' } : { ...by, state };
}
